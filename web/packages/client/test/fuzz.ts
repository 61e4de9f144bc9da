/** Hostile bytes from a seed: random ones, and valid ones with something changed. */

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

/** `count` byte strings near the valid one. */
export function* hostile(valid: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const next = numbers(seed);
  const below = (limit: number): number => Math.floor(next() * limit);
  yield new Uint8Array();
  for (let i = 0; i < count; i++) {
    const bytes = Uint8Array.from(valid);
    switch (below(5)) {
      case 0:
        yield Uint8Array.from({ length: below(96) }, () => below(256));
        break;
      case 1:
        yield bytes.slice(0, below(bytes.length));
        break;
      case 2:
        yield Uint8Array.from([...bytes, below(256)]);
        break;
      default:
        for (let change = 0; change <= below(3); change++) bytes[below(Math.min(bytes.length, 200))] = below(256);
        if (bytes.some((byte, at) => byte !== valid[at])) yield bytes;
    }
  }
}
