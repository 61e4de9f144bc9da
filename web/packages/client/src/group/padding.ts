/** Padmé padding (Nikitin et al. 2019): sizes leak O(log log n) bits, at the cost of at most 12 %. */
import type { CiphersuiteImpl } from "ts-mls";

/** The 12 bytes of SenderData (RFC 9420 6.3.2): leaf, generation, reuse guard. */
const SENDER_DATA = 12;

/** The least size of Padmé's form that holds `length` bytes. */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const mantissa = Math.floor(Math.log2(exponent)) + 1;
  const unit = 2 ** (exponent - mantissa);
  return Math.ceil(length / unit) * unit;
}

function padded(bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(padme(bytes.length));
  result.set(bytes);
  return result;
}

/**
 * The suite, sealing the content of every PrivateMessage at a Padmé size.
 *
 * A PrivateMessageContent ends in zeros as its padding (RFC 9420 6.3.1), so they can be added where it is sealed;
 * ts-mls itself pads to fixed sizes only. The other uses of this AEAD are GroupInfo, which has no authenticated
 * data, and SenderData, which has its fixed length.
 */
export function withPadding<T extends CiphersuiteImpl>(suite: T): T {
  const { hpke } = suite;
  return {
    ...suite,
    hpke: {
      ...hpke,
      encryptAead: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array | undefined, plain: Uint8Array) =>
        hpke.encryptAead(key, nonce, aad, aad === undefined || plain.length === SENDER_DATA ? plain : padded(plain)),
    },
  };
}
