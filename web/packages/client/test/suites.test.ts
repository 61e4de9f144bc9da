import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { buffer, fromHex, toHex } from "../src/bytes.js";
import { HybridKem } from "../src/suites/hybrid-kem.js";

interface Vector {
  readonly kem_id: number;
  readonly ikmR: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly shared_secret: string;
}

const all = JSON.parse(readFileSync(new URL("../../../../vectors/hpke/hpke-pq.json", import.meta.url), "utf8")) as Vector[];
const vectors = all.filter(({ kem_id }) => kem_id === 0x647a);

test("there are two vectors of MLKEM768-X25519", () => {
  expect(vectors).toHaveLength(2);
});

test.each(vectors)("the hybrid KEM derives and decapsulates as draft-ietf-hpke-pq has it (%#)", async (vector) => {
  const kem = new HybridKem();
  const pair = await kem.deriveKeyPair(buffer(fromHex(vector.ikmR)));
  expect(toHex(new Uint8Array(await kem.serializePrivateKey(pair.privateKey)))).toBe(vector.skRm);
  expect(toHex(new Uint8Array(await kem.serializePublicKey(pair.publicKey)))).toBe(vector.pkRm);
  const secret = await kem.decap({ recipientKey: pair.privateKey, enc: buffer(fromHex(vector.enc)) });
  expect(toHex(new Uint8Array(secret))).toBe(vector.shared_secret);
});
