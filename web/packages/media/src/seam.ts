/** What the meeting's logic gives to its media: signalling through the server, and the keys' port. */

import type { Kind, StreamId } from "./state.js";

/** What a track of an offer carries (docs/protocol/media.md 2). */
export type TrackRole =
  | { readonly role: "publish"; readonly kind: Kind }
  | { readonly role: "receive"; readonly stream: StreamId };

/** A stream at the relay. */
export interface RelayStream {
  readonly id: StreamId;
  readonly kind: Kind;
}

/** The relay's answer to an offer. */
export interface RelayAnswer {
  /** Session description, type `answer`. */
  readonly answer: string;
  /** Media id (mid) to the stream id that the relay gave to what is published there. */
  readonly published: ReadonlyMap<string, StreamId>;
  /** The others' streams now. */
  readonly streams: readonly RelayStream[];
}

/** What the relay says unasked. */
export type RelayEvent =
  | { readonly event: "streamAdded"; readonly stream: RelayStream }
  | { readonly event: "streamRemoved"; readonly stream: StreamId }
  | { readonly event: "mediaEnded"; readonly reason: "lost" | "relay" | "stale" };

/**
 * The seam between a meeting and its media.
 *
 * `offer` rejects with an error that has a `code` of docs/protocol/wire.md 5; `no_media` is final
 * until the next `mediaEnded`, everything else is tried again.
 */
export interface Relay {
  offer(
    sdp: string,
    tracks: ReadonlyMap<string, TrackRole>,
    restart: boolean,
  ): Promise<RelayAnswer>;
  watch(streams: readonly StreamId[]): Promise<void>;
  leave(): Promise<void>;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: RelayEvent) => void): () => void;
  /**
   * From the worker that holds the group: an `EpochKey` of @segel/media-worker on every epoch, the
   * present one first. It is handed on to the media worker unread.
   */
  readonly keyPort: MessagePort;
}
