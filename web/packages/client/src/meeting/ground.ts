/** What the parts of a membership share: where the member stands, and what it may ask. */
import type { Hello, Request, Result } from "@segel/wire";
import { BadSignature } from "../ed25519.js";
import { Malformed } from "../cbor.js";
import { Refused, type Group } from "../group/group.js";
import type { Identity } from "../identity.js";
import type { ResultOf } from "../runtime/transport.js";
import type { Surroundings } from "../runtime/surroundings.js";
import { NotOpened } from "../suites/hpke.js";
import type { LinkKeys } from "./link.js";
import type { Log } from "./log.js";

/** Ask the server; as Transport.call. */
export type Call = <T extends Result["type"]>(request: Request, type: T) => Promise<ResultOf<T>>;

/** Where a member stands: its group, the node of the epoch, and the log so far. */
export interface Standing {
  group: Group;
  node: Uint8Array;
  readonly log: Log;
}

/** The ground under a membership. `entered`: the connection of `hello` stands inside the present epoch. */
export interface Ground extends Standing {
  hello: Hello | null;
  entered: boolean;
  readonly around: Surroundings;
  readonly identity: Identity;
  readonly keys: LinkKeys;
  readonly call: Call;
}

/** A number in [0, 1) for waits that must not be everybody's. */
export function chance({ around }: Ground): number {
  return (around.random(1)[0] ?? 0) / 256;
}

/** What another's bytes can do wrong, as against what goes wrong here. */
export function isBad(error: unknown): error is Error {
  return error instanceof Malformed || error instanceof Refused || error instanceof NotOpened || error instanceof BadSignature;
}
