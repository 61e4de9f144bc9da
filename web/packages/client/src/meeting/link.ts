/** The meeting's link and what is derived from its secret (docs/protocol/meeting.md 1). */
import { concat, fromBase64Url, toBase64Url, uint32, utf8 } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { keyPair, type KeyPair } from "../ed25519.js";
import { deriveKey } from "../suites/primitives.js";

/** Whoever has the link may open the meeting's next generation; nobody is host. */
export const OPEN_GENERATION = 0x01;
/** The meeting begins with a lobby. */
export const LOBBY = 0x02;
/** The link says until when it lets somebody in, and works until then whether the meeting is on or not. */
export const UNTIL = 0x04;
const KNOWN_POLICY = OPEN_GENERATION | LOBBY | UNTIL;
const VERSION = 1;
const SECRET = 16;

/** What a link says. `opener` is the opener's public key; with OPEN_GENERATION the secret gives it instead. */
export interface Link {
  readonly origin: string;
  readonly policy: number;
  readonly secret: Uint8Array;
  /** Seconds of Unix time; null without UNTIL. */
  readonly until: number | null;
  readonly opener: Uint8Array | null;
}

/** The keys of a link's secret. `openerKey` is there for hosts, and for everybody with OPEN_GENERATION. */
export interface LinkKeys {
  readonly alias: Uint8Array;
  readonly macKey: Uint8Array;
  readonly proofKey: Uint8Array;
  readonly openerPublic: Uint8Array;
  /** Set for who is a host by what this device keeps, or when a host makes us one. */
  openerKey: KeyPair | null;
}

/** The link as people pass it on. */
export function formatLink({ origin, policy, secret, until, opener }: Link): string {
  const parts = [Uint8Array.of(VERSION, policy), secret, untilBytes(until), opener ?? new Uint8Array()];
  return `${origin}/m#${toBase64Url(concat(...parts))}`;
}

function untilBytes(until: number | null): Uint8Array {
  return until === null ? new Uint8Array() : uint32(until);
}

/** The link in a text, in its one form. Throws Malformed. */
export function parseLink(text: string): Link {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) throw new Malformed("not a link");
  const bytes = fromBase64Url(url.hash.slice(1));
  if (bytes === null || bytes.length < 2 + SECRET) throw new Malformed("the link is cut off");
  const policy = bytes[1] ?? 0;
  if (bytes[0] !== VERSION || (policy & ~KNOWN_POLICY) !== 0) throw new Malformed("a link of another version");
  if ((policy & OPEN_GENERATION) !== 0 && (policy & LOBBY) !== 0) throw new Malformed("a lobby without a host");
  const dated = (policy & UNTIL) !== 0;
  const named = (policy & OPEN_GENERATION) === 0;
  const begin = 2 + SECRET + (dated ? 4 : 0);
  if (bytes.length !== begin + (named ? 32 : 0)) throw new Malformed("the link is cut off");
  const until = dated ? new DataView(bytes.buffer, bytes.byteOffset).getUint32(2 + SECRET) : null;
  const link = { origin: url.origin, policy, secret: bytes.slice(2, 2 + SECRET), until, opener: named ? bytes.slice(begin) : null };
  if (formatLink(link) !== text) throw new Malformed("not a meeting's link");
  return link;
}

/** Everything that the link's secret gives. */
export async function linkKeys(link: Link): Promise<LinkKeys> {
  const secret = concat(link.secret, untilBytes(link.until));
  const part = (name: string): Uint8Array => deriveKey(secret, utf8("segel link v1"), utf8(name), 32);
  const openerKey = link.opener === null ? await keyPair(part("opener")) : null;
  return {
    alias: part("alias"),
    macKey: part("announcement"),
    proofKey: part("proof"),
    openerPublic: link.opener ?? openerKey?.publicKey ?? new Uint8Array(),
    openerKey,
  };
}
