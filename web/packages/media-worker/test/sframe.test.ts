import { expect, it } from "vitest";

import { parseHeader } from "../src/header.js";
import { deriveFrameKey, importBaseKey, open, seal } from "../src/sframe.js";
import { fromHex, vectors } from "./support.js";

const vector = vectors().sframe.find(({ cipher_suite }) => cipher_suite === "4");
if (vector === undefined) throw new Error("no vector of AES_128_GCM_SHA256_128");
const kid = BigInt(vector.kid);

it("derives the RFC's salt and erases the given key", async () => {
  const bytes = fromHex(vector.base_key);
  const { key, salt } = await deriveFrameKey(await importBaseKey(bytes), kid);
  expect(salt).toEqual(fromHex(vector.sframe_salt));
  expect(bytes).toEqual(new Uint8Array(16));
  expect(key.extractable).toBe(false);
});

it("seals and opens the RFC's frame, its metadata in front", async () => {
  const metadata = fromHex(vector.metadata);
  const key = await deriveFrameKey(await importBaseKey(fromHex(vector.base_key)), kid);
  const frame = await seal(key, kid, BigInt(vector.ctr), metadata, fromHex(vector.pt));
  expect(frame).toEqual(fromHex(vector.metadata + vector.ct));
  const header = parseHeader(frame, metadata.length);
  expect(await open(key, header, frame, metadata.length)).toEqual(fromHex(vector.pt));
});
