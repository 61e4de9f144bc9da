/** Counts what was opened and dropped, and reports it at most once a second. */

import type { DropCause } from "./errors.js";
import type { WorkerReport } from "./messages.js";

const REPORT_MS = 1_000;

/** Totals since the worker began. */
export class Counts {
  readonly #dropped: Record<DropCause, number> = {
    malformed: 0,
    unknown_key: 0,
    wrong_member: 0,
    forged: 0,
    replayed: 0,
    unsent: 0,
  };
  readonly #opened = new Map<number, number>();
  #changed = false;
  #resting = false;

  readonly #report: (report: WorkerReport) => void;

  constructor(report: (report: WorkerReport) => void) {
    this.#report = report;
  }

  /** A frame was refused. */
  drop(cause: DropCause): void {
    this.#dropped[cause]++;
    this.#touch();
  }

  /** A frame was opened in this slot. */
  open(slot: number): void {
    this.#opened.set(slot, (this.#opened.get(slot) ?? 0) + 1);
    this.#touch();
  }

  /** The slot's transceiver ended. */
  forget(slot: number): void {
    this.#opened.delete(slot);
  }

  #touch(): void {
    this.#changed = true;
    if (!this.#resting) this.#send();
  }

  #send(): void {
    this.#resting = this.#changed;
    if (!this.#changed) return;
    this.#changed = false;
    this.#report({ dropped: { ...this.#dropped }, opened: new Map(this.#opened) });
    setTimeout(() => this.#send(), REPORT_MS);
  }
}
