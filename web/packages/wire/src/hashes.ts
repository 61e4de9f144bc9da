/** Names by hash: nodes, heads, inboxes, blobs, logs. Frozen; vectors/wire/hashes.json (docs/protocol/delivery.md 2). */

import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export const ROW_COMMIT = 1;
export const ROW_MESSAGE = 2;

function labelled(label: string, ...fields: Uint8Array[]): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(label), ...fields));
}

/** `value` in `size` bytes, big-endian. */
export function bigEndian(value: number, size: 2 | 4 | 8): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes.slice(8 - size);
}

/** SHA-256 of the bytes. */
export function hash(data: Uint8Array): Uint8Array {
  return sha256(data);
}

/** The 32-byte id of a server by its Ed25519 key. */
export function logId(serverKey: Uint8Array): Uint8Array {
  return labelled("segel log v1", serverKey);
}

/** The 32-byte node of a group's first epoch. */
export function rootNode(group: Uint8Array, epochKey: Uint8Array): Uint8Array {
  return labelled("segel root v1", group, epochKey);
}

/** The 32-byte node of the epoch that a commit makes; `commitHash` is SHA-256 of the commit's bytes. */
export function childNode(parent: Uint8Array, commitHash: Uint8Array, childKey: Uint8Array): Uint8Array {
  return labelled("segel node v1", parent, commitHash, childKey);
}

/** The head of a log with no row: position 0. */
export function firstHead(group: Uint8Array, root: Uint8Array): Uint8Array {
  return labelled("segel first head v1", group, root);
}

/** The head after the row at `position` (the first is 1); `node` is the child of a commit, the node of a message. */
export function nextHead(
  head: Uint8Array,
  position: number,
  kind: typeof ROW_COMMIT | typeof ROW_MESSAGE,
  node: Uint8Array,
  body: Uint8Array,
): Uint8Array {
  return labelled("segel head v1", head, bigEndian(position, 8), Uint8Array.of(kind), node, sha256(body));
}

/** The 32-byte id of the inbox that `key`, an Ed25519 key of its own, reads. */
export function inboxId(key: Uint8Array): Uint8Array {
  return labelled("segel inbox v1", key);
}

/** The 32-byte name of the blob that the 32-byte read capability opens (docs/protocol/blobs.md 1). */
export function blobName(capability: Uint8Array): Uint8Array {
  return labelled("segel blob v1", capability);
}
