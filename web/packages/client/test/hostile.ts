/** A server that signs whatever it is told to: for checks that only a server could break. */
import { hashes, signing, type Child, type Receipt, type Request, type Result, type Row } from "@segel/wire";
import { createIdentity, type Identity } from "../src/identity.js";
import { keyPair, sign, type KeyPair } from "../src/ed25519.js";
import type { Group } from "../src/group/group.js";
import { EQUALS } from "../src/group/rule.js";
import { readKeyPackage } from "../src/group/key-package.js";
import type { Call } from "../src/meeting/ground.js";
import type { MemberEvents, Membership } from "../src/meeting/membership.js";
import { linkKeys } from "../src/meeting/link.js";
import { Lobby } from "../src/meeting/lobby.js";
import { Log } from "../src/meeting/log.js";
import { RuleBook } from "../src/meeting/rulebook.js";
import { nodeSurroundings } from "../src/testing/node.js";
import { QUIET, type Alarm } from "../src/state.js";
import { CLASSIC } from "../src/suites/suite.js";
import { bytes, found, keyPackage, OPENER } from "./people.js";

/** Its log of one group, which it can continue as it likes. */
export class HostileServer {
  readonly key: KeyPair;
  readonly #group: Uint8Array;
  position = 0;
  head: Uint8Array;

  constructor(key: KeyPair, group: Uint8Array, root: Uint8Array) {
    this.key = key;
    this.#group = group;
    this.head = hashes.firstHead(group, root);
  }

  async receipt(position: number, head: Uint8Array): Promise<Receipt> {
    const signature = await sign(this.key.seed, signing.receipt(hashes.logId(this.key.publicKey), this.#group, position, head));
    return { position, head, signature };
  }

  async row(node: Uint8Array, body: Uint8Array): Promise<Row> {
    return { body, receipt: await this.#next(hashes.ROW_MESSAGE, node, body) };
  }

  async child(parent: Uint8Array, commit: Uint8Array, key: Uint8Array): Promise<Child> {
    const node = hashes.childNode(parent, hashes.hash(commit), key);
    return { node, commit, epoch_key: key, receipt: await this.#next(hashes.ROW_COMMIT, node, commit) };
  }

  #next(kind: 1 | 2, node: Uint8Array, body: Uint8Array): Promise<Receipt> {
    this.position += 1;
    this.head = hashes.nextHead(this.head, this.position, kind, node, body);
    return this.receipt(this.position, this.head);
  }
}

/** Two members: the founder's group as a value, and the other as a Membership that follows the hostile server. */
export interface Victim {
  readonly server: HostileServer;
  readonly member: Membership;
  readonly founder: Group;
  readonly node: Uint8Array;
  readonly identity: Identity;
  readonly alarms: Alarm[];
  readonly heard: string[];
}

/** The modules of the client as a test wants them: with or without a guard. */
export interface Modules {
  readonly Kind: typeof Group;
  readonly Member: typeof Membership;
}

export async function victim({ Kind, Member }: Modules): Promise<Victim> {
  const identity = await createIdentity(bytes(48, 5));
  const own = await keyPackage(CLASSIC, "Victim", identity);
  const founder = await found(CLASSIC, await keyPackage(CLASSIC, "Founder"), EQUALS, Kind);
  const staged = await founder.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage] }, bytes(72, 0));
  const group = await Kind.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey);
  const node = hashes.rootNode(founder.groupId, group.keys.epochKey.publicKey);
  const server = new HostileServer(await keyPair(bytes(32, 77)), founder.groupId, node);
  const alarms: Alarm[] = [];
  const heard: string[] = [];
  const log = new Log(server.key.publicKey, founder.groupId, 0, server.head);
  const link = { origin: "http://localhost", policy: 1, secret: bytes(16, 4), until: null, opener: null };
  const keys = await linkKeys(link);
  const around = nodeSurroundings();
  const rules = await RuleBook.open(around.store, keys.alias);
  const party = { around, identity, link, keys, call: answering(server), lobby: new Lobby(), rules };
  const member = new Member(party, { group, node, log }, QUIET, events(alarms, heard));
  member.arrived({ type: "hello", version: 1, server_key: server.key.publicKey, challenge: bytes(32, 1), now: 0, max_body: 1000 });
  await member.settled();
  return { server, member, founder: staged.next, node, identity, alarms, heard };
}

function events(alarms: Alarm[], heard: string[]): MemberEvents {
  return {
    changed: () => undefined,
    received: (_account, _name, content) => void heard.push(new TextDecoder().decode(content)),
    stored: () => false,
    asked: () => undefined,
    streams: () => undefined,
    entered: () => undefined,
    alarm: (alarm) => void alarms.push(alarm),
    ended: (ending) => void (ending.kind === "refused-commit" && alarms.push({ kind: "bad-commit", detail: ending.detail })),
    broken: (error) => {
      throw error;
    },
  };
}

/** Says that everything was done, and shows an empty node. */
function answering(server: HostileServer): Call {
  const answer = async (request: Request): Promise<Result> => {
    if (request.type !== "enter") return { type: "done" };
    const receipt = await server.receipt(server.position, server.head);
    return { type: "entered", rows: [], more: false, children: [], knocks: [], receipt, streams: [] };
  };
  return answer as unknown as Call;
}
