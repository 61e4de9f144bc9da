import { describe, expect, it } from "vitest";

import { FrameRefused } from "../src/errors.js";
import { encodeHeader, parseHeader } from "../src/header.js";
import { MAX_CONTEXT, packKid, unpackKid } from "../src/kid.js";
import { fromHex, Random, vectors } from "./support.js";

describe("the header (RFC 9605 4.3)", () => {
  it("matches the RFC's vectors both ways", () => {
    const { header } = vectors();
    expect(header.length).toBeGreaterThan(200);
    for (const { kid, ctr, encoded } of header) {
      const value = { kid: BigInt(kid), counter: BigInt(ctr) };
      expect(encodeHeader(value)).toEqual(fromHex(encoded));
      expect(parseHeader(fromHex(encoded), 0)).toEqual({ ...value, length: encoded.length / 2 });
    }
  });

  it("parses or refuses as malformed, never anything else; what parses re-encodes to the same bytes", () => {
    const random = new Random(1);
    let parsed = 0;
    for (let round = 0; round < 5_000; round++) {
      const data = random.bytes(random.integer(19));
      try {
        const header = parseHeader(data, 0);
        expect(encodeHeader(header)).toEqual(data.slice(0, header.length));
        parsed++;
      } catch (error) {
        expect(error).toEqual(new FrameRefused("malformed"));
      }
    }
    expect(parsed).toBeGreaterThan(100);
  });

  it.each(["8007", "900080", "0807", "090080", "80", "f0ff", ""])("refuses %s", (bytes) => {
    expect(() => parseHeader(fromHex(bytes), 0)).toThrow(FrameRefused);
  });
});

describe("the key id (RFC 9605 5.2)", () => {
  it("keeps context, leaf and the epoch's last byte apart", () => {
    const kid = { context: MAX_CONTEXT, leaf: 0xfffe, epoch: 0x1fd };
    expect(packKid({ context: 3, leaf: 2, epoch: 0x101 })).toBe(0x3000201n);
    expect(unpackKid(packKid(kid))).toEqual({ ...kid, epoch: 0xfd });
  });

  it.each([
    { context: MAX_CONTEXT + 1, leaf: 0, epoch: 0 },
    { context: 0, leaf: 0x10000, epoch: 0 },
    { context: 0.5, leaf: 0, epoch: 0 },
    { context: 0, leaf: -1, epoch: 0 },
  ])("refuses what does not fit: $context $leaf", (kid) => {
    expect(() => packKid(kid)).toThrow(RangeError);
  });
});
