/** Opening a generation of a meeting with a group of one (docs/protocol/meeting.md 3, 7). */
import { hashes, signing, type Hello } from "@segel/wire";
import { sign } from "../ed25519.js";
import type { TtlDays } from "../group/context.js";
import { Group } from "../group/group.js";
import { makeKeyPackage } from "../group/key-package.js";
import { amended, EQUALS, signRule, type Rule, type Terms } from "../group/rule.js";
import type { Identity } from "../identity.js";
import { Away } from "../runtime/transport.js";
import type { Suite } from "../suites/suite.js";
import { encodeAnnouncement } from "./announcement.js";
import type { Call, Standing } from "./ground.js";
import { LOBBY, OPEN_GENERATION, type Link, type LinkKeys } from "./link.js";
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
  /** The rule as this device saw it last, which goes on; null in a meeting's first generation. */
  readonly rule: Rule | null;
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
  if (openerKey === null) throw new Away("only a host can open the meeting");
  const rule = await signRule(openerKey.seed, alias, terms(founder));
  return Group.create(suite, groupId, await makeKeyPackage(suite, identity, name, hello.now), openerKey.publicKey, async (rootKey) => {
    const signature = await sign(openerKey.seed, signing.opening(alias, generation, groupId, rootKey, ttlDays));
    return { meeting: { alias, generation, policy: link.policy, ttlDays, rootKey, signature }, rule };
  });
}

function terms({ identity, link, rule }: Founder): Terms {
  if ((link.policy & OPEN_GENERATION) !== 0) return EQUALS;
  if (rule !== null) return amended(rule, { ended: false });
  return amended(EQUALS, { hosts: [identity.account], lobby: (link.policy & LOBBY) !== 0 });
}
