import { describe, expect, test, vi } from "vitest";
import { toHex, utf8 } from "../src/bytes.js";
import { Group } from "../src/group/group.js";
import { readKeyPackage } from "../src/group/key-package.js";
import { padme } from "../src/group/padding.js";
import { CLASSIC, HYBRID } from "../src/suites/suite.js";
import { bytes, found, groupOf, keyPackage, person } from "./people.js";

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
    const staged = await a.stage([c.leaf], [], AAD);
    const atB = await b.process(staged.commit);
    expect((await c.process(staged.commit)).next).toBeNull();
    expect(atB.removed).toEqual([c.leaf]);
    const { message } = await staged.next.seal(utf8("without you"), AAD);
    await expect(c.open(message)).rejects.toThrow("does not open");
    expect(new TextDecoder().decode((await atB.next?.open(message))?.content)).toBe("without you");
  });
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
  const founder = await Kind.create(CLASSIC, bytes(32, 9), await keyPackage(CLASSIC, "A"), async (rootKey) => ({
    alias: bytes(32, 1), generation: 1, policy: 1, ttlDays: 1, rootKey, signature: bytes(64, 2),
  }));
  const staged = await founder.stage([], [(await readKeyPackage(CLASSIC, own.bytes)).keyPackage], AAD);
  const reader = await Kind.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own);
  const { message, next: sender } = await staged.next.seal(utf8("late"), AAD);
  const { next } = await reader.process((await sender.stage([], [], AAD)).commit);
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
  const staged = await honest.stage([], [candidate.keyPackage], AAD);
  await expect(Group.join(CLASSIC, staged.welcomes[0] ?? bytes(0, 0), own)).resolves.toBeDefined();
  const forger = await found(forging, await keyPackage(CLASSIC, "Host"));
  const forged = await forger.stage([], [candidate.keyPackage], AAD);
  await expect(Group.join(CLASSIC, forged.welcomes[0] ?? bytes(0, 0), own)).rejects.toThrow("signature");
});
