/** The formats of docs/protocol/meeting.md, frozen: vectors/meeting holds bytes that every client must produce and accept. */
import { readFileSync } from "node:fs";
import { signing } from "@segel/wire";
import { expect, test } from "vitest";
import { fromHex, toHex } from "../src/bytes.js";
import { check } from "../src/ed25519.js";
import { contextExtensions, decodeContext } from "../src/group/context.js";
import type { Group } from "../src/group/group.js";
import type { OwnKeyPackage } from "../src/group/key-package.js";
import { EQUALS, signRule } from "../src/group/rule.js";
import { createIdentity, verifyCredential } from "../src/identity.js";
import { decodeAnnouncement, encodeAnnouncement } from "../src/meeting/announcement.js";
import { computeCode } from "../src/meeting/code.js";
import { entryId } from "../src/meeting/conversation.js";
import { openEnvelope } from "../src/meeting/envelope.js";
import { openKnock } from "../src/meeting/knock.js";
import { formatLink, linkKeys, parseLink } from "../src/meeting/link.js";
import { openWhisper, sealWhisper, type Saying } from "../src/meeting/whisper.js";
import { openAead } from "../src/suites/hpke.js";
import type { Asking, StreamKind } from "../src/state.js";
import { CLASSIC } from "../src/suites/suite.js";

type Fields = Readonly<Record<string, string>>;

interface LinkVector {
  readonly link: string;
  readonly policy: number;
  readonly secret: string;
  readonly until: number | null;
  readonly opener: string | null;
  readonly alias: string;
  readonly mac_key: string;
  readonly proof_key: string;
  readonly opener_public: string;
  readonly opener_seed: string | null;
  readonly announcement: { readonly generation: number; readonly suite: number; readonly knock_key: string; readonly bytes: string };
}

function read<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../../../vectors/meeting/${name}.json`, import.meta.url), "utf8")) as T[];
}

test.each(read<LinkVector>("links"))("link $link", async (vector) => {
  const link = parseLink(vector.link);
  expect(formatLink(link)).toBe(vector.link);
  expect([link.policy, toHex(link.secret), link.until, link.opener && toHex(link.opener)]).toEqual([vector.policy, vector.secret, vector.until, vector.opener]);
  const keys = await linkKeys(link);
  expect([keys.alias, keys.macKey, keys.proofKey, keys.openerPublic].map(toHex)).toEqual([vector.alias, vector.mac_key, vector.proof_key, vector.opener_public]);
  expect(keys.openerKey && toHex(keys.openerKey.seed)).toBe(vector.opener_seed);
  const { generation, suite, knock_key, bytes } = vector.announcement;
  const announcement = { generation, suite, knockKey: fromHex(knock_key) };
  expect(toHex(encodeAnnouncement(keys, announcement))).toBe(bytes);
  expect(decodeAnnouncement(keys, fromHex(bytes))).toEqual(announcement);
});

test.each(read<Fields>("identity"))("account $account", async ({ entropy = "", account, device_key, credential = "" }) => {
  const identity = await createIdentity(fromHex(entropy));
  expect([identity.account, toHex(identity.credential)]).toEqual([account, credential]);
  const verified = await verifyCredential(fromHex(credential));
  expect([verified.account, toHex(verified.deviceKey)]).toEqual([account, device_key]);
});

test.each(read<Fields>("code"))("code $code", async ({ authenticator = "", code }) => {
  expect((await computeCode(fromHex(authenticator))).join(" ")).toBe(code);
});

test.each(read<Fields>("messages"))("message $id", ({ alias = "", account = "", content = "", id }) => {
  expect(entryId(fromHex(alias), { account, name: "", at: 0, content: fromHex(content) })).toBe(id);
});

test.each(read<Fields>("contexts"))("context of $link", async ({ link = "", group = "", root_key, signature = "", bytes = "" }) => {
  const keys = await linkKeys(parseLink(link));
  const context = decodeContext(fromHex(bytes));
  expect(toHex(context.alias)).toBe(toHex(keys.alias));
  expect([toHex(context.rootKey), toHex(context.signature), context.generation, context.policy, context.ttlDays]).toEqual([root_key, signature, 1, 1, 1]);
  await check(keys.openerPublic, signing.opening(context.alias, 1, fromHex(group), context.rootKey, 1), context.signature);
  const rule = await signRule(keys.openerKey?.seed ?? new Uint8Array(), keys.alias, EQUALS);
  expect(contextExtensions(context, rule)[1]?.extensionData).toEqual(fromHex(bytes));
});

test.each(read<Fields>("knocks"))("knock at $link", async ({ link = "", knock_ikm = "", knock_key, account, name, inbox, token, body = "" }) => {
  const pair = await CLASSIC.hpke.deriveKeyPair(fromHex(knock_ikm));
  expect(toHex(await CLASSIC.hpke.exportPublicKey(pair.publicKey))).toBe(knock_key);
  const visitor = await openKnock(CLASSIC, await linkKeys(parseLink(link)), pair, fromHex(body));
  expect([visitor.account, visitor.name, toHex(visitor.inbox), toHex(visitor.token)]).toEqual([account, name, inbox, token]);
});

test.each(read<Fields>("envelopes"))("envelope to $init_key", async ({ init_key = "", parent, commit_hash, head, position, welcome, item = "" }) => {
  const own = { privatePart: { initPrivateKey: fromHex(init_key) } } as unknown as OwnKeyPackage;
  const envelope = await openEnvelope(CLASSIC, own, fromHex(item));
  const { parent: parentNode, commitHash, head: at, welcome: sealed } = envelope;
  expect([...[parentNode, commitHash, at, sealed].map(toHex), envelope.position]).toEqual([parent, commit_hash, head, welcome, position]);
});

interface WhisperVector {
  readonly seed: string;
  readonly device_key: string;
  readonly whisper_key: string;
  readonly node: string;
  readonly leaf: number;
  readonly counter: number;
  readonly kind: "here" | "leaving" | "ask";
  readonly to?: number | null;
  readonly what?: Asking;
  readonly ask_nonce?: number;
  readonly flags?: number;
  readonly streams?: readonly { readonly stream: string; readonly kind: string }[];
  readonly nonce: string;
  readonly plain: string;
  readonly bytes: string;
}

const KNOWN = ["audio", "video", "screen", "screen-audio"];

function sayingOf({ kind, flags = 0, streams = [], to = null, what = "mute", ask_nonce = 0 }: WhisperVector): Saying {
  if (kind === "ask") return { kind, leaf: to, what, nonce: ask_nonce };
  if (kind === "leaving") return { kind };
  const media = { mic: (flags & 1) !== 0, camera: (flags & 2) !== 0, hand: (flags & 4) !== 0 };
  return { kind, media, streams: streams.map(({ stream, kind: carried }) => ({ stream: fromHex(stream), kind: carried as StreamKind })) };
}

test.each(read<WhisperVector>("whispers"))("whisper $kind with streams $streams", async (vector) => {
  const { leaf, counter } = vector;
  const member = { deviceKey: fromHex(vector.device_key) };
  const group = { leaf, keys: { whisperKey: fromHex(vector.whisper_key) }, member: () => member } as unknown as Group;
  const saying = sayingOf(vector);
  // One names a stream of a kind that this version does not know: readers pass over it.
  const heard = saying.kind === "here" ? { ...saying, streams: saying.streams.filter(({ kind }) => KNOWN.includes(kind)) } : saying;
  const node = fromHex(vector.node);
  const bytes = await sealWhisper(group, node, fromHex(vector.seed), counter, saying, fromHex(vector.nonce));
  expect(toHex(bytes)).toBe(vector.bytes);
  expect(toHex(await openAead(group.keys.whisperKey, bytes.slice(0, 12), node, bytes.slice(12)))).toBe(vector.plain);
  expect(await openWhisper(group, node, bytes)).toEqual({ leaf, counter, saying: heard });
});
