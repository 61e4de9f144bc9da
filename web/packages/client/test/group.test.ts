import { describe, expect, test, vi } from "vitest";
import { toHex, utf8 } from "../src/bytes.js";
import { Group } from "../src/group/group.js";
import { EQUALS } from "../src/group/rule.js";
import { readKeyPackage } from "../src/group/key-package.js";
import { padme } from "../src/group/padding.js";
import { openKnock, sealKnock } from "../src/meeting/knock.js";
import { linkKeys } from "../src/meeting/link.js";
import { openWhisper, sealWhisper } from "../src/meeting/whisper.js";
import { CLASSIC, HYBRID } from "../src/suites/suite.js";
import { bytes, found, groupOf, keyPackage, OPENER, person } from "./people.js";

const AAD = bytes(72, 3);

describe.each([CLASSIC, HYBRID])("a group of the $name suite", (suite) => {
  test("members read each other, know who sent, and agree on the epoch", async () => {
    const [a, b, c] = await groupOf(suite, 3);
    if (!a || !b || !c) throw new Error("no group");
    const sealed = await b.seal(utf8("good morning"), AAD);
    const [atA, atC] = [await a.open(sealed.message), await c.open(sealed.message)];
    expect(new TextDecoder().decode(atA.content)).toBe("good morning");
    expect(atC.sender).toBe(b.leaf);
    expect(atC.aad).toEqual(AAD);
    expect(toHex(a.keys.authenticator)).toBe(toHex(c.keys.authenticator));
    expect(toHex(a.keys.knockPublic)).toBe(toHex(b.keys.knockPublic));
    expect(a.members.map(({ name }) => name)).toEqual(["P0", "P1", "P2"]);
  });

  test("who is removed reads nothing that follows", async () => {
    const [a, b, c] = await groupOf(suite, 3);
    if (!a || !b || !c) throw new Error("no group");
    const staged = await a.stage({ removed: [c.leaf], added: [] }, AAD);
    const atB = await b.process(staged.commit);
    expect((await c.process(staged.commit)).next).toBeNull();
    expect(atB.removed).toEqual([c.leaf]);
    const { message } = await staged.next.seal(utf8("without you"), AAD);
    await expect(c.open(message)).rejects.toThrow("does not open");
    expect(new TextDecoder().decode((await atB.next?.open(message))?.content)).toBe("without you");
  });
});

test("no key that a removed member recorded opens what follows: whispers, knocks, media, requests", async () => {
  const [a, b] = await groupOf(CLASSIC, 2);
  if (!a || !b) throw new Error("no group");
  const node = bytes(32, 1);
  const { next } = await a.stage({ removed: [b.leaf], added: [] }, AAD);
  const [old, now] = [b.keys, next.keys];
  for (const part of ["whisperKey", "baseKey", "authenticator", "knockPublic"] as const) expect(toHex(now[part])).not.toBe(toHex(old[part]));
  expect(toHex(now.epochKey.publicKey)).not.toBe(toHex(old.epochKey.publicKey));
  const whisper = await sealWhisper(next, node, bytes(32, 2), 1, { kind: "leaving" }, bytes(12, 1));
  await expect(openWhisper(b, node, whisper)).rejects.toThrow("does not open");
  const links = await linkKeys({ origin: "https://a.example", policy: 1, secret: bytes(16, 1), until: null, opener: null });
  const knock = await sealKnock(CLASSIC, links, now.knockPublic, (await keyPackage(CLASSIC)).bytes, { inbox: bytes(32, 1), token: bytes(16, 1) });
  await expect(openKnock(CLASSIC, links, old.knockKey, knock)).rejects.toThrow("does not open");
  await expect(openKnock(CLASSIC, links, now.knockKey, knock)).resolves.toBeDefined();
});

test("who joins opens nothing of before: no message, no whisper", async () => {
  const node = bytes(32, 1);
  const founder = await found(CLASSIC, await keyPackage(CLASSIC, "A"));
  const { next, message } = await founder.seal(utf8("before"), AAD);
  const whisper = await sealWhisper(founder, node, bytes(32, 2), 1, { kind: "leaving" }, bytes(12, 1));
  const own = await keyPackage(CLASSIC, "B");
  const staged = await next.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage] }, AAD);
  const joined = await Group.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey);
  await expect(joined.open(message)).rejects.toThrow();
  await expect(openWhisper(joined, node, whisper)).rejects.toThrow("does not open");
  expect(toHex(joined.keys.baseKey)).not.toBe(toHex(founder.keys.baseKey));
  const { message: after } = await staged.next.seal(utf8("after"), AAD);
  expect(new TextDecoder().decode((await joined.open(after)).content)).toBe("after");
});

test("a commit that removes us and lets our account in again is our end, though the leaf is used again", async () => {
  const me = await person();
  const own = await keyPackage(CLASSIC, "B", me);
  const founder = await found(CLASSIC, await keyPackage(CLASSIC, "A"));
  const staged = await founder.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage] }, AAD);
  const first = await Group.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey);
  const again = await keyPackage(CLASSIC, "B", me);
  const back = await staged.next.stage({ removed: [1], added: [(await readKeyPackage(CLASSIC, again.bytes)).keyPackage] }, AAD);
  expect(back.next.members.map(({ leaf }) => leaf)).toEqual([0, 1]);
  expect(await first.process(back.commit)).toMatchObject({ next: null, replaced: true });
});

test("sizes of messages and commits are Padmé's, at most 12 % over", async () => {
  for (let length = 1; length < 5000; length += 37) {
    expect(padme(length)).toBeGreaterThanOrEqual(length);
    expect(padme(length)).toBeLessThanOrEqual(length * 1.12 + 1);
  }
  const [a] = await groupOf(CLASSIC, 2);
  const sizes = new Set<number>();
  for (let length = 1000; length < 1032; length++) sizes.add((await a?.seal(bytes(length, 1), AAD))?.message.length ?? 0);
  expect(sizes.size).toBeLessThanOrEqual(2);
});

async function lateMessage(Kind: typeof Group): Promise<{ reader: Group; late: Uint8Array }> {
  const own = await keyPackage(CLASSIC, "B");
  const founder = await found(CLASSIC, await keyPackage(CLASSIC, "A"), EQUALS, Kind);
  const staged = await founder.stage({ removed: [], added: [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage] }, AAD);
  const reader = await Kind.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey);
  const { message, next: sender } = await staged.next.seal(utf8("late"), AAD);
  const { next } = await reader.process((await sender.stage({ removed: [], added: [] }, AAD)).commit);
  if (next === null) throw new Error("removed");
  return { reader: next, late: message };
}

test("a message of a past epoch does not open: its keys are erased", async () => {
  const { reader, late } = await lateMessage(Group);
  await expect(reader.open(late)).rejects.toThrow();
});

test("guard: without the erasing of past epochs the library would still hold the keys of the late message", async () => {
  vi.resetModules();
  vi.doMock("../src/group/forget.js", () => ({ withoutPastEpochs: (state: unknown) => state, erase: () => undefined }));
  const unguarded = await import("../src/group/group.js");
  const { reader, late } = await lateMessage(unguarded.Group);
  await expect(reader.open(late)).resolves.toBeDefined();
  vi.doUnmock("../src/group/forget.js");
});

test("a Welcome whose GroupInfo is signed by another leaf than it names is refused", async () => {
  const mallory = await person();
  const own = await keyPackage(CLASSIC, "Joiner");
  const candidate = await readKeyPackage(CLASSIC, own.bytes);
  const { signature } = CLASSIC;
  const forging = { ...CLASSIC, signature: { ...signature, sign: (_: Uint8Array, data: Uint8Array) => signature.sign(mallory.device.seed, data) } };
  const honest = await found(CLASSIC, await keyPackage(CLASSIC, "Host"));
  const staged = await honest.stage({ removed: [], added: [candidate.keyPackage] }, AAD);
  await expect(Group.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey)).resolves.toBeDefined();
  const forger = await found(forging, await keyPackage(CLASSIC, "Host"));
  const forged = await forger.stage({ removed: [], added: [candidate.keyPackage] }, AAD);
  await expect(Group.join(CLASSIC, forged.welcomes[0] ?? bytes(0, 0), own, OPENER.publicKey)).rejects.toThrow("signature");
});
