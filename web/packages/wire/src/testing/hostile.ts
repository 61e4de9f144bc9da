/** Hostile bytes from a seed, for tests of parsers: noise, and valid bytes with something changed. */

/** A generator of numbers in [0, 1) (mulberry32): the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Heads of MessagePack, CBOR and MLS that claim more than there is, or open one thing in another. */
const CLAIMS: readonly (readonly number[])[] = [
  [0xdd, 0x01, 0xff, 0xff, 0xff], [0xdf, 0xff, 0xff, 0xff, 0xff], [0xc6, 0xff, 0xff, 0xff, 0xff], [0xdb, 0x7f, 0xff, 0xff, 0xff],
  [0x9a, 0x01, 0xff, 0xff, 0xff], [0xbb, 0, 0, 0, 1, 0, 0, 0, 0], [0x5b, 0, 0, 0, 1, 0, 0, 0, 0], [0x9f], [0xbf], [0xc0], [0xf9, 0x7e, 0x00],
  [0xbf, 0xff, 0xff, 0xff], [0x7f, 0xff], [0xff], [0x91], [0x81],
];

/** `count` byte strings near the valid ones, none of which is one of them. */
export function* hostile(valid: Uint8Array | readonly Uint8Array[], count: number, seed = 1): Generator<Uint8Array> {
  const sources = valid instanceof Uint8Array ? [valid] : valid;
  const known = new Set(sources.map(String));
  const next = numbers(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  yield new Uint8Array();
  for (let made = 0; made < count; made++) {
    const bytes = changed(sources[below(sources.length)] ?? new Uint8Array(), below);
    if (!known.has(String(bytes))) yield bytes;
  }
}

function changed(valid: Uint8Array, below: (limit: number) => number): Uint8Array {
  const at = below(valid.length + 1);
  // Most structure stands at the beginning.
  const early = below(Math.min(valid.length, 200) + 1);
  const noise = Array.from({ length: 1 + below(8) }, () => below(256));
  switch (below(8)) {
    case 0:
      return Uint8Array.from({ length: below(96) }, () => below(256));
    case 1:
      return valid.slice(0, at);
    case 2:
      return Uint8Array.from([...valid, ...noise]);
    case 3:
      return spliced(valid, early, below(4), noise);
    case 4:
      return spliced(valid, early, 1 + below(8), []);
    case 5:
      return spliced(valid, below(2) === 0 ? at : early, below(6), CLAIMS[below(CLAIMS.length)] ?? []);
    default: {
      const bytes = Uint8Array.from(valid);
      for (let change = 0; change <= below(3); change++) bytes[below(2) === 0 ? at : early] = below(256);
      return bytes.slice(0, valid.length);
    }
  }
}

function spliced(valid: Uint8Array, at: number, taken: number, put: readonly number[]): Uint8Array {
  return Uint8Array.from([...valid.subarray(0, at), ...put, ...valid.subarray(at + taken)]);
}
