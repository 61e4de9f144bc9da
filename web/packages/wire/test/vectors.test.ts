/** The vectors that Python wrote hold here: same bytes, same hashes, same signed bytes, same refusals. */

import { readFileSync } from "node:fs";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { decode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import type { Call, Request, ServerMessage } from "../src/index.ts";
import {
  Malformed,
  MAX_FRAME,
  decodeCall,
  decodeRequest,
  decodeServer,
  encodeCall,
  encodeRequest,
  encodeServer,
  hashes,
  signing,
} from "../src/index.ts";

type Decoder = "request" | "server" | "call";
interface Vector {
  decoder: Decoder;
  bytes: string;
  value: unknown;
}
interface Messages {
  valid: Vector[];
  later: Vector[];
  refused: { what: string; decoder: Decoder; bytes: string }[];
}

function load<T>(name: string): T {
  const url = new URL(`../../../../vectors/wire/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}

const decoders = { request: decodeRequest, server: decodeServer, call: decodeCall };

function encodeAgain(decoder: Decoder, value: Call | Request | ServerMessage): Uint8Array {
  if (decoder === "call") return encodeCall(value as Call);
  return decoder === "request" ? encodeRequest(value as Request) : encodeServer(value as ServerMessage);
}

/** The value as the vectors have it: bytes in hex. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return bytesToHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

describe("messages", () => {
  const { valid, later, refused } = load<Messages>("messages");

  it("decode to the values, and encode to the bytes", () => {
    for (const { decoder, bytes, value } of valid) {
      const message = decoders[decoder](hexToBytes(bytes));
      expect(plain(message)).toEqual(value);
      expect(bytesToHex(encodeAgain(decoder, message))).toBe(bytes);
    }
  });

  it("ignore the fields of a later version", () => {
    for (const { bytes, value } of later) expect(plain(decodeRequest(hexToBytes(bytes)))).toEqual(value);
  });

  it.each(refused)("refuse $what", ({ decoder, bytes }) => {
    expect(() => decoders[decoder](hexToBytes(bytes))).toThrow(Malformed);
  });

  it("refuse a frame over the limit, and fields out of range when encoding", () => {
    expect(() => decodeServer(new Uint8Array(MAX_FRAME + 1))).toThrow(Malformed);
    const alias = new Uint8Array(31);
    expect(() => encodeRequest({ type: "find_meeting", alias })).toThrow("FindMeeting.alias");
  });

  it("parse or throw Malformed, never anything else, under any spoiled bytes", () => {
    let state = 1;
    const next = (bound: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return (state >>> 8) % bound;
    };
    for (let round = 0; round < 4000; round++) {
      const { decoder, bytes } = valid[next(valid.length)] as Vector;
      const data = hexToBytes(bytes);
      data[next(data.length)] = next(256);
      data[next(Math.min(8, data.length))] = next(256);
      try {
        decoders[decoder](data.slice(0, next(4) === 0 ? next(data.length) : data.length));
      } catch (error) {
        expect(error).toBeInstanceOf(Malformed);
      }
    }
  });
});

describe("hashes", () => {
  type Inputs = Record<string, string>;
  const vectors = load<Record<string, Inputs> & { rows: (Inputs & { position: number; kind: 1 | 2 })[] }>("hashes");
  const bytes = (name: string, field: string): Uint8Array => hexToBytes(vectors[name]?.[field] ?? "");

  it("name logs, nodes and inboxes", () => {
    expect(hashes.logId(bytes("log", "server_key"))).toEqual(bytes("log", "log_id"));
    expect(hashes.rootNode(bytes("root", "group"), bytes("root", "epoch_key"))).toEqual(bytes("root", "node"));
    const commit = hashes.hash(bytes("child", "commit"));
    const child = hashes.childNode(bytes("child", "parent"), commit, bytes("child", "child_key"));
    expect(child).toEqual(bytes("child", "node"));
    expect(hashes.inboxId(bytes("inbox", "key"))).toEqual(bytes("inbox", "id"));
    expect(hashes.blobName(bytes("blob", "capability"))).toEqual(bytes("blob", "name"));
  });

  it("chain heads over rows", () => {
    const first = hashes.firstHead(bytes("first_head", "group"), bytes("first_head", "root"));
    expect(first).toEqual(bytes("first_head", "head"));
    for (const { previous, position, kind, node, body, head } of vectors.rows) {
      const [from, under, content] = [previous, node, body].map((hex) => hexToBytes(hex ?? ""));
      const after = hashes.nextHead(from as Uint8Array, position, kind, under as Uint8Array, content as Uint8Array);
      expect(bytesToHex(after)).toBe(head);
    }
  });
});

describe("signatures", () => {
  interface Signature {
    what: "connection" | "inbox" | "request" | "opening" | "receipt";
    inputs: Record<string, string | number>;
    signed: string;
    key: string;
    signature: string;
    refused: { what: string; key: string; signature: string }[];
  }
  const verify = (signed: string, entry: { key: string; signature: string }): boolean =>
    ed25519.verify(hexToBytes(entry.signature), hexToBytes(signed), hexToBytes(entry.key));

  it.each(load<Signature[]>("signing"))("cover the bytes of $what", ({ what, inputs, signed, refused, ...good }) => {
    const values = Object.values(inputs).map((each) => (typeof each === "string" ? hexToBytes(each) : each));
    const make = signing[what] as (...fields: (Uint8Array | number)[]) => Uint8Array;
    expect(bytesToHex(make(...values))).toBe(signed);
    expect(verify(signed, good)).toBe(true);
    for (const bad of refused) expect(verify(signed, bad)).toBe(false);
  });
});

describe("children", () => {
  interface Children {
    parent: string;
    group: string;
    server_key: string;
    list: string;
    refused: { what: string; list: string }[];
  }
  type Entry = [Uint8Array, Uint8Array, Uint8Array, [number, Uint8Array, Uint8Array]];
  const vectors = load<Children>("children");

  function holds(list: string): boolean {
    const [child] = decode(hexToBytes(list)) as [Entry];
    const [node, commit, key, [position, head, signature]] = child;
    const named = hashes.childNode(hexToBytes(vectors.parent), hashes.hash(commit), key);
    const server = hexToBytes(vectors.server_key);
    const signed = signing.receipt(hashes.logId(server), hexToBytes(vectors.group), position, head);
    return bytesToHex(named) === bytesToHex(node) && ed25519.verify(signature, signed, server);
  }

  it("are frozen, and false ones show", () => {
    expect(holds(vectors.list)).toBe(true);
    for (const { list } of vectors.refused) expect(holds(list)).toBe(false);
  });
});
