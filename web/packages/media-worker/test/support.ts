/** What the tests of this package share: keys, frames and a reproducible source of bytes. */

import { readFileSync } from "node:fs";

import type { Kind } from "../src/frame.js";
import { Keyring } from "../src/keyring.js";
import type { EpochKey } from "../src/messages.js";

/** A small generator (mulberry32), so that a failing case can be run again from its seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** An integer from 0 to `below` - 1. */
  integer(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from({ length }, () => this.integer(256));
  }

  /** A codec's frame: at least as long as its clear prefix. */
  frame(kind: Kind): Uint8Array<ArrayBuffer> {
    return this.bytes((kind === "audio" ? 0 : 10) + this.integer(300));
  }
}

export const OWN_LEAF = 7;

/** The key of an epoch; the same number gives the same key, so two keyrings can share it. */
export function epochKey(epoch: number, leaf = OWN_LEAF): EpochKey {
  const random = new Random(epoch + 1);
  return { epoch, leaf, node: random.bytes(32), baseKey: random.bytes(16) };
}

/** A keyring of a member on `leaf` that knows these epochs, in this order. */
export async function keyring(epochs: readonly number[], leaf = OWN_LEAF): Promise<Keyring> {
  const ring = new Keyring();
  for (const epoch of epochs) await ring.put(epochKey(epoch, leaf));
  return ring;
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

interface Vectors {
  header: { kid: string; ctr: string; encoded: string }[];
  sframe: {
    cipher_suite: string;
    kid: string;
    ctr: string;
    base_key: string;
    sframe_salt: string;
    metadata: string;
    pt: string;
    ct: string;
  }[];
}

/** RFC 9605's vectors; numbers are kept as text, since they have up to 64 bits. */
export function vectors(): Vectors {
  const path = new URL("../../../../vectors/sframe/test-vectors.json", import.meta.url);
  const text = readFileSync(path, "utf8").replace(/: (\d+)/g, ': "$1"');
  return JSON.parse(text) as Vectors;
}
