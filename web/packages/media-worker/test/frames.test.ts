import { describe, expect, it } from "vitest";

import { FrameRefused } from "../src/errors.js";
import type { Kind } from "../src/frame.js";
import { Keyring } from "../src/keyring.js";
import { Opener } from "../src/opener.js";
import { Sealer } from "../src/sealer.js";
import { deriveFrameKey, importBaseKey, seal } from "../src/sframe.js";
import { packKid } from "../src/kid.js";
import { epochKey, keyring, OWN_LEAF, Random } from "./support.js";

const OTHER_LEAF = 9;
const KINDS: Kind[] = ["audio", "video"];

async function pair(kind: Kind, epochs = [1]): Promise<{ sealer: Sealer; opener: Opener }> {
  return {
    sealer: new Sealer(await keyring(epochs), kind, 5),
    opener: new Opener(await keyring(epochs, OTHER_LEAF), kind, () => OWN_LEAF),
  };
}

describe.each(KINDS)("%s frames", (kind) => {
  it("open to what was sealed, over 300 random frames", async () => {
    const { sealer, opener } = await pair(kind);
    const random = new Random(3);
    for (let round = 0; round < 300; round++) {
      const frame = random.frame(kind);
      expect(await opener.open(await sealer.seal(frame))).toEqual(frame);
    }
  });

  it("are refused with any one bit flipped", async () => {
    const { sealer, opener } = await pair(kind);
    const sealed = await sealer.seal(new Random(4).bytes(40));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = Uint8Array.from(sealed);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await expect(opener.open(forged)).rejects.toBeInstanceOf(FrameRefused);
    }
    await opener.open(sealed);
  });

  it("are opened or refused, whatever the bytes; nothing else is thrown", async () => {
    const { sealer, opener } = await pair(kind);
    const random = new Random(5);
    const sealed = await sealer.seal(random.frame(kind));
    for (let round = 0; round < 2_000; round++) {
      const bytes = random.integer(2) === 0 ? sealed.slice(0, -1) : random.bytes(60);
      bytes[random.integer(bytes.length)] = random.integer(256);
      await expect(opener.open(bytes)).rejects.toBeInstanceOf(FrameRefused);
    }
  });
});

describe("the layout", () => {
  const frame = (first: number): Uint8Array<ArrayBuffer> =>
    Uint8Array.from({ length: 30 }, (_, index) => (index === 0 ? first : index));

  it.each([
    { kind: "audio", first: 0, clear: 0 },
    { kind: "video", first: 0x10, clear: 10 },
    { kind: "video", first: 0x11, clear: 3 },
  ] as const)("leaves $clear bytes of $kind clear", async ({ kind, first, clear }) => {
    const { sealer } = await pair(kind);
    const sealed = await sealer.seal(frame(first));
    expect(sealed.slice(0, clear)).toEqual(frame(first).slice(0, clear));
    // KID of 4 bytes and the counter 0 in the configuration byte: 5 bytes of header, 16 of tag.
    expect(sealed).toHaveLength(30 + 5 + 16);
    expect(Buffer.from(sealed).includes(Buffer.from(frame(first).slice(clear, clear + 8)))).toBe(false);
  });

  it("refuses a picture shorter than its prefix", async () => {
    const { sealer } = await pair("video");
    await expect(sealer.seal(Uint8Array.of(0, 1))).rejects.toThrow("malformed");
  });
});

describe("a sealer", () => {
  it("sends nothing before it has a key", async () => {
    const sealer = new Sealer(new Keyring(), "audio", 1);
    await expect(sealer.seal(Uint8Array.of(1))).rejects.toThrow("unsent");
  });

  it("starts its counter at 0 in each epoch and never uses one twice", async () => {
    const ring = await keyring([1]);
    const sealer = new Sealer(ring, "audio", 5);
    const headers: string[] = [];
    for (const epoch of [1, 1, 2, 2]) {
      await ring.put(epochKey(epoch));
      headers.push(Buffer.from((await sealer.seal(Uint8Array.of(1))).slice(0, 5)).toString("hex"));
    }
    expect(headers).toEqual(["b005000701", "b105000701", "b005000702", "b105000702"]);
  });

  it("uses each counter once, also for frames that come at once", async () => {
    const { sealer, opener } = await pair("audio");
    const sealed = await Promise.all([1, 2, 3].map(async (byte) => sealer.seal(Uint8Array.of(byte))));
    const opened = await Promise.all(sealed.map(async (frame) => opener.open(frame)));
    expect(opened).toEqual([1, 2, 3].map((byte) => Uint8Array.of(byte)));
  });
});

describe("an opener", () => {
  it("refuses a frame's second coming", async () => {
    const { sealer, opener } = await pair("audio");
    const sealed = await sealer.seal(Uint8Array.of(1, 2));
    await opener.open(sealed);
    await expect(opener.open(sealed)).rejects.toThrow("replayed");
  });

  it("refuses it on another stream of the same member too", async () => {
    const ring = await keyring([1], OTHER_LEAF);
    const [first, second] = [1, 2].map(() => new Opener(ring, "audio", () => OWN_LEAF));
    const sealed = await new Sealer(await keyring([1]), "audio", 5).seal(Uint8Array.of(1));
    await first?.open(sealed);
    await expect(second?.open(sealed)).rejects.toThrow("replayed");
  });

  it.each([OTHER_LEAF, undefined])("refuses a frame if the stream is %s's", async (owner) => {
    const sealed = await new Sealer(await keyring([1]), "audio", 5).seal(Uint8Array.of(1));
    const opener = new Opener(await keyring([1], OTHER_LEAF), "audio", () => owner);
    await expect(opener.open(sealed)).rejects.toThrow("wrong_member");
  });

  it("is not moved by forged counters", async () => {
    const { sealer, opener } = await pair("audio");
    const base = await importBaseKey(new Random(99).bytes(16));
    const kid = packKid({ context: 5, leaf: OWN_LEAF, epoch: 1 });
    const forged = await seal(
      await deriveFrameKey(base, kid), kid, 2n ** 60n, new Uint8Array(), Uint8Array.of(1),
    );
    await expect(opener.open(forged)).rejects.toThrow("forged");
    expect(await opener.open(await sealer.seal(Uint8Array.of(3)))).toEqual(Uint8Array.of(3));
  });

  it("opens under the right one of two groups' epochs of one number", async () => {
    const ring = await keyring([1], OTHER_LEAF);
    await ring.put(epochKey(257, OTHER_LEAF));
    const opener = new Opener(ring, "audio", () => OWN_LEAF);
    const sealed = await new Sealer(await keyring([1]), "audio", 5).seal(Uint8Array.of(4));
    expect(await opener.open(sealed)).toEqual(Uint8Array.of(4));
  });

  it("keeps no more than 256 contexts of a member", async () => {
    const { opener } = await pair("audio");
    const sender = await keyring([1]);
    for (let context = 0; context < 256; context++)
      await opener.open(await new Sealer(sender, "audio", context).seal(Uint8Array.of(1)));
    const one = new Sealer(sender, "audio", 256);
    await expect(opener.open(await one.seal(Uint8Array.of(1)))).rejects.toThrow("unknown_key");
  });
});
