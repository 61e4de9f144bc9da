/** Bytes to messages and back: MessagePack arrays, the tag first (docs/protocol/wire.md 1). */

import { encode as pack } from "@msgpack/msgpack";
import { unpack, Unreadable } from "./messagepack.ts";
import type { Call, Field, Request, ServerMessage, Shape } from "./messages.ts";
import { MAX_FRAME, SCHEMA, UNIONS } from "./messages.ts";

/** The peer sent bytes that are no message of this protocol, or a message of ours does not fit it. */
export class Malformed extends Error {
  override name = "Malformed";
}

type Fields = Record<string, unknown>;

/** A call's bytes. Throws Malformed if a field is out of its range. */
export function encodeCall(call: Call): Uint8Array {
  return pack(toArray("Call", call));
}

/** The bytes that go into a call's `body`. Throws Malformed if a field is out of its range. */
export function encodeRequest(request: Request): Uint8Array {
  return pack(toTagged(members("Request"), request));
}

/** A server message's bytes: for tests and tools that stand in for a server. */
export function encodeServer(message: ServerMessage): Uint8Array {
  return pack(toTagged(members("ServerMessage"), message));
}

/** The message in a server's frame; byte strings are views of `data`. Throws Malformed. */
export function decodeServer(data: Uint8Array): ServerMessage {
  return fromTagged(members("ServerMessage"), open(data)) as ServerMessage;
}

/** The call in a client's frame: for tests and tools that stand in for a server. Throws Malformed. */
export function decodeCall(data: Uint8Array): Call {
  return fromTagged(["Call"], open(data)) as Call;
}

/** The request in a call's body. Throws Malformed. */
export function decodeRequest(data: Uint8Array): Request {
  return fromTagged(members("Request"), open(data)) as Request;
}

function open(data: Uint8Array): unknown {
  if (data.length > MAX_FRAME) throw new Malformed(`${data.length} bytes: more than a frame's ${MAX_FRAME}`);
  try {
    return unpack(data);
  } catch (error) {
    if (error instanceof Unreadable) throw new Malformed(error.message);
    throw error;
  }
}

function members(union: string): readonly string[] {
  return UNIONS[union] ?? [];
}

function shape(name: string): Shape {
  const found = SCHEMA[name];
  if (found === undefined) throw new TypeError(`the schema has no ${name}`);
  return found;
}

function byTag(names: readonly string[], tag: unknown): string {
  const name = names.find((each) => shape(each).tag === tag);
  if (name === undefined) throw new Malformed("unknown tag");
  return name;
}

function toTagged(names: readonly string[], value: unknown): unknown[] {
  const { type } = record(value);
  return toArray(byTag(names, type), value);
}

function toArray(name: string, value: unknown): unknown[] {
  const { tag, fields } = shape(name);
  const from = record(value);
  const items = fields.map(([key, field]) => within(`${name}.${key}`, () => encodeField(field, from[key])));
  return tag === null ? items : [tag, ...items];
}

function fromTagged(names: readonly string[], value: unknown): unknown {
  return fromArray(byTag(names, list(value)[0]), value);
}

function fromArray(name: string, value: unknown): Fields {
  const { tag, fields } = shape(name);
  const items = list(value);
  const start = tag === null ? 0 : 1;
  if (tag !== null && items[0] !== tag) throw new Malformed("unknown tag");
  if (items.length < start + fields.length) throw new Malformed(`${name}: too few fields`);
  const result: Fields = tag === null ? {} : { type: tag };
  fields.forEach(([key, field], index) => {
    result[key] = within(`${name}.${key}`, () => decodeField(field, items[start + index]));
  });
  return result;
}

/** Names the field in whatever its check throws. */
function within<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof Malformed) throw new Malformed(`${where}: ${error.message}`);
    throw error;
  }
}

function encodeField(field: Field, value: unknown): unknown {
  switch (field[0]) {
    case "struct":
      return toArray(field[1], value);
    case "union":
      return toTagged(field[1], value);
    case "optional":
      return value === null ? null : encodeField(field[1], value);
    case "list":
      return bounded(list(value), field[2]).map((each) => encodeField(field[1], each));
    case "map":
      return entries(Object.entries(record(value)), field[3], (key, each) => [scalar(field[1], key), encodeField(field[2], each)]);
    default:
      return scalar(field, value);
  }
}

function decodeField(field: Field, value: unknown): unknown {
  switch (field[0]) {
    case "struct":
      return fromArray(field[1], value);
    case "union":
      return fromTagged(field[1], value);
    case "optional":
      return value === null ? null : decodeField(field[1], value);
    case "list":
      return bounded(list(value), field[2]).map((each) => decodeField(field[1], each));
    case "map":
      if (!(value instanceof Map)) throw new Malformed("no map");
      return entries([...value], field[3], (key, each) => [scalar(field[1], key), decodeField(field[2], each)]);
    default:
      return scalar(field, value);
  }
}

function scalar(field: Field, value: unknown): unknown {
  if (fits(field, value)) return value;
  throw new Malformed(`no ${field[0]} of the schema's range`);
}

function fits(field: Field, value: unknown): boolean {
  switch (field[0]) {
    case "bytes":
      return value instanceof Uint8Array && between(value.length, field[1], field[2]);
    case "text":
      return typeof value === "string" && between(codePoints(value, field[2]), field[1], field[2]);
    case "int":
      return Number.isSafeInteger(value) && between(value as number, field[1], field[2]);
    case "bool":
      return typeof value === "boolean";
    case "enum":
      return field[1].includes(value as string | number);
    default:
      return false;
  }
}

function between(value: number, low: number, high: number): boolean {
  return low <= value && value <= high;
}

/** The text's length as the schema counts it; UTF-16 units are enough where they are within the bound. */
function codePoints(text: string, high: number): number {
  return text.length <= high ? text.length : [...text].length;
}

function bounded(values: unknown[], high: number): unknown[] {
  if (values.length > high) throw new Malformed(`more than ${high} elements`);
  return values;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Malformed("no array");
  return value as unknown[];
}

function record(value: unknown): Fields {
  const plain = typeof value === "object" && value !== null && !Array.isArray(value);
  if (!plain || value instanceof Uint8Array) throw new Malformed("no map");
  return value as Fields;
}

function entries(
  pairs: readonly (readonly [unknown, unknown])[],
  high: number,
  each: (key: unknown, value: unknown) => [unknown, unknown],
): Fields {
  if (pairs.length > high) throw new Malformed(`more than ${high} entries`);
  return Object.fromEntries(pairs.map(([key, item]) => each(key, item))) as Fields;
}
