/** One session at the relay: one RTCPeerConnection, offered by us, answered by the relay. */

import type { MeetingMedia, RelayStream, TrackRole } from "@segel/client/api";

import { type Arrivals, arrivalsIn, NOTHING_ARRIVED } from "./arrivals.js";
import { Coalesced } from "./coalesce.js";
import type { OutgoingTracks } from "./local.js";
import { addReceiver, addSender, openPeer, withoutAudioLevel } from "./peer.js";
import { applyQuality, qualityFor } from "./quality.js";
import { type Slot, Slots } from "./slots.js";
import type { StreamId, StreamKind } from "./state.js";

/**
 * While the path is silent, ICE is restarted this often, in milliseconds: the checks of a restart that are
 * under way when the path is back find it at once, while those of an old one have grown rare.
 */
const RESTART_MS = 1_500;
/** How long that goes on before the session counts as lost, in milliseconds; the relay waits for longer. */
const SILENT_MS = 15_000;

/** Refusals of an offer that no repetition mends (docs/protocol/wire.md 5); `away`: there is no server now. */
const FINAL_REFUSALS: readonly unknown[] = ["away", "bad_offer", "no_media", "malformed", "too_large"];
/** The wait before a refused offer is made again: doubles up to the longest, in milliseconds. */
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 3_200;

/** Microphone and camera have their sections from the start. */
const DEVICES = ["audio", "video"] as const satisfies StreamKind[];
/** A shared screen gets its sections with the first one, and they wait for the next. */
const SCREEN = ["screen", "screen-audio"] as const satisfies StreamKind[];

/** The contexts of one's own tracks. */
export type Contexts = Readonly<Record<StreamKind, number>>;
/** The ids of one's own streams at the relay. */
export type Published = Readonly<Record<StreamKind, StreamId | null>>;
/** With no stream at all. */
export const NOTHING: Readonly<Record<StreamKind, null>> = { audio: null, video: null, screen: null, "screen-audio": null };

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
  /** Nothing comes through for the moment; `onConnected` or `onLost` follows. */
  readonly onSilent: () => void;
  /** The relay answered: these are the others' streams now. Told before any event that follows. */
  readonly onStreams: (streams: readonly RelayStream[]) => void;
  /** The browser has taken the answer. */
  readonly onAnswered: () => void;
  /** Told once; the connection is of no further use. */
  readonly onLost: () => void;
}

/** Begins at `negotiate`, ends by `close` or `onLost`. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #peer = openPeer();
  readonly #senders = new Map<StreamKind, RTCRtpTransceiver>();
  readonly #slots: Slots;
  readonly #negotiation = new Coalesced(async () => this.#offerUntilAnswered());
  #wanted: readonly RelayStream[];
  #restart: boolean;
  #begun = false;
  #answered = false;
  #tracks: OutgoingTracks = NOTHING;
  #published: Published = NOTHING;
  #searching: ReturnType<typeof setInterval> | undefined;
  #ended = false;

  constructor(options: ConnectionOptions) {
    const { worker, restart, streams } = options;
    this.#options = options;
    this.#wanted = streams;
    this.#restart = restart;
    for (const kind of DEVICES) this.#addSender(kind);
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
    const before = this.#tracks;
    this.#tracks = tracks;
    await this.#whileOpen(async () => this.#give());
    const other = SCREEN.some((kind) => (tracks[kind] === null) !== (before[kind] === null));
    if (other && !this.#ended && this.#begun) await this.negotiate();
  }

  /** Fit one's own picture to the number of pictures that are shown. */
  async fit(pictures: number): Promise<void> {
    const camera = this.#senders.get("video");
    if (camera !== undefined) await this.#whileOpen(async () => applyQuality(camera.sender, qualityFor(pictures)));
  }

  /** Offer what there is now. Does not reject: what goes wrong loses the connection. */
  async negotiate(): Promise<void> {
    this.#begun = true;
    try {
      await this.#negotiation.run();
    } catch {
      this.#lose();
    }
  }

  /** Look for a path anew, as after a change of network; media goes on where the old one still carries it. */
  restartIce(): void {
    if (this.#ended || !this.#answered) return;
    this.#peer.restartIce();
    void this.negotiate();
  }

  /** What the browser measures now. */
  async arrivals(): Promise<Arrivals> {
    return this.#ended ? NOTHING_ARRIVED : arrivalsIn(await this.#peer.getStats(), this.slots);
  }

  close(): void {
    this.#ended = true;
    clearInterval(this.#searching);
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
    await this.#placeScreen();
    // Here only: an offer and its tracks must speak of the same slots, and making an offer takes time.
    this.#slots.reconcile(this.#wanted);
    this.#options.onSlots();
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    const sdp = this.#peer.localDescription?.sdp ?? "";
    const answer = await this.#options.media.offer(sdp, this.#roles(), this.#restart);
    if (this.#ended) return;
    this.#restart = false;
    this.#answered = true;
    this.#options.onStreams(answer.streams);
    await this.#peer.setRemoteDescription({ type: "answer", sdp: withoutAudioLevel(answer.answer) });
    const published = [...this.#senders].map(([kind, { mid }]) => [kind, answer.published.get(mid ?? "") ?? null]);
    this.#published = { ...NOTHING, ...(Object.fromEntries(published) as Partial<Published>) };
    this.#options.onAnswered();
  }

  #addSender(kind: StreamKind): void {
    this.#senders.set(kind, addSender(this.#peer, this.#options.worker, kind, this.#options.contexts[kind]));
  }

  /** Every sender its track. */
  async #give(): Promise<void> {
    await Promise.all([...this.#senders].map(async ([kind, { sender }]) => give(sender, this.#tracks[kind])));
  }

  /** Sections for what is shared of a screen now, and none for what is not: a stream ends when its section does. */
  async #placeScreen(): Promise<void> {
    for (const kind of SCREEN) {
      const shared = this.#tracks[kind] !== null;
      if (shared && !this.#senders.has(kind)) this.#addSender(kind);
      const transceiver = this.#senders.get(kind);
      if (transceiver !== undefined) transceiver.direction = shared ? "sendonly" : "inactive";
    }
    await this.#give();
  }

  /** What each mid of the offer carries; unused ones are inactive, and not in it. */
  #roles(): ReadonlyMap<string, TrackRole> {
    const tracks = new Map<string, TrackRole>();
    for (const [kind, { mid, direction }] of this.#senders) {
      if (mid !== null && direction === "sendonly") tracks.set(mid, { role: "publish", kind });
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
    if (state === "connected") {
      clearInterval(this.#searching);
      this.#searching = undefined;
      this.#options.onConnected();
    } else if (state === "disconnected" || state === "failed") {
      this.#search();
    }
  }

  /** Restart ICE until the path is back or has been silent for too long. */
  #search(): void {
    if (this.#searching !== undefined || this.#ended) return;
    if (!this.#answered) return this.#lose();
    const until = performance.now() + SILENT_MS;
    this.#searching = setInterval(() => {
      if (performance.now() > until) this.#lose();
      else this.restartIce();
    }, RESTART_MS);
    this.#options.onSilent();
    this.restartIce();
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
