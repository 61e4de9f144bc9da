/**
 * Every parser of another's bytes, and of what lies on the device: whatever comes, it parses or throws its own error, in
 * bounded time and memory, and never anything else; what parses re-encodes to the same bytes.
 */
import { readdirSync, readFileSync } from "node:fs";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { expect, test } from "vitest";
import { concat, fromHex, toHex, uint32, utf8 } from "../src/bytes.js";
import { fromCbor, Malformed, toCbor } from "../src/cbor.js";
import { compose, interpret } from "../src/content/compose.js";
import { decodeContent, encodeContent, messageId } from "../src/content/mimi.js";
import { BadSignature } from "../src/ed25519.js";
import { exportIdentity, importIdentity, verifyCredential } from "../src/identity.js";
import { decodeContext } from "../src/group/context.js";
import { decodeMessage, readKeyPackage } from "../src/group/key-package.js";
import { decodeAnnouncement, encodeAnnouncement } from "../src/meeting/announcement.js";
import { openEnvelope, sealEnvelope } from "../src/meeting/envelope.js";
import { decodeEntry } from "../src/meeting/history.js";
import { openKnock, sealKnock, unpad } from "../src/meeting/knock.js";
import { formatLink, linkKeys, parseLink } from "../src/meeting/link.js";
import { decodePlace, encodePlace } from "../src/meeting/place.js";
import { openWhisper, sealWhisper, type Saying } from "../src/meeting/whisper.js";
import { NotOpened, openAead, sealAead } from "../src/suites/hpke.js";
import { CLASSIC } from "../src/suites/suite.js";
import { hostile } from "@segel/wire/testing";
import { bytes, found, groupOf, keyPackage, person } from "./people.js";

const LINK = { origin: "https://meet.example", policy: 1, secret: bytes(16, 7), until: null, opener: null };
const NAMED = { ...LINK, policy: 0, opener: bytes(32, 5) };

/** What a parser may throw. */
function own(error: unknown): boolean {
  return error instanceof Malformed || error instanceof NotOpened || error instanceof BadSignature;
}

/** Runs a parser on hostile forms of valid bytes; how many parsed. */
async function fuzz(valid: Uint8Array | readonly Uint8Array[], count: number, parse: (data: Uint8Array) => unknown): Promise<number> {
  let parsed = 0;
  for (const data of hostile(valid, count)) {
    try {
      await parse(data);
      parsed += 1;
    } catch (error) {
      if (!own(error)) throw error;
    }
  }
  return parsed;
}

test("link: parses or throws Malformed, never anything else; what parses re-encodes to the same text", async () => {
  for (const link of [LINK, NAMED]) expect(parseLink(formatLink(link))).toEqual(link);
  await fuzz(utf8(formatLink(NAMED)), 3000, (data) => {
    const text = new TextDecoder().decode(data);
    expect(formatLink(parseLink(text))).toBe(text);
  });
  for (const text of ["", "javascript:alert(1)", "https://meet.example/m", "https://meet.example/m#", "https://meet.example/x#AQE", `${formatLink(LINK)}A`, formatLink({ ...LINK, policy: 4 })]) {
    expect(() => parseLink(text)).toThrow(Malformed);
  }
});

test("announcement: parses or throws Malformed, never anything else; what parses re-encodes to the same bytes", async () => {
  const keys = await linkKeys(LINK);
  const valid = encodeAnnouncement(keys, { generation: 3, suite: 1, knockKey: bytes(32, 1) });
  expect(decodeAnnouncement(keys, valid)).toEqual({ generation: 3, suite: 1, knockKey: bytes(32, 1) });
  await fuzz(valid, 3000, (data) => expect(encodeAnnouncement(keys, decodeAnnouncement(keys, data))).toEqual(data));
  const other = await linkKeys({ ...LINK, secret: bytes(16, 8) });
  expect(() => decodeAnnouncement(other, valid)).toThrow(Malformed);
});

test("knock: opens or throws Malformed, NotOpened or BadSignature, never anything else; only one with the link opens", async () => {
  const group = await found(CLASSIC, await keyPackage(CLASSIC));
  const keys = await linkKeys(LINK);
  const own = await keyPackage(CLASSIC, "Bea");
  const address = { inbox: bytes(32, 1), token: bytes(16, 2) };
  const valid = await sealKnock(CLASSIC, keys, group.keys.knockPublic, own.bytes, address);
  expect(await openKnock(CLASSIC, keys, group.keys.knockKey, valid)).toMatchObject({ ...address, name: "Bea" });
  expect(await fuzz(valid, 300, (data) => openKnock(CLASSIC, keys, group.keys.knockKey, data))).toBe(0);
  const stranger = { ...keys, proofKey: bytes(32, 9) };
  const unproven = await sealKnock(CLASSIC, stranger, group.keys.knockPublic, own.bytes, address);
  await expect(openKnock(CLASSIC, keys, group.keys.knockKey, unproven)).rejects.toThrow("without the link");
});

test("knock by somebody with the link: opens or throws Malformed or BadSignature, whatever is in it", async () => {
  const group = await found(CLASSIC, await keyPackage(CLASSIC));
  const keys = await linkKeys(LINK);
  const { bytes: kp } = await keyPackage(CLASSIC, "Bea");
  const door = await CLASSIC.hpke.importPublicKey(group.keys.knockPublic);
  const proof = (data: Uint8Array): Uint8Array => hmac(sha256, keys.proofKey, concat(utf8("segel knock proof v1"), sha256(data)));
  const knock = async (content: Uint8Array): Promise<Uint8Array> => {
    const { enc, ct } = await CLASSIC.hpke.seal(door, concat(uint32(content.length), content), concat(utf8("segel knock v1"), keys.alias));
    return openKnock(CLASSIC, keys, group.keys.knockKey, toCbor([enc, ct])).then(() => content);
  };
  const valid = toCbor([1, kp, bytes(32, 1), bytes(16, 2), proof(kp)]);
  expect(await knock(valid)).toEqual(valid);
  await fuzz(valid, 100, knock);
  await fuzz(kp, 150, (data) => knock(toCbor([1, data, bytes(32, 1), bytes(16, 2), proof(data)])));
});

test("padding of knocks: parses or throws Malformed, never anything else", async () => {
  expect(unpad(Uint8Array.of(0, 0, 0, 2, 5, 6, 0, 0))).toEqual(Uint8Array.of(5, 6));
  await fuzz(Uint8Array.of(0, 0, 0, 2, 5, 6, 0, 0), 2000, unpad);
  expect(() => unpad(Uint8Array.of(0, 0, 0, 1, 5, 6))).toThrow(Malformed);
});

test("envelope: opens or throws Malformed or NotOpened, never anything else", async () => {
  const own = await keyPackage(CLASSIC);
  const envelope = { parent: bytes(32, 1), commitHash: bytes(32, 2), head: bytes(32, 3), position: 4, welcome: bytes(100, 5) };
  const valid = await sealEnvelope(CLASSIC, own.publicPart.initKey, envelope);
  expect(await openEnvelope(CLASSIC, own, valid)).toEqual(envelope);
  await fuzz(valid, 150, (data) => openEnvelope(CLASSIC, own, data));
  const key = await CLASSIC.hpke.importPublicKey(own.publicPart.initKey);
  const plain = toCbor([1, envelope.parent, envelope.commitHash, envelope.head, envelope.position, envelope.welcome]);
  await fuzz(plain, 150, async (data) => {
    const { enc, ct } = await CLASSIC.hpke.seal(key, data, utf8("segel welcome v1"));
    await openEnvelope(CLASSIC, own, toCbor([enc, ct]));
  });
});

test("whisper: opens or throws Malformed, NotOpened or BadSignature, also sealed by a member", async () => {
  const host = await person();
  const group = await found(CLASSIC, await keyPackage(CLASSIC, "Ada", host));
  const node = bytes(32, 3);
  const saying: Saying = { kind: "here", media: { mic: true, camera: false, hand: true }, streams: [{ stream: bytes(16, 1), kind: "audio" }] };
  const valid = await sealWhisper(group, node, host.device.seed, 7, saying, bytes(12, 1));
  expect(await openWhisper(group, node, valid)).toEqual({ leaf: 0, counter: 7, saying });
  expect(await fuzz(valid, 300, (data) => openWhisper(group, node, data))).toBe(0);
  await expect(openWhisper(group, bytes(32, 4), valid)).rejects.toThrow(NotOpened);
  const plain = await openAead(group.keys.whisperKey, valid.slice(0, 12), node, valid.slice(12));
  await fuzz(plain, 1000, async (data) => openWhisper(group, node, concat(bytes(12, 1), await sealAead(group.keys.whisperKey, bytes(12, 1), node, data))));
});

test("a member's whisper for another member does not hold", async () => {
  const [a, b] = await groupOf(CLASSIC, 2);
  if (!a || !b) throw new Error("no group");
  const forged = await sealWhisper(a, bytes(32, 1), bytes(32, 42), 1, { kind: "leaving" }, bytes(12, 1));
  await expect(openWhisper(b, bytes(32, 1), forged)).rejects.toThrow(BadSignature);
});

test("credential, stored account, group context, key package, MLS message, place, stored entry: parse or throw their own errors", async () => {
  const own = await person();
  expect(await fuzz(own.credential, 1500, verifyCredential)).toBe(0);
  await fuzz(exportIdentity(own), 500, async (data) => expect(exportIdentity(await importIdentity(data))).toEqual(data));
  const context = toCbor([1, bytes(32, 1), 1, 1, 7, bytes(32, 2), bytes(64, 3)]);
  await fuzz(context, 2000, decodeContext);
  const { bytes: kp } = await keyPackage(CLASSIC, "Ada", own);
  await fuzz(kp, 500, (data) => readKeyPackage(CLASSIC, data));
  await fuzz(kp, 2000, decodeMessage);
  const place = encodePlace({ node: bytes(32, 1), head: bytes(32, 2), position: 99 });
  await fuzz(place, 1000, (data) => expect(encodePlace(decodePlace(data))).toEqual(data));
  await fuzz(toCbor([1, "a", "b", 3, bytes(3, 1)]), 1000, decodeEntry);
});

test("CBOR: parses or throws Malformed, never anything else; another form of the same value is refused", async () => {
  const valid = [toCbor([1, new Map([[1, "a"]]), null, bytes(40, 1)]), toCbor([-7, new Map<unknown, unknown>([[300, [true]], ["b", new Map()]]), "text"])];
  expect(await fuzz(valid, 4000, (data) => expect(toCbor(fromCbor(data))).toEqual(data))).toBeGreaterThan(100);
  for (const other of ["1801", "9fff", "a2010a020b01", "a201000100", "f93c00", "c100", "62c0af", "63eda080"]) {
    expect(() => fromCbor(fromHex(other))).toThrow(Malformed);
  }
});

test.each([
  ["keys that are arrays", Uint8Array.of(0xa2, 0x81, 1, 0, 0x81, 2, 0)],
  ["keys that are byte strings, twice the same", Uint8Array.of(0xa2, 0x41, 7, 0, 0x41, 7, 0)],
  ...[100, 2_000, 3_000, 5_000, 600_000].flatMap((depth) => [
    [`${depth} arrays in one another`, Uint8Array.from([...new Uint8Array(depth).fill(0x81), 0])] as const,
    [`${depth} maps in one another`, Uint8Array.from({ length: 2 * depth + 1 }, (_, at) => (at % 2 === 0 && at < 2 * depth ? 0xa1 : 0))] as const,
  ]),
  ["a long array that is cut off", Uint8Array.from([0x9a, 0x7f, 0xff, 0xff, 0xff, ...new Uint8Array(1_000_000)])],
  ["long arrays in one another", Uint8Array.from({ length: 1_000_000 }, (_, at) => [0x9a, 1, 0xff, 0xff, 0xff][at % 5] ?? 0)],
] as const)("CBOR of %s is Malformed, at once", (_, data) => {
  const began = performance.now();
  expect(() => fromCbor(data)).toThrow(Malformed);
  expect(performance.now() - began).toBeLessThan(2_000);
});

const FOLDER = new URL("../../../../vectors/mimi-content/", import.meta.url);
/** All but the example of what a client may keep beside a content, which is none itself. */
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith(".cbor") && !name.startsWith("implied")).map((name) => name.slice(0, -5));

test.each(NAMES)("the draft's example %s parses, re-encodes, and has the message id that stands there", (name) => {
  const data = Uint8Array.from(readFileSync(new URL(`${name}.cbor`, FOLDER)));
  const content = decodeContent(data);
  expect(encodeContent(content)).toEqual(data);
  const text = readFileSync(new URL(`${name}.edn`, FOLDER), "utf8");
  const id = /message ID = h'([0-9a-f]+)\s*\n?#?\s*([0-9a-f]*)'/.exec(text);
  const sender = String(content.extensions.get(1));
  const room = String(content.extensions.get(2));
  if (id !== null) expect(toHex(messageId(sender, room, data, content.salt))).toBe(`${id[1]}${id[2]}`);
});

test("content: parses or throws Malformed, never anything else; what parses re-encodes to the same bytes", async () => {
  const own = encodeContent(compose({ kind: "text", text: "hello", replyTo: bytes(32, 1) }, bytes(16, 2)));
  const examples = NAMES.map((name) => Uint8Array.from(readFileSync(new URL(`${name}.cbor`, FOLDER))));
  const parsed = await fuzz([own, ...examples], 4000, (data) => {
    const content = decodeContent(data);
    expect(encodeContent(content)).toEqual(data);
    interpret(content);
  });
  expect(parsed).toBeGreaterThan(100);
});
