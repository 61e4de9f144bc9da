import { expect, test } from "vitest";
import { deafen, departed, hear, isPresent, listen, nextEpoch, SILENCE, type Presence } from "../src/meeting/presence.js";
import { turn } from "../src/meeting/turns.js";
import { QUIET } from "../src/state.js";

const S = 1000;

function heardAt(presence: Presence, leaf: number, counter: number, at: number): Presence {
  return hear(presence, { leaf, counter, saying: { kind: "here", media: QUIET, streams: [] } }, at) ?? presence;
}

/** What happens at which second, and who is departed at the end: leaf 1 of leaves 1 and 2. */
const TABLE: readonly [string, (start: Presence) => Presence, number, readonly number[]][] = [
  ["silent for 45 s: still there", (p) => listen(p, 0), 45, []],
  ["silent for 46 s: vanished", (p) => listen(p, 0), 46, [1, 2]],
  ["one heard at 10 s: only the other vanished at 50 s", (p) => heardAt(listen(p, 0), 1, 1, 10 * S), 50, [2]],
  ["we were away: nobody vanishes", (p) => deafen(heardAt(listen(p, 0), 1, 1, 0)), 500, []],
  ["we came back at 100 s: time begins anew", (p) => listen(deafen(listen(p, 0)), 100 * S), 140, []],
  ["we came back at 100 s and heard nothing until 146 s", (p) => listen(deafen(listen(p, 0)), 100 * S), 146, [1, 2]],
  ["a new epoch that was not entered yet counts nothing", (p) => nextEpoch(listen(p, 0), []), 100, []],
];

test.each(TABLE)("%s", (_, play, seconds, expected) => {
  expect(departed(play(SILENCE), [1, 2], seconds * S)).toEqual(expected);
});

test("who says that it leaves is departed at once, also in the epoch after, and not once it was removed", () => {
  const presence = hear(listen(SILENCE, 0), { leaf: 1, counter: 1, saying: { kind: "leaving" } }, S);
  expect(departed(presence ?? SILENCE, [1, 2], S)).toEqual([1]);
  expect(departed(listen(nextEpoch(presence ?? SILENCE, []), S), [1, 2], S)).toEqual([1]);
  expect(departed(listen(nextEpoch(presence ?? SILENCE, [1]), S), [1, 2], S)).toEqual([]);
});

test("a whisper that is sent again is not heard; in a new epoch counters begin anew", () => {
  const presence = heardAt(listen(SILENCE, 0), 1, 5, 0);
  expect(hear(presence, { leaf: 1, counter: 5, saying: { kind: "leaving" } }, 1)).toBeNull();
  expect(hear(nextEpoch(presence, []), { leaf: 1, counter: 1, saying: { kind: "leaving" } }, 1)).not.toBeNull();
  expect([isPresent(presence, 1, 20 * S), isPresent(presence, 1, 21 * S), isPresent(presence, 2, 0)]).toEqual([true, false, false]);
});

test("the lowest present leaf acts at once, the others each a while later", () => {
  expect(turn(0, [1, 2], 0.5)).toBe(0);
  expect(turn(1, [2], 0.5)).toBe(0);
  expect(turn(2, [0, 1], 0)).toBe(3000);
  expect(turn(2, [0, 1], 0.99)).toBeLessThan(3500);
});
