/** Who is there: heartbeats, and when somebody counts as vanished (docs/protocol/meeting.md 8). Times in milliseconds. */
import type { MediaState } from "../state.js";
import { QUIET } from "../state.js";
import type { Heard, OwnStream } from "./whisper.js";

/** A *here* goes out this often. */
export const HERE_EVERY = 10_000;
/** Present: the last heartbeat is at most this old. */
export const PRESENT_FOR = 20_000;
/** Vanished: nothing was heard for so long, while we could have heard. */
const VANISHED_AFTER = 45_000;

/** What was last heard of a leaf. */
export interface Seen {
  readonly counter: number;
  readonly at: number;
  readonly media: MediaState;
  readonly streams: readonly OwnStream[];
  readonly leaving: boolean;
}

/** The hearing of one epoch. A value: every step gives the next. */
export interface Presence {
  /** Since when this client has been connected and inside the epoch; null while it is not. */
  readonly listening: number | null;
  readonly seen: ReadonlyMap<number, Seen>;
}

export const SILENCE: Presence = { listening: null, seen: new Map() };

/** The connection is inside the epoch from now on: everybody's time starts anew. */
export function listen(presence: Presence, now: number): Presence {
  return { ...presence, listening: now };
}

/** The connection was lost: time no longer counts against anybody. */
export function deafen(presence: Presence): Presence {
  return { ...presence, listening: null };
}

/** The next epoch: counters begin anew; what members said of their devices stays, and who said that they leave still does. */
export function nextEpoch(presence: Presence, removed: readonly number[]): Presence {
  const kept = [...presence.seen].filter(([leaf]) => !removed.includes(leaf));
  return { listening: null, seen: new Map(kept.map(([leaf, seen]) => [leaf, { ...seen, counter: 0 }])) };
}

/** A whisper was heard; null for one whose counter does not rise (sent again, or out of order). */
export function hear(presence: Presence, heard: Heard, now: number): Presence | null {
  const before = presence.seen.get(heard.leaf);
  if (before !== undefined && heard.counter <= before.counter) return null;
  const { saying } = heard;
  if (saying.kind === "ask") {
    const known = before ?? { media: QUIET, streams: [], leaving: false };
    return { ...presence, seen: new Map(presence.seen).set(heard.leaf, { ...known, counter: heard.counter, at: now }) };
  }
  const said = saying.kind === "here" ? { media: saying.media, streams: saying.streams, leaving: false } : { media: QUIET, streams: [], leaving: true };
  return { ...presence, seen: new Map(presence.seen).set(heard.leaf, { counter: heard.counter, at: now, ...said }) };
}

/** Whether the leaf was heard lately. */
export function isPresent(presence: Presence, leaf: number, now: number): boolean {
  const seen = presence.seen.get(leaf);
  return seen !== undefined && !seen.leaving && now - seen.at <= PRESENT_FOR;
}

/** The leaves to remove: who said that they leave, and who vanished while this client listened. */
export function departed(presence: Presence, leaves: readonly number[], now: number): number[] {
  const { listening } = presence;
  if (listening === null) return [];
  return leaves.filter((leaf) => {
    const seen = presence.seen.get(leaf);
    return seen?.leaving === true || now - Math.max(listening, seen?.at ?? listening) > VANISHED_AFTER;
  });
}
