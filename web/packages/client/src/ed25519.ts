/** Ed25519 (RFC 8032) by WebCrypto, with imported keys kept: importing costs more than verifying. */
import { ed25519 } from "@noble/curves/ed25519.js";
import { buffer, concat, toHex } from "./bytes.js";

/** DER of a PKCS #8 private key up to the 32-byte seed (RFC 8410 7). */
const PKCS8 = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const KEPT = 512;

/** A signature does not hold: the value is not from whom it says. */
export class BadSignature extends Error {
  override name = "BadSignature";
}

/** Keeps what was made last; the oldest goes when there are more than KEPT. */
class Kept {
  readonly #keys = new Map<string, Promise<CryptoKey>>();

  get(bytes: Uint8Array, make: () => Promise<CryptoKey>): Promise<CryptoKey> {
    const name = toHex(bytes);
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key = make();
    this.#keys.set(name, key);
    const oldest = this.#keys.keys().next().value;
    if (this.#keys.size > KEPT && oldest !== undefined) this.#keys.delete(oldest);
    return key;
  }
}

const verifyKeys = new Kept();

/** The 32-byte public key of a 32-byte seed. */
export async function publicKey(seed: Uint8Array): Promise<Uint8Array> {
  return ed25519.getPublicKey(seed);
}

/** The 64-byte signature of the seed's key. */
export async function sign(seed: Uint8Array, message: Uint8Array): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("pkcs8", buffer(concat(PKCS8, seed)), "Ed25519", false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("Ed25519", key, buffer(message)));
}

/** Whether the signature holds; a key that is no key makes it not hold. */
export async function verify(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    const imported = await verifyKeys.get(key, () =>
      crypto.subtle.importKey("raw", buffer(key), "Ed25519", false, ["verify"]),
    );
    return await crypto.subtle.verify("Ed25519", imported, buffer(signature), buffer(message));
  } catch {
    return false;
  }
}

/** Throws BadSignature where the signature does not hold. */
export async function check(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<void> {
  if (!(await verify(key, message, signature))) throw new BadSignature("a signature does not hold");
}

/** The key pair of a seed. */
export interface KeyPair {
  readonly seed: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** The pair of a 32-byte seed. */
export async function keyPair(seed: Uint8Array): Promise<KeyPair> {
  return { seed, publicKey: await publicKey(seed) };
}
