/** What comes to a joiner, sealed to its init key: the Welcome with its place in the log, or a denial (docs/protocol/meeting.md 6, rule.md 3). */
import { utf8 } from "../bytes.js";
import { arrayOf, asBytes, asInteger, expect, Malformed, toCbor } from "../cbor.js";
import type { OwnKeyPackage } from "../group/key-package.js";
import type { Suite } from "../suites/suite.js";

/** `head` and `position` are the log's after the commit that added the joiner. */
export interface Envelope {
  readonly parent: Uint8Array;
  readonly commitHash: Uint8Array;
  readonly head: Uint8Array;
  readonly position: number;
  readonly welcome: Uint8Array;
}

const INFO = utf8("segel welcome v1");

/** The item for the joiner's inbox. */
export async function sealEnvelope(suite: Suite, initKey: Uint8Array, envelope: Envelope): Promise<Uint8Array> {
  const { parent, commitHash, head, position, welcome } = envelope;
  const plain = toCbor([1, parent, commitHash, head, position, welcome]);
  const { enc, ct } = await suite.hpke.seal(await suite.hpke.importPublicKey(initKey), plain, INFO);
  return toCbor([enc, ct]);
}

/** The envelope of an inbox item. Throws Malformed, NotOpened. */
export async function openEnvelope(suite: Suite, own: OwnKeyPackage, item: Uint8Array): Promise<Envelope> {
  const [enc, sealed] = arrayOf(item, 2);
  const key = await suite.hpke.importPrivateKey(own.privatePart.initPrivateKey);
  const plain = await suite.hpke.open(key, asBytes(enc), asBytes(sealed), INFO);
  const [version, parent, commitHash, head, position, welcome] = arrayOf(plain, 6);
  expect(version, 1);
  return {
    parent: asBytes(parent, 32),
    commitHash: asBytes(commitHash, 32),
    head: asBytes(head, 32),
    position: asInteger(position, 0, Number.MAX_SAFE_INTEGER),
    welcome: asBytes(welcome),
  };
}

/** Why somebody at the door is not let in. */
export const DENIALS = ["refused", "banned", "locked", "closed", "full"] as const;
export type DenialReason = (typeof DENIALS)[number];

const DENIAL = utf8("segel denial v1");

/** The item that tells a joiner that it is not let in. */
export async function sealDenial(suite: Suite, initKey: Uint8Array, reason: DenialReason): Promise<Uint8Array> {
  const { enc, ct } = await suite.hpke.seal(await suite.hpke.importPublicKey(initKey), toCbor([1, DENIALS.indexOf(reason)]), DENIAL);
  return toCbor([enc, ct]);
}

/** The reason in an inbox item. Throws Malformed, NotOpened. */
export async function openDenial(suite: Suite, own: OwnKeyPackage, item: Uint8Array): Promise<DenialReason> {
  const [enc, sealed] = arrayOf(item, 2);
  const key = await suite.hpke.importPrivateKey(own.privatePart.initPrivateKey);
  const [version, number] = arrayOf(await suite.hpke.open(key, asBytes(enc), asBytes(sealed), DENIAL), 2);
  expect(version, 1);
  const reason = DENIALS[asInteger(number, 0, 255)];
  if (reason === undefined) throw new Malformed("a denial of another kind");
  return reason;
}
