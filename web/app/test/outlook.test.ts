/** Who is large, whose hand is first, and what a key does: the ways to look at a meeting. */

import { describe, expect, it, vi } from "vitest";
import { person } from "../src/fixtures/meeting.js";
import { follow, keyOf, largest, NOBODY, SPEAKS_FOR } from "../src/features/meeting/spotlight.js";
import type { Seat } from "../src/features/meeting/tile.js";
import { handsAfter, isLarge, plainOutlook, turned } from "../src/state/outlook.js";
import { createTalk } from "../src/state/talk.js";

function seat(index: number, more: Partial<Seat> = {}): Seat {
  return { person: person(index, index === 0), screen: false, stream: null, picture: null, flowing: false, speaking: false, muted: false, link: "good", ...more };
}
const seats = (...speaking: readonly number[]): readonly Seat[] => [1, 2, 3, 0].map((index) => seat(index, { speaking: speaking.includes(index) }));
const account = (index: number): string => person(index).account;

describe("the spotlight", () => {
  it("begins with somebody else, and turns to who speaks long enough", () => {
    let spot = follow(NOBODY, seats(), 0);
    expect(spot.key).toBe(account(1));
    spot = follow(spot, seats(2), 100);
    spot = follow(spot, seats(2), 99 + SPEAKS_FOR);
    expect(spot.key).toBe(account(1));
    expect(follow(spot, seats(2), 100 + SPEAKS_FOR).key).toBe(account(2));
  });

  it("does not turn for a cough, for oneself, or away from who still speaks", () => {
    let spot = follow(NOBODY, seats(), 0);
    spot = follow(spot, seats(2), 100);
    spot = follow(spot, seats(), 400);
    expect(follow(spot, seats(2), 10_000).key).toBe(account(1));
    expect(follow(follow(spot, seats(0), 500), seats(0), 9_000).key).toBe(account(1));
    expect(follow(follow(spot, seats(1, 2), 500), seats(1, 2), 9_000).key).toBe(account(1));
  });

  it("goes on when the one who was large went", () => {
    const spot = follow(NOBODY, seats(), 0);
    expect(follow(spot, seats(3).slice(1), 10).key).toBe(account(3));
  });

  it("gives way to a screen, and both to what is pinned", () => {
    const spot = follow(NOBODY, seats(), 0);
    const all = [seat(3, { screen: true, stream: "s" }), ...seats()];
    expect(largest(seats(), null, spot)?.person.account).toBe(account(1));
    expect(keyOf(largest(all, null, spot) ?? seat(0))).toBe("s");
    expect(largest(all, account(2), spot)?.person.account).toBe(account(2));
    expect(keyOf(largest(all, "gone", spot) ?? seat(0))).toBe("s");
  });
});

describe("the outlook", () => {
  it("shows a screen large by itself until one chose otherwise", () => {
    expect(isLarge(plainOutlook, false)).toBe(false);
    expect(isLarge(plainOutlook, true)).toBe(true);
    expect(isLarge({ ...plainOutlook, arranging: "grid" }, true)).toBe(false);
    expect(isLarge({ ...plainOutlook, arranging: "grid", pinned: "a" }, false)).toBe(true);
    expect(turned({ ...plainOutlook, pinned: "a" }, false)).toEqual({ arranging: "grid", pinned: null });
    expect(turned(plainOutlook, false)).toEqual({ arranging: "speaker", pinned: null });
  });

  it("keeps the order in which hands went up", () => {
    const up = (...indexes: readonly number[]) => [0, 1, 2].map((index) => {
      const each = person(index);
      return { ...each, media: { ...each.media, hand: indexes.includes(index) } };
    });
    let hands = handsAfter([], up(2));
    hands = handsAfter(hands, up(0, 2));
    expect(hands).toEqual([account(2), account(0)]);
    expect(handsAfter(hands, up(0, 2))).toBe(hands);
    expect(handsAfter(handsAfter(hands, up(0)), up(0, 2))).toEqual([account(0), account(2)]);
  });
});

describe("push to talk", () => {
  const microphone = (muted: boolean) => ({ isMuted: () => muted, set: vi.fn(), show: vi.fn() });

  it("opens a muted microphone while held, once", () => {
    const muted = microphone(true);
    const talk = createTalk(muted);
    talk.end();
    talk.begin();
    talk.begin();
    talk.end();
    talk.end();
    expect(muted.set.mock.calls).toEqual([[true], [false]]);
    expect(muted.show.mock.calls).toEqual([[true], [false]]);
  });

  it("leaves a microphone alone that is on", () => {
    const open = microphone(false);
    const talk = createTalk(open);
    talk.begin();
    talk.end();
    expect(open.set).not.toHaveBeenCalled();
  });
});
