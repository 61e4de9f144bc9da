/** The MLS ciphersuites of a meeting (docs/protocol/meeting.md 3). */
import { Aes128Gcm, Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256, HkdfSha512 } from "@hpke/core";
import type { CiphersuiteImpl } from "ts-mls";
import type { SuiteName } from "../state.js";
import { makeHpke } from "./hpke.js";
import { HybridKem } from "./hybrid-kem.js";
import { makeHash, makeKdf, signature } from "./primitives.js";

/** A suite under its name; `knockSize` is the padded size of a knock's plaintext in bytes. */
export interface Suite extends CiphersuiteImpl {
  readonly name: SuiteName;
  readonly knockSize: number;
}

/** Private use (RFC 9420 17.1): no code point is assigned to this combination, and other projects' ones disagree. */
const HYBRID_ID = 0xf5e6;
const CLASSIC_ID = 1;

const rng = { randomBytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) };

/** X-Wing, HKDF-SHA512, AES-256-GCM, Ed25519. */
export const HYBRID: Suite = {
  name: "hybrid",
  id: HYBRID_ID,
  knockSize: 8192,
  hash: makeHash("SHA-512"),
  kdf: makeKdf("SHA-512"),
  hpke: makeHpke(new CipherSuite({ kem: new HybridKem(), kdf: new HkdfSha512(), aead: new Aes256Gcm() })),
  signature,
  rng,
};

/** MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519, which every implementation of MLS has. */
export const CLASSIC: Suite = {
  name: "classic",
  id: CLASSIC_ID,
  knockSize: 4096,
  hash: makeHash("SHA-256"),
  kdf: makeKdf("SHA-256"),
  hpke: makeHpke(new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes128Gcm() })),
  signature,
  rng,
};

/** The suite of a code point, or null where this client does not know it. */
export function suiteById(id: number): Suite | null {
  return [HYBRID, CLASSIC].find((suite) => suite.id === id) ?? null;
}

/** The suite of a name. */
export function suiteByName(name: SuiteName): Suite {
  return name === "hybrid" ? HYBRID : CLASSIC;
}
