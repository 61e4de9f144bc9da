/** One session at the relay: one RTCPeerConnection, offered by us, answered by the relay. */

import type { MeetingMedia, RelayStream, TrackRole } from "@segel/client/api";

import { Coalesced } from "./coalesce.js";
import type { OutgoingTracks } from "./local.js";
import { addReceiver, addSender, openPeer, withoutAudioLevel } from "./peer.js";
import { applyQuality, qualityFor } from "./quality.js";
import { type Slot, Slots } from "./slots.js";
import type { Kind, StreamId } from "./state.js";

/** How long a path may be silent before the session counts as lost, in milliseconds. */
const SILENT_MS = 3_000;

/** Refusals of an offer that no repetition mends (docs/protocol/wire.md 5); `away`: there is no server now. */
const FINAL_REFUSALS: readonly unknown[] = ["away", "bad_offer", "no_media", "malformed", "too_large"];
/** The wait before a refused offer is made again: doubles up to the longest, in milliseconds. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_200;

/** The contexts of one's own two tracks. */
export type Contexts = Readonly<Record<Kind, number>>;
/** The ids of one's own streams at the relay. */
export type Published = Readonly<Record<Kind, StreamId | null>>;

/** What a connection needs and whom it tells. */
export interface ConnectionOptions {
  readonly media: MeetingMedia;
  readonly worker: Worker;
  readonly contexts: Contexts;
  /** Whether there was a session before this one. */
  readonly restart: boolean;
  /** The others' streams, as far as they are known. */
  readonly streams: readonly RelayStream[];
  /** `slots` changed; nothing of the streams they carry has come yet. */
  readonly onSlots: () => void;
  readonly onConnected: () => void;
  /** The relay answered: these are the others' streams now. */
  readonly onAnswered: (streams: readonly RelayStream[]) => void;
  /** Told once; the connection is of no further use. */
  readonly onLost: () => void;
}

/** Begins at `negotiate`, ends by `close` or `onLost`. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #peer = openPeer();
  readonly #senders: Readonly<Record<Kind, RTCRtpTransceiver>>;
  readonly #slots: Slots;
  readonly #negotiation = new Coalesced(async () => this.#offerUntilAnswered());
  #wanted: readonly RelayStream[];
  #restart: boolean;
  #answered = false;
  #published: Published = { audio: null, video: null };
  #silence: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(options: ConnectionOptions) {
    const { worker, contexts, restart, streams } = options;
    this.#options = options;
    this.#wanted = streams;
    this.#restart = restart;
    this.#senders = {
      audio: addSender(this.#peer, worker, "audio", contexts.audio),
      video: addSender(this.#peer, worker, "video", contexts.video),
    };
    this.#slots = new Slots((kind, slot) => addReceiver(this.#peer, worker, kind, slot));
    this.#peer.onconnectionstatechange = () => this.#follow(this.#peer.connectionState);
  }

  /** The slots in use. */
  get slots(): readonly Slot[] {
    return this.#slots.used;
  }

  get published(): Published {
    return this.#published;
  }

  /** Whether the relay has taken an offer of this connection. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Receive exactly these streams. */
  receive(streams: readonly RelayStream[]): void {
    this.#wanted = streams;
    if (!this.#ended && !this.#slots.carries(streams)) void this.negotiate();
  }

  /** Send these tracks; null sends nothing. */
  async send(tracks: OutgoingTracks): Promise<void> {
    const { audio, video } = this.#senders;
    await this.#whileOpen(async () => {
      await Promise.all([give(audio.sender, tracks.audio), give(video.sender, tracks.video)]);
    });
  }

  /** Fit one's own picture to the number of pictures that are shown. */
  async fit(pictures: number): Promise<void> {
    await this.#whileOpen(async () => applyQuality(this.#senders.video.sender, qualityFor(pictures)));
  }

  /** Offer what there is now. Does not reject: what goes wrong loses the connection. */
  async negotiate(): Promise<void> {
    try {
      await this.#negotiation.run();
    } catch {
      this.#lose();
    }
  }

  /** The loudness (0 to 1) of the audio that comes in, by slot number. */
  async levels(): Promise<ReadonlyMap<number, number>> {
    if (this.#ended) return new Map();
    const levels = new Map<unknown, unknown>();
    const stats = await this.#peer.getStats();
    stats.forEach((entry: Record<string, unknown>) => {
      if (entry["type"] === "inbound-rtp") levels.set(entry["trackIdentifier"], entry["audioLevel"]);
    });
    return new Map(this.slots.map((slot) => [slot.number, levelOf(levels, slot)]));
  }

  close(): void {
    this.#ended = true;
    clearTimeout(this.#silence);
    this.#peer.close();
  }

  /** A group that moves on while an offer is under way refuses it, and takes it a moment later. */
  async #offerUntilAnswered(): Promise<void> {
    for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
      try {
        return await this.#offer();
      } catch (error) {
        if (this.#ended || wait > LONGEST_WAIT_MS || isFinal(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
  }

  async #offer(): Promise<void> {
    if (this.#ended) return;
    // Here only: an offer and its tracks must speak of the same slots, and making an offer takes time.
    this.#slots.reconcile(this.#wanted);
    this.#options.onSlots();
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    const sdp = this.#peer.localDescription?.sdp ?? "";
    const answer = await this.#options.media.offer(sdp, this.#tracks(), this.#restart);
    if (this.#ended) return;
    this.#restart = false;
    this.#answered = true;
    await this.#peer.setRemoteDescription({ type: "answer", sdp: withoutAudioLevel(answer.answer) });
    const { audio, video } = this.#senders;
    this.#published = {
      audio: answer.published.get(audio.mid ?? "") ?? null,
      video: answer.published.get(video.mid ?? "") ?? null,
    };
    this.#options.onAnswered(answer.streams);
  }

  /** What each mid of the offer carries; unused ones are inactive, and not in it. */
  #tracks(): ReadonlyMap<string, TrackRole> {
    const tracks = new Map<string, TrackRole>();
    for (const kind of ["audio", "video"] as const) {
      const { mid } = this.#senders[kind];
      if (mid !== null) tracks.set(mid, { role: "publish", kind });
    }
    for (const { transceiver, stream } of this.slots) {
      if (transceiver.mid !== null && stream !== null) tracks.set(transceiver.mid, { role: "receive", stream });
    }
    return tracks;
  }

  /** What is under way when the session ends is refused by the browser, and no longer wanted. */
  async #whileOpen(work: () => Promise<void>): Promise<void> {
    if (this.#ended) return;
    await work().catch((error: unknown) => {
      if (!this.#ended) throw error;
    });
  }

  #follow(state: RTCPeerConnectionState): void {
    clearTimeout(this.#silence);
    if (state === "connected") this.#options.onConnected();
    if (state === "disconnected") this.#silence = setTimeout(() => this.#lose(), SILENT_MS);
    if (state === "failed") this.#lose();
  }

  #lose(): void {
    if (this.#ended) return;
    this.close();
    this.#options.onLost();
  }
}

function isFinal(error: unknown): boolean {
  return !(error instanceof Error && "code" in error) || FINAL_REFUSALS.includes(error.code);
}

async function give(sender: RTCRtpSender, track: MediaStreamTrack | null): Promise<void> {
  if (sender.track !== track) await sender.replaceTrack(track);
}

function levelOf(levels: ReadonlyMap<unknown, unknown>, slot: Slot): number {
  const level = levels.get(slot.transceiver.receiver.track.id);
  return typeof level === "number" ? level : 0;
}
