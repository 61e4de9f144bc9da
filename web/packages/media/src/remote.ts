/** Everybody else's streams, as they are shown. */

import type { RelayStream } from "@segel/client/api";

import { type Loudness, SILENCE, Speech } from "./level.js";
import { type Owner, ownerOf } from "./owners.js";
import type { Slot } from "./slots.js";
import type { RemoteStream, StreamId } from "./state.js";

/** After how long without an opened frame a stream no longer flows, in milliseconds. */
const STILL_MS = 2_500;

/** Loudness as measured (0 to 1), by slot. */
export type Levels = ReadonlyMap<number, number>;

/** One stream that the relay has. */
class Remote {
  /** A new one for each connection: an element that plays does not take to a change of tracks everywhere. */
  #media: MediaStream | null = null;
  readonly #speech = new Speech();
  #slot: number | null = null;
  #opened = 0;
  #lastOpened = -Infinity;
  #shown: RemoteStream | null = null;

  /** Show what this slot receives. */
  carry(slot: Slot): void {
    if (slot.number === this.#slot) return;
    this.#slot = slot.number;
    this.#opened = 0;
    this.#media = new MediaStream([slot.transceiver.receiver.track]);
  }

  /** How many frames were opened in its slot so far. */
  count(opened: ReadonlyMap<number, number>, now: number): void {
    const count = this.#slot === null ? 0 : (opened.get(this.#slot) ?? 0);
    if (count > this.#opened) this.#lastOpened = now;
    this.#opened = count;
  }

  /** The same object as before unless something changed; null before a connection carries it. */
  show({ id, kind }: RelayStream, owner: Owner | null, levels: Levels, now: number): RemoteStream | null {
    if (this.#media === null) return null;
    const flowing = now - this.#lastOpened < STILL_MS;
    const loudness = kind === "audio" && flowing ? this.#hear(levels, now) : SILENCE;
    const said = { leaf: owner?.leaf ?? null, kind: owner?.kind ?? kind };
    const next: RemoteStream = { stream: id, ...said, media: this.#media, flowing, ...loudness };
    if (this.#shown === null || !isEqual(next, this.#shown)) this.#shown = next;
    return this.#shown;
  }

  #hear(levels: Levels, now: number): Loudness {
    return this.#speech.next(this.#slot === null ? 0 : (levels.get(this.#slot) ?? 0), now);
  }
}

/** All of them, across connections: a stream keeps its MediaStream when the connection is rebuilt. */
export class RemoteStreams {
  readonly #remotes = new Map<StreamId, Remote>();
  #shown: readonly RemoteStream[] = [];

  /** A connection's slots changed. */
  carry(slots: readonly Slot[]): void {
    for (const slot of slots) if (slot.stream !== null) this.#of(slot.stream).carry(slot);
  }

  /** The worker's report: frames opened, by slot. */
  count(opened: ReadonlyMap<number, number>, now: number): void {
    for (const remote of this.#remotes.values()) remote.count(opened, now);
  }

  /** The snapshot at `now` (milliseconds); the same array as before unless something changed. */
  show(
    streams: readonly RelayStream[],
    owners: ReadonlyMap<StreamId, Owner>,
    levels: Levels,
    now: number,
  ): readonly RemoteStream[] {
    const present = new Set(streams.map(({ id }) => id));
    for (const stream of this.#remotes.keys()) if (!present.has(stream)) this.#remotes.delete(stream);
    const next = streams
      .map((stream) => this.#of(stream.id).show(stream, ownerOf(stream, owners), levels, now))
      .filter((stream) => stream !== null);
    const same = next.length === this.#shown.length && next.every((one, at) => one === this.#shown[at]);
    if (!same) this.#shown = next;
    return this.#shown;
  }

  #of(stream: StreamId): Remote {
    const known = this.#remotes.get(stream);
    if (known !== undefined) return known;
    const remote = new Remote();
    this.#remotes.set(stream, remote);
    return remote;
  }
}

function isEqual(a: RemoteStream, b: RemoteStream): boolean {
  return (Object.keys(a) as (keyof RemoteStream)[]).every((key) => a[key] === b[key]);
}
