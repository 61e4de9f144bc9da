/** What a user interface calls: the client's public interface, without its workings. */
import type { Asking, MediaState, MeetingState, StreamKind, SuiteName } from "./state.js";

/** What a stream carries, which is all that a relay knows of it; stream ids are hex here and everywhere in the page. */
export type Kind = "audio" | "video";

/** What a stream of this kind carries. */
export const CARRIES: Readonly<Record<StreamKind, Kind>> = { audio: "audio", video: "video", screen: "video", "screen-audio": "audio" };

/** What a track of an offer carries (docs/protocol/media.md 2). */
export type TrackRole =
  | { readonly role: "publish"; readonly kind: StreamKind }
  | { readonly role: "receive"; readonly stream: string };

/** A stream at the relay. Whose it is stands in `Person.streams`. */
export interface RelayStream {
  readonly id: string;
  readonly kind: Kind;
}

/** The relay's answer to an offer; `published` maps mids to the stream ids that it gave. */
export interface RelayAnswer {
  readonly answer: string;
  readonly published: ReadonlyMap<string, string>;
  readonly streams: readonly RelayStream[];
}

export type RelayEvent =
  | { readonly event: "streamAdded"; readonly stream: RelayStream }
  | { readonly event: "streamRemoved"; readonly stream: string }
  /** All that others have there now: what changed while the group moved on was not told. */
  | { readonly event: "streams"; readonly streams: readonly RelayStream[] }
  /** The session at the relay ended: offer again with `restart`. The end of a connection is `lost`. */
  | { readonly event: "mediaEnded"; readonly reason: "lost" | "relay" | "stale" };

/** What the media worker receives on the key port, once for every epoch. */
export interface EpochKey {
  readonly node: Uint8Array<ArrayBuffer>;
  readonly epoch: number;
  /** This member's own leaf. */
  readonly leaf: number;
  /** 16 bytes: RFC 9605's base key of the epoch. */
  readonly baseKey: Uint8Array<ArrayBuffer>;
}

/** Why something could not be done. `code` is the server's (docs/protocol/wire.md 5), or one of these. */
export class MeetingError extends Error {
  override name = "MeetingError";
  readonly code: string;

  constructor(code: "away" | "bad-link" | "internal" | (string & {}), detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The seam between a meeting and its media: signalling and keys, no pictures. */
export interface MeetingMedia {
  /** Send an offer to the relay. Rejects with MeetingError. */
  offer(sdp: string, tracks: ReadonlyMap<string, TrackRole>, restart: boolean): Promise<RelayAnswer>;
  /** Say which video streams are on screen, and which of them small. */
  watch(streams: readonly string[], small: readonly string[]): Promise<void>;
  leave(): Promise<void>;
  subscribe(listener: (event: RelayEvent) => void): () => void;
  /** EpochKey messages arrive on it, beginning with the present epoch's. Handed on to the media worker unread. */
  readonly keyPort: MessagePort;
  /** Tell the meeting how many frames were dropped since the last call; shown in the seal. */
  countDropped(frames: number): void;
}

/** What a host does. Accounts are those of `Person` and `Waiter`. */
export type HostAct =
  /** Let somebody in from the lobby, or send them away. */
  | { readonly act: "admit" | "deny"; readonly account: string }
  /** Take somebody out for good; the lobby goes on, since whoever has the link can make a new account. */
  | { readonly act: "kick"; readonly account: string }
  /** Make somebody a host as well. */
  | { readonly act: "promote"; readonly account: string }
  /** Be no host any more; somebody else must be one. */
  | { readonly act: "step-down" }
  | { readonly act: "lobby" | "lock"; readonly on: boolean }
  /** Ask somebody, or with null everybody, to mute themselves or lower their hand. */
  | { readonly act: "ask"; readonly what: Asking; readonly account: string | null }
  /** End the meeting for all; a host can open it again. */
  | { readonly act: "end" }
  /** The link lets nobody in any more, for good. Who is here stays. */
  | { readonly act: "revoke" };

/** A file that is given, read piece by piece: a page's File. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** What `showSaveFilePicker` gives: where the person wants a file to be. */
export type SavedFile = FileSystemFileHandle;

/** A picture that may be shown: its type is that of its bytes, its size is within bounds. */
export interface Preview {
  readonly picture: Blob;
  readonly width: number;
  readonly height: number;
}

/** Files in a meeting (docs/protocol/files.md); how far they are stands in `MeetingState.transfers`. */
export interface MeetingFiles {
  /** Upload a file; its message is sent when it is durable. Resolves with the transfer's id at once. */
  send(file: GivenFile): Promise<string>;
  pause(transfer: string): Promise<void>;
  /** Go on with what was paused; try anew what failed. */
  resume(transfer: string): Promise<void>;
  cancel(transfer: string): Promise<void>;
  /**
   * Download the message's file to where the person chose. Without a choice it resolves with the file, whole and
   * authentic, for the page to hand to the browser. Rejects with MeetingError, whose code is a FileProblem.
   */
  save(message: string, chosen: SavedFile | null): Promise<Blob | null>;
  /** The picture that the message's file is; null where it is none that is shown. */
  preview(message: string): Promise<Preview | null>;
  /** The PDF that the message's file is by its bytes; null where it is none. It is for a frame without an origin alone. */
  document(message: string): Promise<ArrayBuffer | null>;
}

/** A meeting that this client is in, or at the door of. Every method may be called in any phase. */
export interface Meeting {
  readonly state: MeetingState;
  readonly media: MeetingMedia;
  readonly files: MeetingFiles;
  /** The whole link, with its fragment. */
  readonly link: string;
  /** Calls the listener after each change; returns the function that ends it. */
  subscribe(listener: (state: MeetingState) => void): () => void;
  /** Shown at once; resolves when it is shown, not when it is stored. */
  send(text: string, options?: { readonly replyTo?: string }): Promise<void>;
  edit(message: string, text: string): Promise<void>;
  delete(message: string): Promise<void>;
  /** Send a message whose delivery failed; or take it out of the chat, where nobody else has seen it. */
  retry(message: string): Promise<void>;
  discard(message: string): Promise<void>;
  /** Adds the sign, or takes it back with `on` false. */
  react(message: string, sign: string, on?: boolean): Promise<void>;
  setMedia(media: Partial<MediaState>): void;
  /** Do what only a host may. Rejects with MeetingError: `not-host`, `away`, or the server's code. */
  govern(act: HostAct): Promise<void>;
  /** Knock again after `removed`, `replaced` or `ended`, and try a connection that is away at once. After `left`, join again by the client. */
  rejoin(): void;
  /** Say goodbye so that the others change keys, then stop. */
  leave(): Promise<void>;
  /** Say goodbye and drop the connection without waiting: for a page that goes away. */
  close(): void;
  /** The 30 digits of this epoch, six groups of five; they stand in `state.seal.code` then. */
  computeCode(): Promise<readonly string[]>;
}

/** How a meeting's link lets people in. */
export interface LinkOptions {
  /** `equals`: whoever has the link, with nobody in charge (the default); `link`: the same, with its maker as host; `lobby`: whom a host lets in. */
  readonly door?: "equals" | "link" | "lobby";
  /** Until when the link lets somebody in, in milliseconds of Unix time. With it the meeting can begin and end many times. */
  readonly until?: number;
}

export interface StartOptions extends LinkOptions {
  readonly name: string;
  readonly invitation?: string;
  readonly suite?: SuiteName;
  /** How long the server keeps the meeting's ciphertext; 1 when not given. */
  readonly ttlDays?: 1 | 7 | 30 | 90;
}

export interface JoinOptions {
  readonly name: string;
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
  /** Makes a new meeting with a link of its own; resolves once it stands, or with one that `failed`, or whose connection is `away` and that stands when it is back. */
  startMeeting(options: StartOptions): Promise<Meeting>;
  /** Makes a link for later; the meeting begins when who may open it comes. Nothing is sent. */
  makeLink(options: LinkOptions): Promise<string>;
  /** Knocks at the meeting of the link. Rejects with MeetingError `bad-link`. */
  joinMeeting(link: string, options: JoinOptions): Promise<Meeting>;
  close(): void;
}
