import type { MeetingMedia, RelayAnswer, RelayStream, TrackRole } from "@segel/client/api";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Connection } from "../src/connection.js";

const NO_TRACKS = { audio: null, video: null, screen: null, "screen-audio": null };

/** A transceiver as far as negotiation looks at it. */
class FakeTransceiver {
  mid: string | null = null;
  direction: RTCRtpTransceiverDirection;
  readonly sender = { track: null, replaceTrack: async () => undefined };
  readonly receiver = { track: { id: "" } };

  constructor(direction: RTCRtpTransceiverDirection) {
    this.direction = direction;
  }

  setCodecPreferences(): void {
    // Of no consequence here.
  }
}

/** A peer connection whose offer is a line per transceiver, made when it is asked for and given a while later. */
class FakePeer {
  static offering: () => Promise<void>;
  static answered: () => void;
  readonly #transceivers: FakeTransceiver[] = [];
  localDescription: RTCSessionDescriptionInit | null = null;

  addTransceiver(_kind: string, { direction = "sendrecv" }: RTCRtpTransceiverInit): FakeTransceiver {
    const transceiver = new FakeTransceiver(direction);
    this.#transceivers.push(transceiver);
    return transceiver;
  }

  async createOffer(): Promise<RTCSessionDescriptionInit> {
    const offered = this.#transceivers.map((each, at) => ({ each, mid: String(at), line: `${at} ${each.direction}` }));
    await FakePeer.offering();
    for (const { each, mid } of offered) each.mid = mid;
    return { type: "offer", sdp: offered.map(({ line }) => line).join("\n") };
  }

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description;
  }

  async setRemoteDescription(): Promise<void> {
    FakePeer.answered();
  }
}

/** What the relay was offered: the sections' directions by mid, and what the tracks say of them. */
interface Taken {
  readonly sections: ReadonlyMap<string, string>;
  readonly tracks: ReadonlyMap<string, TrackRole>;
}

let taken: Taken[];
let told: unknown[];
let connection: Connection;

function fakeMedia(): MeetingMedia {
  const offer = async (sdp: string, tracks: ReadonlyMap<string, TrackRole>): Promise<RelayAnswer> => {
    const sections = new Map(sdp.split("\n").map((line) => line.split(" ") as [string, string]));
    taken.push({ sections, tracks });
    return { answer: "", published: new Map(), streams: [] };
  };
  return { offer } as unknown as MeetingMedia;
}

beforeEach(() => {
  taken = [];
  told = [];
  FakePeer.offering = async () => undefined;
  FakePeer.answered = () => undefined;
  vi.stubGlobal("RTCPeerConnection", FakePeer);
  vi.stubGlobal("RTCRtpScriptTransform", class {});
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => null });
  connection = new Connection({
    media: fakeMedia(),
    worker: {} as Worker,
    contexts: { audio: 1, video: 2, screen: 3, "screen-audio": 4 },
    restart: false,
    streams: [],
    onSlots: () => undefined,
    onConnected: () => undefined,
    onSilent: () => undefined,
    onStreams: (streams) => told.push(streams),
    onAnswered: () => told.push("answered"),
    onLost: () => undefined,
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

it("offers in one go what was there before the first offer", async () => {
  connection.receive([{ id: "v", kind: "video" }]);
  await connection.negotiate();
  expect([...(taken[0]?.tracks.values() ?? [])]).toContainEqual({ role: "receive", stream: "v" });
});

it("never says of a section that it receives where the offer, made a moment before, says that it does not", async () => {
  const streams = (...ids: string[]): RelayStream[] => ids.map((id) => ({ id, kind: "video" }));
  connection.receive(streams("a", "b"));
  await connection.negotiate();
  // While the offer that gives two slots up is being made, a new stream comes.
  FakePeer.offering = async () => {
    FakePeer.offering = async () => undefined;
    connection.receive(streams("c"));
  };
  connection.receive([]);
  await connection.negotiate();
  for (const { sections, tracks } of taken) {
    for (const [mid, track] of tracks) {
      expect(sections.get(mid)).toBe(track.role === "publish" ? "sendonly" : "recvonly");
    }
  }
  expect([...(taken.at(-1)?.tracks.values() ?? [])]).toContainEqual({ role: "receive", stream: "c" });
});

it("tells the streams of an answer before any that come while the browser takes it", async () => {
  FakePeer.answered = () => told.push("another stream");
  await connection.negotiate();
  expect(told).toEqual([[], "another stream", "answered"]);
});

it("counts as answered from the first answer on", async () => {
  expect(connection.answered).toBe(false);
  await connection.send(NO_TRACKS);
  await connection.negotiate();
  expect(connection.answered).toBe(true);
});
