import { describe, expect, it } from "vitest";

import { Speech } from "../src/level.js";
import { ownerOf, ownersOf } from "../src/owners.js";
import { withoutAudioLevel } from "../src/peer.js";
import { qualityFor } from "../src/quality.js";
import { Store } from "../src/store.js";
import { unsupported } from "../src/support.js";

type Claims = Parameters<typeof ownersOf>[0][number];

describe("owners of streams", () => {
  const ALICE: Claims = { leaf: 3, streams: [{ id: "a", kind: "video" }, { id: "b", kind: "screen" }] };
  const MALLORY: Claims = { leaf: 1, streams: [{ id: "a", kind: "screen" }, { id: "c", kind: "video" }] };

  it("are those who claim them", () => {
    expect(ownersOf([ALICE], new Map())).toEqual(
      new Map([["a", { leaf: 3, kind: "video" }], ["b", { leaf: 3, kind: "screen" }]]),
    );
  });

  it("stay while they claim them, whoever else does", () => {
    const before = ownersOf([ALICE], new Map());
    expect(ownersOf([MALLORY, ALICE], before).get("a")?.leaf).toBe(3);
    expect(ownersOf([ALICE, MALLORY], before).get("a")?.leaf).toBe(3);
    expect(ownersOf([MALLORY], before).get("a")?.leaf).toBe(1);
  });

  it("are nobody for a stream that carries something else than they say", () => {
    const owners = ownersOf([ALICE], new Map());
    expect(ownerOf({ id: "b", kind: "video" }, owners)?.kind).toBe("screen");
    expect(ownerOf({ id: "b", kind: "audio" }, owners)).toBeNull();
  });
});

describe("the speaking indicator", () => {
  it("outlasts a pause between words, not the end of a sentence", () => {
    const speech = new Speech();
    expect(speech.next(0.2, 0).speaking).toBe(true);
    expect(speech.next(0, 500).speaking).toBe(true);
    expect(speech.next(0, 700).speaking).toBe(false);
  });

  it("does not light up for a quiet room", () => {
    expect(new Speech().next(0.01, 0)).toEqual({ level: 0.1, speaking: false });
  });
});

it("the relay's answer loses the audio level, and nothing else", () => {
  const level = "a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level\r\n";
  const rest = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n";
  expect(withoutAudioLevel(level + rest)).toBe(rest);
  expect(withoutAudioLevel(rest)).toBe(rest);
  for (const end of ["\n", "\r", "\n\r", "\r\r\n"]) {
    expect(withoutAudioLevel((level + rest + level).replaceAll("\r\n", end))).not.toContain("ssrc-audio-level");
  }
});

it("the more pictures, the less each of them takes", () => {
  const rates = [1, 5, 12].map((pictures) => qualityFor(pictures).maxBitrate);
  expect(rates).toEqual(rates.toSorted((a, b) => b - a));
});

it("a store tells of changes alone", () => {
  const store = new Store({ a: 1, b: 2 });
  const seen: unknown[] = [];
  const end = store.subscribe((state) => seen.push(state));
  store.update({ a: 1 });
  store.update({ a: 3 });
  end();
  store.update({ a: 4 });
  expect(seen).toEqual([{ a: 3, b: 2 }]);
});

describe("a browser that cannot seal", () => {
  const works = { isSecureContext: true, RTCPeerConnection: {}, RTCRtpScriptTransform: {} };

  it.each([
    [works, null],
    [{ ...works, isSecureContext: false }, "insecure"],
    [{ isSecureContext: true }, "no_peer_connection"],
    [{ isSecureContext: true, RTCPeerConnection: {} }, "no_encoded_transform"],
  ])("is told apart: %#", (scope, reason) => {
    expect(unsupported(scope)).toBe(reason);
  });
});
