/** How well things come through, from what the browser measured. Pure, but for what was measured before. */

import type { LinkQuality, LinkReason } from "./state.js";

/** Totals of one received stream since it began; `frozen` in seconds. */
export interface Totals {
  readonly received: number;
  readonly lost: number;
  readonly frozen: number;
}

/** What was measured of somebody: shares (0 to 1) of packets lost and of time that pictures stood still; the round trip in seconds. */
export type Measured = Readonly<Record<LinkReason, number>>;

/** From where on each is worth telling, and from where on it is poor: people talk over each other, or lose words. */
const LIMITS: Readonly<Record<LinkReason, readonly [fair: number, poor: number]>> = {
  loss: [0.03, 0.1],
  delay: [0.3, 0.6],
  freezes: [0.05, 0.25],
};
const REASONS = ["loss", "delay", "freezes"] as const satisfies LinkReason[];

const ORDER: readonly LinkQuality["grade"][] = ["good", "fair", "poor"];

export const GOOD: LinkQuality = { grade: "good", reasons: [] };

/** The grade, and what it is not better for. */
export function gradeOf(measured: Measured): LinkQuality {
  const reasons = REASONS.filter((reason) => measured[reason] >= LIMITS[reason][0]);
  if (reasons.length === 0) return GOOD;
  const poor = REASONS.some((reason) => measured[reason] >= LIMITS[reason][1]);
  return { grade: poor ? "poor" : "fair", reasons };
}

/** What happened to somebody's streams between two looks, `seconds` apart; `delay` is the round trip in seconds. */
export function measure(streams: readonly { before: Totals; now: Totals }[], seconds: number, delay: number): Measured {
  const sum = (field: keyof Totals): number => streams.reduce((total, { before, now }) => total + Math.max(0, now[field] - before[field]), 0);
  const lost = sum("lost");
  const packets = lost + sum("received");
  // Longer than the time that was looked at: it was paused or off before, and now goes on.
  const frozen = streams.map(({ before, now }) => now.frozen - before.frozen).filter((each) => each <= seconds);
  return { loss: packets === 0 ? 0 : lost / packets, delay, freezes: Math.max(0, ...frozen) / seconds };
}

/** One stream's totals at one look, and whose they are. */
export interface Look extends Totals {
  readonly slot: number;
  readonly leaf: number | null;
}

/** The better of two looks: a moment's trouble is not worth a mark. */
function better(now: LinkQuality, before: LinkQuality = GOOD): LinkQuality {
  return ORDER.indexOf(now.grade) <= ORDER.indexOf(before.grade) ? now : before;
}

/** Grades everybody from look to look. What is bad is told once two looks found it so, what is good at once. */
export class Grades {
  #measured: ReadonlyMap<number, LinkQuality> = new Map();
  #before = new Map<number, Totals>();
  #at = -Infinity;
  #shown: ReadonlyMap<number, LinkQuality> = new Map();

  /** By leaf; the same map as before unless something changed. `now` in milliseconds. */
  next(looks: readonly Look[], delay: number, now: number): ReadonlyMap<number, LinkQuality> {
    const seconds = (now - this.#at) / 1000;
    const spans = new Map<number, { before: Totals; now: Totals }[]>();
    for (const look of looks) {
      const before = this.#before.get(look.slot);
      if (look.leaf !== null && before !== undefined) spans.set(look.leaf, [...(spans.get(look.leaf) ?? []), { before, now: look }]);
    }
    this.#before = new Map(looks.map((look) => [look.slot, look]));
    this.#at = now;
    const measured = new Map([...spans].map(([leaf, streams]) => [leaf, gradeOf(measure(streams, seconds, delay))]));
    const next = new Map([...measured].map(([leaf, quality]) => [leaf, better(quality, this.#measured.get(leaf))]));
    this.#measured = measured;
    if (!isEqual(next, this.#shown)) this.#shown = next;
    return this.#shown;
  }
}

function isEqual(a: ReadonlyMap<number, LinkQuality>, b: ReadonlyMap<number, LinkQuality>): boolean {
  const text = (map: ReadonlyMap<number, LinkQuality>): string => JSON.stringify([...map]);
  return text(a) === text(b);
}
