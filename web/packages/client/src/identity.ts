/** Guest accounts: a genesis, its device key, and what proves that one made the other (docs/protocol/meeting.md 2). */
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equalBytes, labelled, toBase32 } from "./bytes.js";
import { arrayOf, asBytes, expect, Malformed, toCbor } from "./cbor.js";
import { check, keyPair, sign, type KeyPair } from "./ed25519.js";

/** An account whose proof was checked. `account` is its id in base32; `deviceKey` the leaf key that it may use. */
export interface Verified {
  readonly account: string;
  readonly deviceKey: Uint8Array;
}

/** One's own account. `credential` goes into leaves. */
export interface Identity {
  readonly account: string;
  readonly device: KeyPair;
  readonly credential: Uint8Array;
}

function accountOf(genesis: Uint8Array): string {
  return toBase32(sha256(labelled("segel account v1", genesis)).slice(0, 20));
}

function proven(genesis: Uint8Array): Uint8Array {
  return labelled("segel genesis v1", genesis);
}

/** A guest account from 48 bytes of entropy: the device key's seed (32), then the genesis' random part (16). */
export async function createIdentity(entropy: Uint8Array): Promise<Identity> {
  const device = await keyPair(entropy.slice(0, 32));
  const genesis = toCbor([1, device.publicKey, entropy.slice(32, 48)]);
  const proof = await sign(device.seed, proven(genesis));
  return { account: accountOf(genesis), device, credential: toCbor([genesis, 0, proof]) };
}

/** The bytes under which an account is stored: secret. */
export function exportIdentity(identity: Identity): Uint8Array {
  return concat(identity.device.seed, identity.credential);
}

/** The account of `exportIdentity`'s bytes. Throws Malformed or BadSignature. */
export async function importIdentity(stored: Uint8Array): Promise<Identity> {
  const device = await keyPair(asBytes(stored.slice(0, 32), 32));
  const credential = stored.slice(32);
  const { account, deviceKey } = await verifyCredential(credential);
  if (!equalBytes(deviceKey, device.publicKey)) throw new Malformed("the stored key is another account's");
  return { account, device, credential };
}

/** The account of a credential's identity bytes. Throws Malformed or BadSignature. */
export async function verifyCredential(credential: Uint8Array): Promise<Verified> {
  const [genesisField, seq, proofField] = arrayOf(credential, 3);
  expect(seq, 0);
  const genesis = asBytes(genesisField);
  const [version, keyField, random] = arrayOf(genesis, 3);
  expect(version, 1);
  const deviceKey = asBytes(keyField, 32);
  asBytes(random, 16);
  await check(deviceKey, proven(genesis), asBytes(proofField, 64));
  return { account: accountOf(genesis), deviceKey };
}
