/** Who is drawn large: what is pinned, else a shared screen, else who speaks. Pure; time is given, in milliseconds. */

import type { Seat } from "./tile.js";

/** Somebody must speak this long before the picture changes to them: a cough or a yes does not. */
export const SPEAKS_FOR = 1_500;

/** Who was large last, and who is about to be. */
export interface Spotlight {
  readonly key: string | null;
  readonly next: string | null;
  /** Since when `next` speaks. */
  readonly since: number;
}

export const NOBODY: Spotlight = { key: null, next: null, since: 0 };

/** What tells a seat from all others: a screen's stream, or a person's account. */
export function keyOf(seat: Seat): string {
  return seat.screen ? (seat.stream ?? "") : seat.person.account;
}

/** The next spotlight. It stays where it is while that person speaks or all are silent, and never turns to oneself. */
export function follow(before: Spotlight, seats: readonly Seat[], now: number): Spotlight {
  const others = seats.filter((seat) => !seat.screen && !seat.person.you);
  const present = others.some((seat) => keyOf(seat) === before.key);
  const speakers = others.filter((seat) => seat.speaking).map(keyOf);
  const key = present ? before.key : (speakers[0] ?? (others[0] === undefined ? null : keyOf(others[0])));
  if (speakers.length === 0 || (key !== null && speakers.includes(key))) return { key, next: null, since: now };
  const next = before.next !== null && speakers.includes(before.next) ? before.next : (speakers[0] ?? null);
  const since = next === before.next ? before.since : now;
  return now - since >= SPEAKS_FOR ? { key: next, next: null, since: now } : { key, next, since };
}

/** The seat that is drawn large. */
export function largest(seats: readonly Seat[], pinned: string | null, spotlight: Spotlight): Seat | undefined {
  return seats.find((seat) => keyOf(seat) === pinned)
    ?? seats.find((seat) => seat.screen)
    ?? seats.find((seat) => keyOf(seat) === spotlight.key)
    ?? seats[0];
}
