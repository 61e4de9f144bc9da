/** Whose turn it is to commit (docs/protocol/meeting.md 6): the lowest present leaf, the others each a while later. */

/** Milliseconds between one present leaf's turn and the next one's. */
const TURN = 1500;
const JITTER = 500;
/** Milliseconds for which knocks are collected into one commit. */
export const GATHER = 50;

/**
 * How long this leaf waits before it does what is still to be done; `random` is in [0, 1).
 *
 * `present` are the leaves that were heard lately, without those that are to be removed.
 */
export function turn(own: number, present: readonly number[], random: number): number {
  const before = present.filter((leaf) => leaf < own).length;
  return before === 0 ? 0 : before * TURN + Math.floor(random * JITTER);
}
