/** SFrame's encryption (RFC 9605 sections 4.4 and 4.5), suite AES_128_GCM_SHA256_128, by WebCrypto. */

import { FrameRefused } from "./errors.js";
import { encodeHeader, type ParsedHeader } from "./header.js";

/** RFC 9605 section 8.1: AES_128_GCM_SHA256_128. */
const SUITE = 4;
const NONCE_BITS = 96;
const TAG_BITS = 128;
export const TAG_LENGTH = TAG_BITS / 8;
const KEY_LABEL = "SFrame 1.0 Secret key ";
const SALT_LABEL = "SFrame 1.0 Secret salt ";

/** A base key from which a sender's keys are derived; it cannot be read out again. */
export type BaseKey = CryptoKey & { readonly __base: never };

/** One KID's key and the salt that its nonces start from. */
export interface FrameKey {
  readonly key: CryptoKey;
  readonly salt: Uint8Array<ArrayBuffer>;
}

/** Take over 16 bytes from the group's exporter; the given array is overwritten with zeros. */
export async function importBaseKey(bytes: Uint8Array<ArrayBuffer>): Promise<BaseKey> {
  const usages: KeyUsage[] = ["deriveBits", "deriveKey"];
  const key = await crypto.subtle.importKey("raw", bytes, "HKDF", false, usages);
  bytes.fill(0);
  return key as BaseKey;
}

function hkdf(label: string, kid: bigint): HkdfParams {
  const text = new TextEncoder().encode(label);
  const info = new Uint8Array(text.length + 10);
  info.set(text);
  const view = new DataView(info.buffer);
  view.setBigUint64(text.length, kid);
  view.setUint16(text.length + 8, SUITE);
  return { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info };
}

/** Derive the key and salt of one KID (RFC 9605 section 4.4.2). */
export async function deriveFrameKey(base: BaseKey, kid: bigint): Promise<FrameKey> {
  const aes = { name: "AES-GCM", length: 128 };
  const [key, salt] = await Promise.all([
    crypto.subtle.deriveKey(hkdf(KEY_LABEL, kid), base, aes, false, ["encrypt", "decrypt"]),
    crypto.subtle.deriveBits(hkdf(SALT_LABEL, kid), base, NONCE_BITS),
  ]);
  return { key, salt: new Uint8Array(salt) };
}

/** The salt XOR the counter as a 96-bit integer. */
function nonce(salt: Uint8Array, counter: bigint): Uint8Array<ArrayBuffer> {
  const iv = Uint8Array.from(salt);
  const view = new DataView(iv.buffer);
  view.setBigUint64(4, view.getBigUint64(4) ^ counter);
  return iv;
}

function parameters(
  salt: Uint8Array,
  counter: bigint,
  header: Uint8Array,
  metadata: Uint8Array,
): AesGcmParams {
  const additionalData = new Uint8Array(header.length + metadata.length);
  additionalData.set(header);
  additionalData.set(metadata, header.length);
  return { name: "AES-GCM", iv: nonce(salt, counter), additionalData, tagLength: TAG_BITS };
}

/** Seal `plaintext`; gives `metadata || header || ciphertext || tag`, ready for the wire. */
export async function seal(
  { key, salt }: FrameKey,
  kid: bigint,
  counter: bigint,
  metadata: Uint8Array,
  plaintext: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const header = encodeHeader({ kid, counter });
  const how = parameters(salt, counter, header, metadata);
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, key, plaintext));
  const frame = new Uint8Array(metadata.length + header.length + sealed.length);
  frame.set(metadata);
  frame.set(header, metadata.length);
  frame.set(sealed, metadata.length + header.length);
  return frame;
}

/**
 * Open `metadata || header || ciphertext || tag`, of which the first `clear` bytes are metadata; gives the
 * plaintext alone. FrameRefused("forged") where the tag does not verify.
 */
export async function open(
  { key, salt }: FrameKey,
  header: ParsedHeader,
  frame: Uint8Array<ArrayBuffer>,
  clear: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const body = clear + header.length;
  const how = parameters(
    salt,
    header.counter,
    frame.subarray(clear, body),
    frame.subarray(0, clear),
  );
  try {
    return new Uint8Array(await crypto.subtle.decrypt(how, key, frame.subarray(body)));
  } catch {
    throw new FrameRefused("forged");
  }
}
