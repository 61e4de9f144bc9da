/** Opening a generation of a meeting with a group of one (docs/protocol/meeting.md 3, 7). */
import { hashes, signing, type Hello } from "@segel/wire";
import { sign } from "../ed25519.js";
import type { TtlDays } from "../group/context.js";
import { Group } from "../group/group.js";
import { makeKeyPackage } from "../group/key-package.js";
import type { Identity } from "../identity.js";
import { Away } from "../runtime/transport.js";
import type { Suite } from "../suites/suite.js";
import { encodeAnnouncement } from "./announcement.js";
import type { Call, Standing } from "./ground.js";
import type { Link, LinkKeys } from "./link.js";
import { Log } from "./log.js";

/** How to found a meeting, or its next generation. */
export interface Founding {
  readonly suite: Suite;
  readonly ttlDays: TtlDays;
  /** The operator's token where starting a meeting needs one. */
  readonly invitation: Uint8Array | null;
}

/** Who founds, and by which link. */
export interface Founder {
  readonly identity: Identity;
  readonly name: string;
  readonly link: Link;
  readonly keys: LinkKeys;
}

/** A group of one that is the generation on the server. Rejects with RefusedCall `taken` where another was faster. */
export async function found(call: Call, hello: Hello, groupId: Uint8Array, generation: number, founding: Founding, founder: Founder): Promise<Standing> {
  const group = await createGroup(hello, groupId, generation, founding, founder);
  const { alias, rootKey, ttlDays, signature } = group.meeting;
  await call(
    {
      type: "open_generation",
      alias,
      generation,
      group: groupId,
      epoch_key: rootKey,
      ttl_days: ttlDays,
      opener_key: founder.keys.openerPublic,
      signature,
      announcement: encodeAnnouncement(founder.keys, { generation, suite: group.suite.id, knockKey: group.keys.knockPublic }),
      invitation: founding.invitation,
    },
    "opened",
  );
  const node = hashes.rootNode(groupId, rootKey);
  return { group, node, log: new Log(hello.server_key, groupId, 0, hashes.firstHead(groupId, node)) };
}

async function createGroup(hello: Hello, groupId: Uint8Array, generation: number, founding: Founding, founder: Founder): Promise<Group> {
  const { identity, name, link, keys } = founder;
  const { suite, ttlDays } = founding;
  const { openerKey, alias } = keys;
  if (openerKey === null) throw new Away("only the opener can open the meeting again");
  return Group.create(suite, groupId, await makeKeyPackage(suite, identity, name, hello.now), async (rootKey) => {
    const signature = await sign(openerKey.seed, signing.opening(alias, generation, groupId, rootKey, ttlDays));
    return { alias, generation, policy: link.policy, ttlDays, rootKey, signature };
  });
}
