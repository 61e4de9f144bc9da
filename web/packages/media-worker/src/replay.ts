/** A sliding window over one sender's counters (RFC 9605 section 9.3): each is accepted once. */

import { FrameRefused } from "./errors.js";

const WINDOW = 1_024n;

/** The last 1 024 counters of one (node, KID). */
export class ReplayWindow {
  #next = 0n;
  readonly #seen = new Set<bigint>();

  /** FrameRefused("replayed") where the counter was accepted before, or lies before the window. */
  check(counter: bigint): void {
    if (counter + WINDOW < this.#next || this.#seen.has(counter)) throw new FrameRefused("replayed");
  }

  /** Remember a counter, only after its frame opened: a forged one must not move the window. */
  accept(counter: bigint): void {
    this.check(counter);
    this.#seen.add(counter);
    if (counter < this.#next) return;
    this.#forget(this.#next, counter + 1n);
    this.#next = counter + 1n;
  }

  /** Drop what leaves the window while its end moves from `from` to `to`. */
  #forget(from: bigint, to: bigint): void {
    if (to - from > WINDOW) {
      for (const counter of this.#seen) if (counter + WINDOW < to) this.#seen.delete(counter);
      return;
    }
    for (let end = from; end < to; end++) this.#seen.delete(end - WINDOW);
  }
}
