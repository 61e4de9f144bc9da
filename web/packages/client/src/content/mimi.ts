/** MIMI content (draft-ietf-mimi-content, CBOR): the format of what an application message holds. */
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, utf8 } from "../bytes.js";
import { asArray, asBytes, asInteger, asText, fromCbor, Malformed, toCbor } from "../cbor.js";

/** Dispositions of the draft that this client acts on. */
export const RENDER = 1;
export const REACTION = 2;
export const ATTACHMENT = 6;

const NULL_PART = 0;
const SINGLE = 1;
const EXTERNAL = 2;
const MULTI = 3;
const MAX_DEPTH = 4;
const MAX_PARTS = 64;
const EXTERNAL_FIELDS = 12;

interface PartHead {
  readonly disposition: number;
  readonly language: string;
}

/** A nested part. External parts are kept as they came: files/reference.ts reads those that are files of this meeting's server. */
export type Part =
  | (PartHead & { readonly kind: "null" })
  | (PartHead & { readonly kind: "single"; readonly contentType: string; readonly content: Uint8Array })
  | (PartHead & { readonly kind: "external"; readonly fields: readonly unknown[] })
  | (PartHead & { readonly kind: "multi"; readonly semantics: number; readonly parts: readonly Part[] });

/** A message's content. Ids are 32 bytes: 01, then the first 31 of a SHA-256. */
export interface Content {
  readonly salt: Uint8Array;
  readonly replaces: Uint8Array | null;
  readonly topic: Uint8Array;
  readonly expires: readonly [relative: boolean, time: number] | null;
  readonly inReplyTo: Uint8Array | null;
  readonly extensions: ReadonlyMap<unknown, unknown>;
  readonly body: Part;
}

/** The content's bytes. */
export function encodeContent(content: Content): Uint8Array {
  const { salt, replaces, topic, expires, inReplyTo, extensions, body } = content;
  return toCbor([salt, replaces, topic, expires, inReplyTo, extensions, encodePart(body)]);
}

function encodePart(part: Part): unknown[] {
  const head = [part.disposition, part.language];
  switch (part.kind) {
    case "null":
      return [...head, NULL_PART];
    case "single":
      return [...head, SINGLE, part.contentType, part.content];
    case "external":
      return [...head, EXTERNAL, ...part.fields];
    case "multi":
      return [...head, MULTI, part.semantics, part.parts.map(encodePart)];
  }
}

/** The content in the bytes. Throws Malformed. */
export function decodeContent(bytes: Uint8Array): Content {
  const [salt, replaces, topic, expires, inReplyTo, extensions, body] = asArray(fromCbor(bytes), 7);
  if (!(extensions instanceof Map)) throw new Malformed("extensions are no map");
  return {
    salt: asBytes(salt, 16),
    replaces: optionalId(replaces),
    topic: asBytes(topic),
    expires: expires === null ? null : decodeExpires(expires),
    inReplyTo: optionalId(inReplyTo),
    extensions,
    body: decodePart(body, 0),
  };
}

function optionalId(value: unknown): Uint8Array | null {
  return value === null ? null : asBytes(value, 32);
}

function decodeExpires(value: unknown): readonly [boolean, number] {
  const [relative, time] = asArray(value, 2);
  if (typeof relative !== "boolean") throw new Malformed("an expiry of another form");
  return [relative, asInteger(time, 0, 2 ** 32 - 1)];
}

function decodePart(value: unknown, depth: number): Part {
  if (!Array.isArray(value) || depth > MAX_DEPTH) throw new Malformed("not a part");
  const items = value as unknown[];
  const head = { disposition: asInteger(items[0], 0, 255), language: asText(items[1]) };
  const rest = items.slice(3);
  switch (items[2]) {
    case NULL_PART:
      asArray(rest, 0);
      return { ...head, kind: "null" };
    case SINGLE:
      asArray(rest, 2);
      return { ...head, kind: "single", contentType: asText(rest[0]), content: asBytes(rest[1]) };
    case EXTERNAL:
      return { ...head, kind: "external", fields: asArray(rest, EXTERNAL_FIELDS) };
    case MULTI:
      asArray(rest, 2);
      return { ...head, kind: "multi", semantics: asInteger(rest[0], 0, 2), parts: decodeParts(rest[1], depth + 1) };
    default:
      throw new Malformed("a part of another cardinality");
  }
}

function decodeParts(value: unknown, depth: number): Part[] {
  if (!Array.isArray(value) || value.length > MAX_PARTS) throw new Malformed("too many parts");
  return value.map((part) => decodePart(part, depth));
}

/** The draft's message id for the content's bytes, which a sender sends in a room. */
export function messageId(sender: string, room: string, bytes: Uint8Array, salt: Uint8Array): Uint8Array {
  const digest = sha256(concat(uri(sender), uri(room), bytes, salt));
  return concat(Uint8Array.of(1), digest.slice(0, 31));
}

function uri(text: string): Uint8Array {
  const bytes = utf8(text);
  return concat(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}
