/** CBOR in its one deterministic form (RFC 8949 4.2): what parses re-encodes to the same bytes. */
import { decode, encode } from "cborg";
import { equalBytes } from "./bytes.js";

/** Bytes of another that are not what they should be. */
export class Malformed extends Error {
  override name = "Malformed";
}

const STRICT = {
  strict: true,
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  useMaps: true,
  rejectDuplicateMapKeys: true,
} as const;

/** Arrays and maps in one another; what recursion bears is another number on every machine. */
const MAX_DEPTH = 32;

/** The value's deterministic encoding. Values are integers, byte strings, texts, null, arrays, and Maps
 * of these whose keys are integers and texts.
 */
export function toCbor(value: unknown): Uint8Array {
  return Uint8Array.from(encode(value));
}

/** The value in the bytes. Throws Malformed, also for another than the deterministic form. */
export function fromCbor(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = decode(bytes, STRICT);
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : "no CBOR");
  }
  checkNesting(value, 0);
  if (!equalBytes(toCbor(value), bytes)) throw new Malformed("not in deterministic form");
  return value;
}

/** What can be encoded again: nothing too deep, and keys of which it can be said whether they are the same. */
function checkNesting(value: unknown, depth: number): void {
  if (depth > MAX_DEPTH) throw new Malformed("nested too deeply");
  if (Array.isArray(value)) for (const item of value) checkNesting(item, depth + 1);
  if (!(value instanceof Map)) return;
  for (const [key, item] of value) {
    if (typeof key !== "string" && !Number.isSafeInteger(key)) throw new Malformed("a key that is neither integer nor text");
    checkNesting(item, depth + 1);
  }
}

/** The array in the bytes, of exactly this many items. Throws Malformed. */
export function arrayOf(bytes: Uint8Array, length: number): readonly unknown[] {
  return asArray(fromCbor(bytes), length);
}

/** Throws Malformed where the value is not an array of this many items. */
export function asArray(value: unknown, length: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length !== length) throw new Malformed(`not an array of ${length}`);
  return value as unknown[];
}

/** Throws Malformed where the value is not a byte string of this length (any, where none is given). */
export function asBytes(value: unknown, length?: number): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new Malformed("not a byte string");
  if (length !== undefined && value.length !== length) throw new Malformed(`not of ${length} bytes`);
  return Uint8Array.from(value);
}

/** Throws Malformed where the value is not an integer from `least` to `most`. */
export function asInteger(value: unknown, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < least || value > most) {
    throw new Malformed(`not an integer from ${least} to ${most}`);
  }
  return value;
}

/** Throws Malformed where the value is not a text. */
export function asText(value: unknown): string {
  if (typeof value !== "string") throw new Malformed("not a text");
  return value;
}

/** Throws Malformed where the value is not this one. */
export function expect(value: unknown, wanted: number): void {
  if (value !== wanted) throw new Malformed(`not ${wanted}`);
}
