/** Every parser of another's bytes: parses or throws its own error, never anything else; what parses re-encodes to the same bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { concat, toHex, utf8 } from "../src/bytes.js";
import { fromCbor, Malformed, toCbor } from "../src/cbor.js";
import { compose, interpret } from "../src/content/compose.js";
import { decodeContent, encodeContent, messageId } from "../src/content/mimi.js";
import { BadSignature } from "../src/ed25519.js";
import { verifyCredential } from "../src/identity.js";
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

const LINK = { origin: "https://meet.example", policy: 1, secret: bytes(16, 7), opener: null };
const NAMED = { ...LINK, policy: 0, opener: bytes(32, 5) };

/** What a parser may throw. */
function own(error: unknown): boolean {
  return error instanceof Malformed || error instanceof NotOpened || error instanceof BadSignature;
}

/** Runs a parser on hostile forms of valid bytes; how many parsed. */
async function fuzz(valid: Uint8Array, count: number, parse: (data: Uint8Array) => unknown): Promise<number> {
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

test("content: parses or throws Malformed, never anything else; what parses re-encodes to the same bytes", async () => {
  const valid = encodeContent(compose({ kind: "text", text: "hello", replyTo: bytes(32, 1) }, bytes(16, 2)));
  await fuzz(valid, 5000, (data) => {
    const content = decodeContent(data);
    expect(encodeContent(content)).toEqual(data);
    interpret(content);
  });
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
  await fuzz(valid, 300, (data) => openEnvelope(CLASSIC, own, data));
  const foreign = await CLASSIC.hpke.seal(await CLASSIC.hpke.importPublicKey(own.publicPart.initKey), bytes(40, 1), utf8("segel welcome v1"));
  await expect(openEnvelope(CLASSIC, own, toCbor([foreign.enc, foreign.ct]))).rejects.toThrow(Malformed);
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

test("credential, group context, key package, MLS message, place, stored entry: parse or throw their own errors", async () => {
  const own = await person();
  expect(await fuzz(own.credential, 1500, verifyCredential)).toBe(0);
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
  await fuzz(toCbor([1, new Map([[1, "a"]]), null, bytes(40, 1)]), 5000, (data) => expect(toCbor(fromCbor(data))).toEqual(data));
  expect(() => fromCbor(Uint8Array.of(0x18, 0x01))).toThrow(Malformed);
  expect(() => fromCbor(Uint8Array.of(0x9f, 0xff))).toThrow(Malformed);
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
