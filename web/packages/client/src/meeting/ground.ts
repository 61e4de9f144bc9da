/** What the parts of a membership share: where the member stands, and what it may ask. */
import type { Hello, Request, Result } from "@segel/wire";
import { BadSignature } from "../ed25519.js";
import { Malformed } from "../cbor.js";
import type { Group } from "../group/group.js";
import { Refused } from "../group/refused.js";
import type { Identity } from "../identity.js";
import type { ResultOf } from "../runtime/transport.js";
import type { Surroundings } from "../runtime/surroundings.js";
import { NotOpened } from "../suites/hpke.js";
import type { Link, LinkKeys } from "./link.js";
import type { Lobby } from "./lobby.js";
import type { Log } from "./log.js";
import type { RuleBook } from "./rulebook.js";

/** Ask the server; as Transport.call. */
export type Call = <T extends Result["type"]>(request: Request, type: T) => Promise<ResultOf<T>>;

/** Where a member stands: its group, the node of the epoch, and the log so far. */
export interface Standing {
  group: Group;
  node: Uint8Array;
  readonly log: Log;
}

/** Who one is in a meeting, over all times that one comes in. */
export interface Party {
  readonly around: Surroundings;
  readonly identity: Identity;
  readonly link: Link;
  readonly keys: LinkKeys;
  readonly call: Call;
  readonly lobby: Lobby;
  readonly rules: RuleBook;
}

/** The ground under a membership. `entered`: the connection of `hello` stands inside the present epoch. */
export interface Ground extends Standing, Party {
  hello: Hello | null;
  entered: boolean;
}

/** Whether the link's time is over. */
export function isExpired({ around, link }: Party): boolean {
  return link.until !== null && around.now() > link.until * 1000;
}

/** A number in [0, 1) for waits that must not be everybody's. */
export function chance({ around }: Ground): number {
  return (around.random(1)[0] ?? 0) / 256;
}

/** What another's bytes can do wrong, as against what goes wrong here. */
export function isBad(error: unknown): error is Error {
  return error instanceof Malformed || error instanceof Refused || error instanceof NotOpened || error instanceof BadSignature;
}
