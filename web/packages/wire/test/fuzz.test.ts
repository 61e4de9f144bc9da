/**
 * Whatever bytes come, a decoder returns a message that encodes to bytes of the same message, or throws Malformed: nothing
 * else, in bounded time and memory.
 *
 * The same message, not the same bytes: MessagePack has several forms of one number, and fields of a later version are
 * ignored. Nothing depends on that, since signatures cover a body's bytes as they came.
 */
import { readFileSync } from "node:fs";
import { hexToBytes } from "@noble/hashes/utils.js";
import { encode as pack } from "@msgpack/msgpack";
import { expect, test } from "vitest";
import { decodeCall, decodeRequest, decodeServer, encodeCall, encodeRequest, encodeServer, Malformed, MAX_FRAME } from "../src/index.ts";
import { hostile } from "../src/testing/hostile.ts";

type Decoder = "call" | "request" | "server";

const MESSAGES = JSON.parse(readFileSync(new URL("../../../../vectors/wire/messages.json", import.meta.url), "utf8")) as {
  readonly valid: readonly { readonly decoder: Decoder; readonly bytes: string }[];
};

/** Decodes, and decodes what that encodes to. */
const TWICE: Readonly<Record<Decoder, (data: Uint8Array) => readonly [unknown, unknown]>> = {
  call: (data) => again(decodeCall, encodeCall, data),
  request: (data) => again(decodeRequest, encodeRequest, data),
  server: (data) => again(decodeServer, encodeServer, data),
};

function again<T>(decode: (data: Uint8Array) => T, encode: (message: T) => Uint8Array, data: Uint8Array): readonly [T, T] {
  const message = decode(data);
  return [message, decode(encode(message))];
}

/** Whether the bytes are a message; fails for anything that neither is one nor is Malformed. */
function holds(decoder: Decoder, data: Uint8Array): boolean {
  try {
    const [once, twice] = TWICE[decoder](data);
    expect(twice).toEqual(once);
    return true;
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
}

test.each(["call", "request", "server"] as const)("%s: near valid bytes", (decoder) => {
  const valid = MESSAGES.valid.filter((each) => each.decoder === decoder).map(({ bytes }) => hexToBytes(bytes));
  let held = 0;
  for (const data of hostile(valid, 3_000)) held += holds(decoder, data) ? 1 : 0;
  // Enough of them are still messages for the first half of the sentence to be tested.
  expect(held).toBeGreaterThan(100);
});

/** A frame of this part, again and again. */
function full(...part: number[]): Uint8Array {
  return Uint8Array.from({ length: MAX_FRAME }, (_, index) => part[index % part.length] ?? 0);
}

test.each([
  ["arrays that say that they are long", full(0xdd, 0x01, 0xff, 0xff, 0xff)],
  ["arrays that say that they are as long as the frame", full(0xdd, 0x00, 0x14, 0xff, 0x00)],
  ["maps that say that they are long", full(0xdf, 0xff, 0xff, 0xff, 0xff)],
  ["arrays in arrays", full(0x91)],
  ["maps in maps", full(0x81, 0x00)],
  ["a map as a key of a map", full(0x81)],
  ["a list of lists", Uint8Array.from([...pack(Array.from({ length: 200_000 }, () => [[], []]))])],
  ["a list of one text", Uint8Array.from([...pack(Array.from({ length: 600_000 }, () => "a"))])],
])("a frame of %s is refused at once", (_, data) => {
  const began = performance.now();
  for (const decoder of ["call", "request", "server"] as const) expect(holds(decoder, data)).toBe(false);
  expect(performance.now() - began).toBeLessThan(2_000);
});

/** A `refused` whose detail is a text of these bytes. */
function refusal(...text: number[]): Uint8Array {
  return Uint8Array.of(0x93, ...pack("refused"), 1, 0x95, ...pack("internal"), 0xa0 + text.length, ...text, 0xc0, 0xc0, 0xc0);
}

test.each([
  ["a text that is not UTF-8", [0xff, 0xfe]],
  ["half of a surrogate pair", [0xed, 0xa0, 0x80]],
  ["a longer form of a character", [0xc0, 0xaf]],
])("%s is refused", (_, text) => {
  expect(holds("server", refusal(0x68, 0x69))).toBe(true);
  expect(holds("server", refusal(...text))).toBe(false);
});

test("fields that a later version adds may be of any kind", () => {
  const known = pack(["goodbye", "idle", 5]);
  for (const added of [[0xcb, 0, 0, 0, 0, 0, 0, 0, 0], [0xc7, 2, 9, 1, 1], [0xd4, 9, 1], [0x81, 0x01, 0x92, 0xc0, 0xc3], [0xcf, ...Array<number>(8).fill(0xff)]]) {
    expect(holds("server", Uint8Array.from([...known.with(0, 0x94), ...added]))).toBe(true);
  }
});
