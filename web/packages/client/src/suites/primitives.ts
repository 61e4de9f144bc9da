/** Hash, KDF and signature of the suites. Hashing is synchronous inside: WebCrypto costs more than it saves there. */
import { hkdf, expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import type { Hash, Kdf, Signature } from "ts-mls";
import { equalBytes } from "../bytes.js";
import * as ed25519 from "../ed25519.js";

/** The hash functions of our suites. */
export type HashName = "SHA-256" | "SHA-512";
const HASHES = { "SHA-256": sha256, "SHA-512": sha512 } as const;

export function makeHash(name: HashName): Hash {
  const hash = HASHES[name];
  return {
    digest: async (data) => hash(data),
    mac: async (key, data) => hmac(hash, key, data),
    verifyMac: async (key, mac, data) => equalBytes(mac, hmac(hash, key, data)),
  };
}

export function makeKdf(name: HashName): Kdf {
  const hash = HASHES[name];
  return {
    extract: async (salt, ikm) => extract(hash, ikm, salt),
    expand: async (prk, info, length) => expand(hash, prk, info, length),
    size: hash.outputLen,
  };
}

/** HKDF-SHA-256 of RFC 5869 in one step. */
export function deriveKey(secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  return hkdf(sha256, secret, salt, info, length);
}

/** Ed25519; private keys are 32-byte seeds. */
export const signature: Signature = {
  sign: (key, message) => ed25519.sign(key, message),
  verify: (key, message, signed) => ed25519.verify(key, message, signed),
  keygen: async () => {
    const signKey = crypto.getRandomValues(new Uint8Array(32));
    return { signKey, publicKey: await ed25519.publicKey(signKey) };
  },
};
