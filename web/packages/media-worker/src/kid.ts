/**
 * Segel's key ids: (context << 24) | (leaf << 8) | (epoch mod 256), the layout of RFC 9605
 * section 5.2 with E = 8 bits of epoch and S = 16 bits of leaf (docs/protocol/media.md 1).
 */

/** What a KID says of its frame. */
export interface KeyId {
  /** The sender's counter of tracks and page loads, at most 40 bits. */
  readonly context: number;
  /** The sender's leaf index in the group's tree, at most 16 bits. */
  readonly leaf: number;
  /** The epoch modulo 256. */
  readonly epoch: number;
}

export const MAX_CONTEXT = 2 ** 40 - 1;
export const MAX_LEAF = 2 ** 16 - 1;

/** RangeError where a field has too many bits: two senders would share a key. */
export function packKid({ context, leaf, epoch }: KeyId): bigint {
  if (!Number.isInteger(context) || context < 0 || context > MAX_CONTEXT)
    throw new RangeError("a context has 40 bits");
  if (!Number.isInteger(leaf) || leaf < 0 || leaf > MAX_LEAF)
    throw new RangeError("a leaf has 16 bits");
  return (BigInt(context) << 24n) | (BigInt(leaf) << 8n) | BigInt(epoch & 0xff);
}

/** The fields of any 64-bit KID. */
export function unpackKid(kid: bigint): KeyId {
  return {
    context: Number(kid >> 24n),
    leaf: Number((kid >> 8n) & 0xffffn),
    epoch: Number(kid & 0xffn),
  };
}
