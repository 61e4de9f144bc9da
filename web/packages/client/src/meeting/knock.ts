/** A knock: a KeyPackage with a proof of the link, sealed to the group's knock key (docs/protocol/meeting.md 5). */
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concat, equalBytes, labelled, uint32 } from "../bytes.js";
import { arrayOf, asBytes, expect, Malformed, toCbor } from "../cbor.js";
import { readKeyPackage, type Candidate } from "../group/key-package.js";
import type { KnockKey } from "../group/exports.js";
import type { Suite } from "../suites/suite.js";
import type { LinkKeys } from "./link.js";

/** Where the Welcome is to be put. */
export interface Address {
  readonly inbox: Uint8Array;
  readonly token: Uint8Array;
}

/** A knock that was opened, with its proof and its KeyPackage checked. */
export interface Visitor extends Address, Candidate {}

function proofOf(keys: LinkKeys, keyPackage: Uint8Array): Uint8Array {
  return hmac(sha256, keys.proofKey, labelled("segel knock proof v1", sha256(keyPackage)));
}

function info(keys: LinkKeys): Uint8Array {
  return labelled("segel knock v1", keys.alias);
}

/** The sealed knock, of one size for every knock of a suite. */
export async function sealKnock(
  suite: Suite,
  keys: LinkKeys,
  knockKey: Uint8Array,
  keyPackage: Uint8Array,
  address: Address,
): Promise<Uint8Array> {
  const content = toCbor([1, keyPackage, address.inbox, address.token, proofOf(keys, keyPackage)]);
  const plain = new Uint8Array(suite.knockSize);
  if (content.length + 4 > plain.length) throw new RangeError("the name is too long for a knock");
  plain.set(concat(uint32(content.length), content));
  const { enc, ct } = await suite.hpke.seal(await suite.hpke.importPublicKey(knockKey), plain, info(keys));
  return toCbor([enc, ct]);
}

/** The visitor of a knock. Throws Malformed, NotOpened, BadSignature. */
export async function openKnock(suite: Suite, keys: LinkKeys, knockKey: KnockKey, body: Uint8Array): Promise<Visitor> {
  const [enc, sealed] = arrayOf(body, 2);
  const plain = await suite.hpke.open(knockKey.privateKey, asBytes(enc), asBytes(sealed), info(keys));
  const [version, keyPackageField, inbox, token, proof] = arrayOf(unpad(plain), 5);
  expect(version, 1);
  const keyPackage = asBytes(keyPackageField);
  if (!equalBytes(asBytes(proof, 32), proofOf(keys, keyPackage))) throw new Malformed("a knock without the link");
  return { ...(await readKeyPackage(suite, keyPackage)), inbox: asBytes(inbox, 32), token: asBytes(token, 16) };
}

/** The content in length || content || zeros. Throws Malformed. */
export function unpad(plain: Uint8Array): Uint8Array {
  if (plain.length < 4) throw new Malformed("too short");
  const end = 4 + new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (end > plain.length || plain.subarray(end).some((byte) => byte !== 0)) throw new Malformed("padded otherwise");
  return plain.slice(4, end);
}
