/** Sealed files: the vectors, what a lying server makes of a file, and names and claims of hostile senders. */
import { readFileSync } from "node:fs";
import { hashes } from "@segel/wire";
import { describe, expect, test } from "vitest";
import { concat, fromHex, toHex } from "../src/bytes.js";
import { compose, interpret } from "../src/content/compose.js";
import { decodeContent, encodeContent } from "../src/content/mimi.js";
import { cleanFileName } from "../src/files/name.js";
import { decodeFile, encodeFile, type FileReference } from "../src/files/reference.js";
import { BadFile, ChunkCipher, CHUNK, FileOpener, FileSealer, PLAIN_CHUNK, sealedSize, type FileKey } from "../src/files/sealing.js";

interface Sealed {
  readonly size: number;
  readonly key: string;
  readonly prefix: string;
  readonly capability: string;
  readonly name: string;
  readonly sealed_size: number;
  readonly blob_sha256: string;
  readonly hash: string;
  readonly begins: string;
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/files/${name}.json`, import.meta.url), "utf8")) as T[];
}

const bytes = (length: number, of: (i: number) => number): Uint8Array<ArrayBuffer> => Uint8Array.from({ length }, (_, i) => of(i));
/** The vectors' content: byte i is (i + i // 256) mod 256. */
const contentOf = (size: number): Uint8Array<ArrayBuffer> => bytes(size, (i) => (i + Math.floor(i / 256)) % 256);
const key = { key: bytes(32, (i) => i), prefix: bytes(7, (i) => i) } satisfies FileKey;

async function seal(content: Uint8Array<ArrayBuffer>, fileKey: FileKey = key): Promise<{ chunks: Uint8Array<ArrayBuffer>[]; hash: Uint8Array }> {
  const sealer = await FileSealer.of(new Blob([content]), fileKey);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for (let chunk = await sealer.next(); chunk !== null; chunk = await sealer.next()) chunks.push(chunk);
  return { chunks, hash: await sealer.hash() };
}

async function open(chunks: readonly Uint8Array<ArrayBuffer>[], size: number, hash: Uint8Array, fileKey: FileKey = key): Promise<Uint8Array> {
  const opener = await FileOpener.of(size, fileKey);
  const plain: Uint8Array[] = [];
  for (const chunk of chunks) plain.push(await opener.open(chunk));
  await opener.finish(hash);
  return concat(...plain);
}

test.each(read<Sealed>("sealed"))("a sealed file of $size bytes", async (vector) => {
  const fileKey = { key: fromHex(vector.key), prefix: fromHex(vector.prefix) };
  const content = contentOf(vector.size);
  const { chunks, hash } = await seal(content, fileKey);
  const blob = concat(...chunks);
  expect([blob.length, sealedSize(vector.size)]).toEqual([vector.sealed_size, vector.sealed_size]);
  expect(toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(blob))))).toBe(vector.blob_sha256);
  expect([toHex(hash), toHex(blob.slice(0, 64)), toHex(hashes.blobName(fromHex(vector.capability)))]).toEqual([vector.hash, vector.begins, vector.name]);
  expect(Buffer.compare(await open(chunks, vector.size, hash, fileKey), content)).toBe(0);
});

describe("a server that lies about a file of three chunks", () => {
  const size = 2 * PLAIN_CHUNK + 1000;
  const sealed = seal(contentOf(size));
  const lies: Record<string, (chunks: Uint8Array<ArrayBuffer>[]) => Uint8Array<ArrayBuffer>[]> = {
    "cuts the end off": ([a, b]) => [a!, b!],
    "cuts the last chunk short": ([a, b, c]) => [a!, b!, c!.slice(0, -1)],
    "sends a chunk twice": ([a, , c]) => [a!, a!, c!],
    "sends chunks in another order": ([a, b, c]) => [b!, a!, c!],
    "changes one bit": ([a, b, c]) => [a!, b!.map((byte, i) => (i === 5 ? byte ^ 1 : byte)), c!],
    "leaves the middle out": ([a, , c]) => [a!, c!],
    "adds a chunk": ([a, b, c]) => [a!, b!, c!, c!],
  };
  test.each(Object.keys(lies))("%s", async (lie) => {
    const { chunks, hash } = await sealed;
    await expect(open(lies[lie]!(chunks), size, hash)).rejects.toThrow(BadFile);
  });

  test("sends another file of the same key's owner", async () => {
    const { hash } = await sealed;
    const other = await seal(contentOf(size), { ...key, key: bytes(32, () => 9) });
    await expect(open(other.chunks, size, hash)).rejects.toThrow(BadFile);
  });

  test("calls a file whole at its second chunk: without the last flag in the nonce it would pass", async () => {
    const { chunks } = await sealed;
    const short = await ChunkCipher.of(key, 2 * CHUNK);
    await expect(short.open(1, chunks[1]!)).rejects.toThrow(BadFile);
    const flagless = await crypto.subtle.importKey("raw", key.key, "AES-GCM", false, ["decrypt"]);
    const iv = Uint8Array.from([...key.prefix, 0, 0, 0, 1, 0]);
    await expect(crypto.subtle.decrypt({ name: "AES-GCM", iv }, flagless, chunks[1]!)).resolves.toBeDefined();
  });
});

test("a sender whose chunks open, but are not those that the message names, is refused at the end", async () => {
  const one = await seal(contentOf(1000));
  const two = await seal(bytes(1000, () => 7));
  await expect(open(two.chunks, 1000, two.hash)).resolves.toBeDefined();
  await expect(open(two.chunks, 1000, one.hash)).rejects.toThrow("another file");
});

test("padding that hides something is refused", async () => {
  const cipher = await ChunkCipher.of(key, sealedSize(1000));
  const plain = new Uint8Array(sealedSize(1000) - 16).fill(1);
  const opener = await FileOpener.of(1000, key);
  await expect(opener.open(await cipher.seal(0, plain))).rejects.toThrow("padding");
});

test("a file that changes while it is read is not sealed", async () => {
  const shrunk = { size: 1000, slice: () => new Blob([contentOf(10)]) };
  const sealer = await FileSealer.of(shrunk, key);
  await expect(sealer.next()).rejects.toThrow(BadFile);
});

test.each(read<{ readonly name: string; readonly clean: string }>("names"))("the name $name", ({ name, clean }) => {
  expect(cleanFileName(name)).toBe(clean);
  expect(cleanFileName(clean)).toBe(clean);
  expect(new TextEncoder().encode(clean).length).toBeLessThanOrEqual(200);
});

interface MessageVector {
  readonly salt: string;
  readonly file: Record<keyof FileReference, string | number>;
  readonly content: string;
}

test.each(read<MessageVector>("messages"))("a message with a file", ({ salt, file, content }) => {
  const binary = (field: "capability" | "key" | "prefix" | "hash"): Uint8Array => fromHex(String(file[field]));
  const reference: FileReference = {
    capability: binary("capability"), key: binary("key"), prefix: binary("prefix"), hash: binary("hash"),
    size: Number(file.size), name: String(file.name), type: String(file.type), expires: Number(file.expires),
  };
  expect(toHex(encodeContent(compose({ kind: "file", file: reference }, fromHex(salt))))).toBe(content);
  expect(interpret(decodeContent(fromHex(content)))).toEqual({ kind: "file", file: reference });
});

test("a reference of elsewhere, or of another cipher, is not read; a hostile name and type are cleaned", () => {
  const file: FileReference = { capability: bytes(32, () => 1), key: bytes(32, () => 2), prefix: bytes(7, () => 3), hash: bytes(32, () => 4), size: 5, name: "../a\u202egnp.exe", type: "text/html;x=1<script>", expires: 6 };
  const fields = encodeFile(file);
  expect(decodeFile(fields)).toEqual({ ...file, name: "_agnp.exe", type: "text/html" });
  const changed = (index: number, value: unknown): unknown[] => fields.map((field, i) => (i === index ? value : field));
  for (const [index, value] of [[1, "https://evil.example/x"], [1, "segel:blob/AAAA"], [3, -1], [3, 2 ** 51], [4, 2], [5, new Uint8Array(16)], [7, Uint8Array.of(1)], [8, 1]] as const) {
    expect(() => decodeFile(changed(index, value))).toThrow();
  }
});
