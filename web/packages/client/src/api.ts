/** What a user interface calls: the client's public interface, without its workings. */
import type { MediaState, MeetingState, SuiteName } from "./state.js";

/** What a track of an offer carries, by its mid. Stream ids are hex here and everywhere in the page. */
export type Track =
  | { readonly publish: "audio" | "video" }
  | { readonly receive: string };

/** A stream at the relay. `leaf` is whose it is by their own word, null until they said so. */
export interface RemoteStream {
  readonly stream: string;
  readonly kind: "audio" | "video";
  readonly leaf: number | null;
}

/** The relay's answer to an offer; `published` maps mids to the stream ids that it gave. */
export interface MediaAnswer {
  readonly answer: string;
  readonly published: Readonly<Record<string, string>>;
  readonly streams: readonly RemoteStream[];
}

export type MediaEvent =
  /** Streams were added or removed, or their owners became known: the whole list. */
  | { readonly kind: "streams"; readonly streams: readonly RemoteStream[] }
  /** The session at the relay ended; offer again with `restart`. */
  | { readonly kind: "ended"; readonly reason: "lost" | "relay" | "stale" | "connection" };

/** What the media worker receives on a key port, once for every epoch. `node` is hex. */
export interface EpochKey {
  readonly node: string;
  readonly epoch: bigint;
  /** This member's own leaf. */
  readonly leaf: number;
  /** 16 bytes: RFC 9605's base key of the epoch. */
  readonly baseKey: Uint8Array;
}

/** The seam between a meeting and its media: signalling and keys, no pictures. */
export interface MeetingMedia {
  /** Send an offer to the relay. Rejects with MeetingError `no-media`, `bad-offer` or `away`. */
  offer(offer: string, tracks: Readonly<Record<string, Track>>, restart: boolean): Promise<MediaAnswer>;
  /** Say which video streams are on screen. */
  watch(streams: readonly string[]): Promise<void>;
  leave(): Promise<void>;
  /** The streams of others now. */
  streams(): readonly RemoteStream[];
  subscribe(listener: (event: MediaEvent) => void): () => void;
  /** A new port for a media worker; EpochKey messages arrive on it, beginning with the present epoch's. */
  openKeyPort(): MessagePort;
  /** Tell the meeting how many frames were dropped since the last call; shown in the seal. */
  countDropped(frames: number): void;
}

/** A meeting that this client is in, or at the door of. Every method may be called in any phase. */
export interface Meeting {
  readonly state: MeetingState;
  readonly media: MeetingMedia;
  /** The whole link, with its fragment. */
  readonly link: string;
  /** Calls the listener after each change; returns the function that ends it. */
  subscribe(listener: (state: MeetingState) => void): () => void;
  /** Shown at once; resolves when it is shown, not when it is stored. */
  send(text: string, options?: { readonly replyTo?: string }): Promise<void>;
  edit(message: string, text: string): Promise<void>;
  delete(message: string): Promise<void>;
  /** Adds the sign, or takes it back with `on` false. */
  react(message: string, sign: string, on?: boolean): Promise<void>;
  setMedia(media: Partial<MediaState>): void;
  /** Knock again after `removed` or `left`. */
  rejoin(): void;
  /** Say goodbye so that the others change keys, then stop. */
  leave(): Promise<void>;
  /** Leave and drop the connection without waiting: for a page that goes away. */
  close(): void;
  /** The 30 digits of this epoch, six groups of five; they stand in `state.seal.code` then. */
  computeCode(): Promise<readonly string[]>;
}

export interface StartOptions {
  readonly name: string;
  readonly invitation?: string;
  readonly suite?: SuiteName;
  /** How long the server keeps the meeting's ciphertext; 1 when not given. */
  readonly ttlDays?: 1 | 7 | 30 | 90;
}

/** What a client needs of its surroundings; the page's entry gives the browser's. */
export interface ClientOptions {
  /** The server's origin, as in `https://meet.example`. */
  readonly origin: string;
  /** Makes the worker that holds all secrets; a Trusted Types page makes it by its own policy. */
  readonly worker: () => Worker;
}

/** One person's client: their account, and the meetings that they open. */
export interface Client {
  readonly account: string;
  /** Makes a new meeting with a link of its own. Rejects with MeetingError. */
  startMeeting(options: StartOptions): Promise<Meeting>;
  /** Knocks at the meeting of the link. Rejects with MeetingError `bad-link`. */
  joinMeeting(link: string, options: { readonly name: string }): Promise<Meeting>;
  close(): void;
}
