/** Whispers: what members tell each other and nobody stores (docs/protocol/meeting.md 8). */
import { concat, labelled } from "../bytes.js";
import { arrayOf, asArray, asBytes, asInteger, asText, expect, Malformed, toCbor } from "../cbor.js";
import { check, sign } from "../ed25519.js";
import type { Group } from "../group/group.js";
import { openAead, sealAead } from "../suites/hpke.js";
import type { Asking, MediaState, StreamKind } from "../state.js";

const NONCE = 12;
const HERE = 1;
const LEAVING = 2;
const ASK = 3;
const MAX_STREAMS = 16;
const KINDS: readonly string[] = ["audio", "video", "screen", "screen-audio"] satisfies StreamKind[];

const ASKINGS: readonly Asking[] = ["mute", "lower-hand"];

/**
 * What a member says: that it is here, with its devices' state and streams (ids in bytes), or that it leaves; or what a
 * host asks of the member at a leaf, or of all.
 */
export type Saying =
  | { readonly kind: "here"; readonly media: MediaState; readonly streams: readonly OwnStream[] }
  | { readonly kind: "leaving" }
  | { readonly kind: "ask"; readonly leaf: number | null; readonly what: Asking; readonly nonce: number };

/** A stream that the sender says is its own. */
export interface OwnStream {
  readonly stream: Uint8Array;
  readonly kind: StreamKind;
}

/** A whisper that was opened, with its signature checked. `counter` rises within an epoch. */
export interface Heard {
  readonly leaf: number;
  readonly counter: number;
  readonly saying: Saying;
}

function payloadOf(saying: Saying): [number, unknown] {
  if (saying.kind === "leaving") return [LEAVING, null];
  if (saying.kind === "ask") return [ASK, [saying.leaf, ASKINGS.indexOf(saying.what), saying.nonce]];
  const { mic, camera, hand } = saying.media;
  const flags = (mic ? 1 : 0) | (camera ? 2 : 0) | (hand ? 4 : 0);
  return [HERE, [flags, saying.streams.map(({ stream, kind }) => [stream, kind])]];
}

function readPayload(kind: number, payload: unknown): Saying {
  if (kind === LEAVING && payload === null) return { kind: "leaving" };
  if (kind === ASK) return readAsking(payload);
  if (kind !== HERE) throw new Malformed("a whisper of another kind");
  const [flagsField, streams] = asArray(payload, 2);
  const flags = asInteger(flagsField, 0, 255);
  if (!Array.isArray(streams) || streams.length > MAX_STREAMS) throw new Malformed("too many streams");
  const media = { mic: (flags & 1) !== 0, camera: (flags & 2) !== 0, hand: (flags & 4) !== 0 };
  return { kind: "here", media, streams: streams.flatMap(readStream) };
}

function readAsking(payload: unknown): Saying {
  const [leaf, number, nonce] = asArray(payload, 3);
  const what = ASKINGS[asInteger(number, 0, 255)];
  if (what === undefined) throw new Malformed("an asking of another kind");
  return { kind: "ask", leaf: leaf === null ? null : asInteger(leaf, 0, 2 ** 31), what, nonce: asInteger(nonce, 0, 2 ** 32 - 1) };
}

/** One stream; none where its kind is of a later version than this client. */
function readStream(value: unknown): OwnStream[] {
  const [streamField, kindField] = asArray(value, 2);
  const stream = asBytes(streamField, 16);
  const kind = asText(kindField);
  return isKind(kind) ? [{ stream, kind }] : [];
}

function isKind(kind: string): kind is StreamKind {
  return KINDS.includes(kind);
}

function signed(node: Uint8Array, content: readonly unknown[]): Uint8Array {
  return labelled("segel whisper v1", node, toCbor(content));
}

/** The whisper's bytes; `nonce` is 12 random bytes, `seed` the leaf's signature key. */
export async function sealWhisper(
  group: Group,
  node: Uint8Array,
  seed: Uint8Array,
  counter: number,
  saying: Saying,
  nonce: Uint8Array,
): Promise<Uint8Array> {
  const content = [1, group.leaf, counter, ...payloadOf(saying)];
  const signature = await sign(seed, signed(node, content));
  return concat(nonce, await sealAead(group.keys.whisperKey, nonce, node, toCbor([...content, signature])));
}

/** A whisper of another member of the node. Throws Malformed, NotOpened, BadSignature. */
export async function openWhisper(group: Group, node: Uint8Array, body: Uint8Array): Promise<Heard> {
  const plain = await openAead(group.keys.whisperKey, body.slice(0, NONCE), node, body.slice(NONCE));
  const [version, leafField, counterField, kindField, payload, signature] = arrayOf(plain, 6);
  expect(version, 1);
  const leaf = asInteger(leafField, 0, 2 ** 31);
  const counter = asInteger(counterField, 1, Number.MAX_SAFE_INTEGER);
  const kind = asInteger(kindField, 1, 255);
  const member = group.member(leaf);
  if (member === null) throw new Malformed("a whisper of no member");
  await check(member.deviceKey, signed(node, [1, leaf, counter, kind, payload]), asBytes(signature, 64));
  return { leaf, counter, saying: readPayload(kind, payload) };
}
