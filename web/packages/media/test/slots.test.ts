import type { RelayStream } from "@segel/client/api";
import { beforeEach, expect, it } from "vitest";

import { Slots } from "../src/slots.js";
import type { Kind } from "../src/state.js";

const AUDIO: RelayStream = { id: "a", kind: "audio" };
const VIDEO: RelayStream = { id: "v", kind: "video" };
let made: { kind: Kind; slot: number; transceiver: RTCRtpTransceiver }[];
let slots: Slots;

beforeEach(() => {
  made = [];
  slots = new Slots((kind, slot) => {
    const transceiver = { direction: "recvonly" } as RTCRtpTransceiver;
    made.push({ kind, slot, transceiver });
    return transceiver;
  });
});

it("gives each stream a transceiver of its kind, once", () => {
  expect(slots.carries([AUDIO, VIDEO])).toBe(false);
  slots.reconcile([AUDIO, VIDEO]);
  expect(slots.carries([VIDEO, AUDIO])).toBe(true);
  slots.reconcile([VIDEO, AUDIO]);
  expect(made.map(({ kind }) => kind)).toEqual(["audio", "video"]);
  expect(slots.used.map(({ stream }) => stream)).toEqual(["a", "v"]);
});

it("stops an ended stream's transceiver and gives it to the next of its kind", () => {
  slots.reconcile([AUDIO, VIDEO]);
  expect(slots.carries([AUDIO])).toBe(false);
  slots.reconcile([AUDIO]);
  expect(made[1]?.transceiver.direction).toBe("inactive");
  expect(slots.used).toHaveLength(1);
  slots.reconcile([AUDIO, { id: "w", kind: "video" }]);
  expect(made).toHaveLength(2);
  expect(made[1]?.transceiver.direction).toBe("recvonly");
  expect(slots.used[1]?.stream).toBe("w");
});

it("does not give a picture's place to a sound", () => {
  slots.reconcile([VIDEO]);
  slots.reconcile([]);
  slots.reconcile([AUDIO]);
  expect(made.map(({ kind }) => kind)).toEqual(["video", "audio"]);
});

it("never uses a number twice, not even in another connection", () => {
  slots.reconcile([AUDIO, VIDEO]);
  const others: number[] = [];
  new Slots((_, slot) => {
    others.push(slot);
    return {} as RTCRtpTransceiver;
  }).reconcile([AUDIO]);
  expect(made.map(({ slot }) => slot)).not.toContain(others[0]);
});
