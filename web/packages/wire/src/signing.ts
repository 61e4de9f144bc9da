/** The exact bytes that signatures cover; every one begins with its own label (docs/protocol/wire.md 3). */

import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { bigEndian, hash } from "./hashes.ts";

function labelled(label: string, ...fields: Uint8Array[]): Uint8Array {
  return concatBytes(utf8ToBytes(label), ...fields);
}

/** What an epoch key signs to enter its node on one connection. */
export function connection(
  logId: Uint8Array,
  challenge: Uint8Array,
  group: Uint8Array,
  node: Uint8Array,
): Uint8Array {
  return labelled("segel connection v1", logId, challenge, group, node);
}

/** What an inbox's key signs to open it on one connection. */
export function inbox(logId: Uint8Array, challenge: Uint8Array, inboxId: Uint8Array): Uint8Array {
  return labelled("segel open inbox v1", logId, challenge, inboxId);
}

/** What an epoch key signs to authorise one request; `expiry` is in seconds of Unix time. */
export function request(
  logId: Uint8Array,
  group: Uint8Array,
  node: Uint8Array,
  nonce: Uint8Array,
  expiry: number,
  body: Uint8Array,
): Uint8Array {
  return labelled("segel request v1", logId, group, node, hash(body), nonce, bigEndian(expiry, 8));
}

/** What the opener key signs to open a generation. No server is named: a meeting may move to another. */
export function opening(
  alias: Uint8Array,
  generation: number,
  group: Uint8Array,
  epochKey: Uint8Array,
  ttlDays: number,
): Uint8Array {
  const numbers = [bigEndian(generation, 4), bigEndian(ttlDays, 2)];
  return labelled("segel opening v1", alias, group, epochKey, ...numbers);
}

/** What a server signs for each row that it made durable. */
export function receipt(
  logId: Uint8Array,
  group: Uint8Array,
  position: number,
  head: Uint8Array,
): Uint8Array {
  return labelled("segel receipt v1", logId, group, bigEndian(position, 8), head);
}
