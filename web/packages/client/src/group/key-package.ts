/** KeyPackages (RFC 9420 10): made by who knocks, checked by who adds. */
import { decode, encode, generateKeyPackageWithKey, mlsMessageDecoder, mlsMessageEncoder, protocolVersions, wireformats, type KeyPackage, type MlsMessage, type PrivateKeyPackage } from "ts-mls";
import { equalBytes } from "../bytes.js";
import { Malformed } from "../cbor.js";
import type { Identity } from "../identity.js";
import type { Suite } from "../suites/suite.js";
import { capabilities, nameExtensions, readName } from "./context.js";
import { accountOf } from "./credentials.js";

const DAY = 86_400;
/** How far the clocks of those who check may be off, in seconds; a KeyPackage for a knock is used within minutes. */
const EARLY = 7 * DAY;
const LATE = 21 * DAY;

/** A KeyPackage with its private half, which opens one Welcome. */
export interface OwnKeyPackage {
  readonly bytes: Uint8Array;
  readonly publicPart: KeyPackage;
  readonly privatePart: PrivateKeyPackage;
}

/** A KeyPackage of another whose suite, credential and capabilities were checked. */
export interface Candidate {
  readonly keyPackage: KeyPackage;
  readonly account: string;
  readonly name: string;
}

/** A fresh KeyPackage of the account; `now` in seconds of Unix time. */
export async function makeKeyPackage(suite: Suite, identity: Identity, name: string, now: number): Promise<OwnKeyPackage> {
  const { publicPackage, privatePackage } = await generateKeyPackageWithKey({
    credential: { credentialType: 1, identity: identity.credential },
    capabilities: capabilities(suite.id),
    lifetime: { notBefore: BigInt(now - EARLY), notAfter: BigInt(now + LATE) },
    extensions: [],
    signatureKeyPair: { signKey: identity.device.seed, publicKey: identity.device.publicKey },
    cipherSuite: suite,
    leafNodeExtensions: nameExtensions(name),
  });
  const bytes = encode(mlsMessageEncoder, {
    version: protocolVersions.mls10,
    wireformat: wireformats.mls_key_package,
    keyPackage: publicPackage,
  });
  return { bytes, publicPart: publicPackage, privatePart: privatePackage };
}

/** The KeyPackage in an MLSMessage's bytes; its signatures are checked when it is added. Throws Malformed, BadSignature. */
export async function readKeyPackage(suite: Suite, bytes: Uint8Array): Promise<Candidate> {
  const message = decodeMessage(bytes);
  if (message.wireformat !== wireformats.mls_key_package) throw new Malformed("not a KeyPackage");
  const { keyPackage } = message;
  const { leafNode } = keyPackage;
  if (keyPackage.cipherSuite !== suite.id) throw new Malformed("a KeyPackage of another suite");
  checkCapabilities(suite.id, leafNode.capabilities);
  const account = await accountOf(leafNode.credential, leafNode.signaturePublicKey);
  return { keyPackage, account, name: readName(leafNode.extensions) };
}

/** Throws Malformed where a leaf cannot do what every member's must. */
export function checkCapabilities(suite: number, able: ReturnType<typeof capabilities>): void {
  const needed = capabilities(suite);
  const all = needed.extensions.every((each) => able.extensions.includes(each));
  if (!all || !able.ciphersuites.includes(suite)) throw new Malformed("a leaf without the needed capabilities");
}

/** The MLSMessage in the bytes, in its one form and with nothing after it. Throws Malformed. */
export function decodeMessage(bytes: Uint8Array): MlsMessage {
  const message = tryDecode(bytes);
  if (message === undefined) throw new Malformed("no MLS message");
  if (!equalBytes(encode(mlsMessageEncoder, message), bytes)) throw new Malformed("another form of an MLS message");
  return message;
}

function tryDecode(bytes: Uint8Array): MlsMessage | undefined {
  try {
    return decode(mlsMessageDecoder, bytes);
  } catch (error) {
    throw new Malformed(error instanceof Error ? error.message : "no MLS message");
  }
}
