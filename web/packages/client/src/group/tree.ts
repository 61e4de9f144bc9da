/** A ratchet tree's bytes (RFC 9420 12.4.3.3), read as far as is needed to say which leaves its parents name. */
import { leafNodeSources, nodeTypes } from "ts-mls";
import { Malformed } from "../cbor.js";

const LIFETIME = 16;
/** Vectors of Capabilities: versions, cipher suites, extensions, proposals, credentials. */
const CAPABILITIES = 5;

/** Throws Malformed where a parent names a leaf that the tree has no place for, or the bytes are no tree. */
export function checkUnmerged(bytes: Uint8Array): void {
  const tree = new Reader(bytes);
  const nodes = new Reader(tree.vector());
  const named: number[] = [];
  let count = 0;
  for (; !nodes.done; count++) {
    if (nodes.number(1) !== 0) named.push(...readNode(nodes));
  }
  // Of the nodes every second is a leaf; blank ones at the end are left out.
  if (named.some((leaf) => 2 * leaf >= count)) throw new Malformed("a leaf that is not in the tree");
}

/** The unmerged leaves of a node. */
function readNode(nodes: Reader): readonly number[] {
  const type = nodes.number(1);
  if (type === nodeTypes.leaf) skipLeaf(nodes);
  if (type !== nodeTypes.parent) return [];
  nodes.vector();
  nodes.vector();
  const leaves = new Reader(nodes.vector());
  const unmerged: number[] = [];
  while (!leaves.done) unmerged.push(leaves.number(4));
  return unmerged;
}

function skipLeaf(nodes: Reader): void {
  nodes.vector();
  nodes.vector();
  nodes.number(2);
  for (let skipped = 0; skipped <= CAPABILITIES; skipped++) nodes.vector(); // The credential comes first.
  const source = nodes.number(1);
  if (source === leafNodeSources.key_package) nodes.bytes(LIFETIME);
  if (source === leafNodeSources.commit) nodes.vector();
  nodes.vector();
  nodes.vector();
}

/** Reads the presentation language of RFC 8446 3 with the vectors of RFC 9420 2.1.2. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  bytes(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new Malformed("a tree that is cut off");
    const read = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return read;
  }

  number(length: number): number {
    return this.bytes(length).reduce((value, byte) => value * 256 + byte, 0);
  }

  vector(): Uint8Array {
    const first = this.number(1);
    if (first >= 0xc0) throw new Malformed("a vector of another form");
    const more = [0, 1, 3][first >> 6] ?? 0;
    return this.bytes((first & 0x3f) * 256 ** more + this.number(more));
  }
}
