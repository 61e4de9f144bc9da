/** HPKE base mode (RFC 9180) in the form that ts-mls and the sealed envelopes use. */
import type { CipherSuite } from "@hpke/core";
import type { Hpke, PrivateKey, PublicKey } from "ts-mls";
import { buffer } from "../bytes.js";

/** Something sealed to another did not open: it was not meant for this key, or was changed. */
export class NotOpened extends Error {
  override name = "NotOpened";
}

async function opened(work: Promise<ArrayBuffer>): Promise<Uint8Array> {
  try {
    return new Uint8Array(await work);
  } catch {
    throw new NotOpened("a sealed value does not open under this key");
  }
}

function aead(key: Uint8Array, usage: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", buffer(key), "AES-GCM", false, [usage]);
}

function parameters(nonce: Uint8Array, aad: Uint8Array | undefined): AesGcmParams {
  return { name: "AES-GCM", iv: buffer(nonce), additionalData: buffer(aad ?? new Uint8Array()) };
}

/** AES-GCM by WebCrypto; `open` throws NotOpened. */
export async function sealAead(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array | undefined, plain: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.encrypt(parameters(nonce, aad), await aead(key, "encrypt"), buffer(plain)));
}

export async function openAead(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array | undefined, sealed: Uint8Array): Promise<Uint8Array> {
  const imported = await aead(key, "decrypt");
  return opened(crypto.subtle.decrypt(parameters(nonce, aad), imported, buffer(sealed)));
}

/** The interface of ts-mls on a cipher suite of @hpke/core. Throws NotOpened where a key does not open. */
export function makeHpke(suite: CipherSuite): Hpke {
  const { kem } = suite;
  return {
    open: (key, enc, sealed, info, aad) =>
      opened(suite.open({ recipientKey: key, enc: buffer(enc), info: buffer(info) }, buffer(sealed), buffer(aad ?? new Uint8Array()))),
    seal: async (key, plain, info, aad) => {
      const sealed = await suite.seal({ recipientPublicKey: key, info: buffer(info) }, buffer(plain), buffer(aad ?? new Uint8Array()));
      return { ct: new Uint8Array(sealed.ct), enc: new Uint8Array(sealed.enc) };
    },
    exportSecret: async (key, context, length, info) => {
      const sender = await suite.createSenderContext({ recipientPublicKey: key, info: buffer(info) });
      return { enc: new Uint8Array(sender.enc), secret: new Uint8Array(await sender.export(buffer(context), length)) };
    },
    importSecret: async (key, context, enc, length, info) => {
      const recipient = await suite.createRecipientContext({ recipientKey: key, enc: buffer(enc), info: buffer(info) });
      return new Uint8Array(await recipient.export(buffer(context), length));
    },
    importPrivateKey: async (key) => (await kem.deserializePrivateKey(buffer(key))) as PrivateKey,
    importPublicKey: async (key) => (await kem.deserializePublicKey(buffer(key))) as PublicKey,
    exportPublicKey: async (key) => new Uint8Array(await kem.serializePublicKey(key)),
    exportPrivateKey: async (key) => new Uint8Array(await kem.serializePrivateKey(key)),
    encryptAead: sealAead,
    decryptAead: openAead,
    deriveKeyPair: async (ikm) => (await kem.deriveKeyPair(buffer(ikm))) as { privateKey: PrivateKey; publicKey: PublicKey },
    generateKeyPair: async () => (await kem.generateKeyPair()) as { privateKey: PrivateKey; publicKey: PublicKey },
    keyLength: suite.aead.keySize,
    nonceLength: suite.aead.nonceSize,
  };
}
