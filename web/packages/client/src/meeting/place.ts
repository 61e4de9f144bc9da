/** Places in the log: what members tell each other in authenticated data, and what may stand where (docs/protocol/delivery.md 2). */
import { concat, equalBytes, uint64 } from "../bytes.js";
import { Malformed } from "../cbor.js";

/** A place in the log, as members name it to each other: 72 bytes as authenticated data. */
export interface Place {
  readonly node: Uint8Array;
  readonly head: Uint8Array;
  readonly position: number;
}

/** What remembers the heads that were seen: the log. */
export interface Heads {
  /** Throws LogAlarm where the position's head is another than ours. */
  checkHead(position: number, head: Uint8Array): void;
}

export function encodePlace({ node, head, position }: Place): Uint8Array {
  return concat(node, head, uint64(position));
}

/** Throws Malformed. */
export function decodePlace(bytes: Uint8Array): Place {
  if (bytes.length !== 72) throw new Malformed("no place in a log");
  const position = Number(new DataView(bytes.buffer, bytes.byteOffset + 64).getBigUint64(0));
  if (!Number.isSafeInteger(position)) throw new Malformed("a position that no log has");
  return { node: bytes.slice(0, 32), head: bytes.slice(32, 64), position };
}

/** A message of the node stands in the log while the group is at `current`. Throws Malformed after the node's end. */
export function checkEpoch(node: Uint8Array, current: Uint8Array): void {
  if (!equalBytes(node, current)) throw new Malformed("a message of a past epoch stands after the commit that ended it");
}

/** What a member says of the log in authenticated data must be what we saw. Throws LogAlarm, Malformed. */
export function checkPlace(aad: Uint8Array, node: Uint8Array, heads: Heads): void {
  const place = decodePlace(aad);
  if (!equalBytes(place.node, node)) throw new Malformed("sealed for another epoch");
  heads.checkHead(place.position, place.head);
}
