/** The SFrame header (RFC 9605 section 4.3): a configuration byte, the KID, the counter. */

import { FrameRefused } from "./errors.js";

/** What the header says; both values have at most 64 bits. */
export interface SFrameHeader {
  readonly kid: bigint;
  readonly counter: bigint;
}

/** A header as found in front of a ciphertext, with its length in bytes (1 to 17). */
export interface ParsedHeader extends SFrameHeader {
  readonly length: number;
}

const LARGEST_INLINE = 7n;
const MAX_VALUE = (1n << 64n) - 1n;

/** Bytes of the shortest big-endian form that is at least one byte long. */
function bytesOf(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n || bytes.length === 0; rest >>= 8n) {
    bytes.unshift(Number(rest & 0xffn));
  }
  return bytes;
}

/** Half of the configuration byte and the bytes that follow it for one value. */
function encodeValue(value: bigint): { nibble: number; bytes: number[] } {
  if (value < 0n || value > MAX_VALUE) throw new RangeError("not an unsigned 64-bit value");
  if (value <= LARGEST_INLINE) return { nibble: Number(value), bytes: [] };
  const bytes = bytesOf(value);
  return { nibble: 8 | (bytes.length - 1), bytes };
}

/** The header's bytes. RangeError for values outside of 64 bits. */
export function encodeHeader(header: SFrameHeader): Uint8Array<ArrayBuffer> {
  const kid = encodeValue(header.kid);
  const counter = encodeValue(header.counter);
  return Uint8Array.of((kid.nibble << 4) | counter.nibble, ...kid.bytes, ...counter.bytes);
}

function readValue(data: Uint8Array, at: number, nibble: number): { value: bigint; next: number } {
  if ((nibble & 8) === 0) return { value: BigInt(nibble), next: at };
  const next = at + (nibble & 7) + 1;
  if (next > data.length) throw new FrameRefused("malformed");
  let value = 0n;
  for (let index = at; index < next; index++) value = (value << 8n) | BigInt(data[index] ?? 0);
  const shortest = value > LARGEST_INLINE && (next - at === 1 || data[at] !== 0);
  if (!shortest) throw new FrameRefused("malformed");
  return { value, next };
}

/**
 * The header at `at`. FrameRefused("malformed") where it is cut short, or longer than it need be:
 * one value has one encoding, so that what parses re-encodes to the same bytes.
 */
export function parseHeader(data: Uint8Array, at: number): ParsedHeader {
  const config = data[at];
  if (config === undefined) throw new FrameRefused("malformed");
  const kid = readValue(data, at + 1, config >> 4);
  const counter = readValue(data, kid.next, config & 15);
  return { kid: kid.value, counter: counter.value, length: counter.next - at };
}
