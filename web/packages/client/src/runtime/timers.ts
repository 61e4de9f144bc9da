/** Timers under names: setting one again replaces it, and all end together. */
import type { Surroundings } from "./surroundings.js";

export class Timers {
  readonly #around: Surroundings;
  readonly #running = new Map<string, () => void>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Call back once after so many milliseconds. */
  after(name: string, milliseconds: number, call: () => void): void {
    this.cancel(name);
    const cancel = this.#around.after(milliseconds, () => {
      this.#running.delete(name);
      call();
    });
    this.#running.set(name, cancel);
  }

  /** Call back again and again. */
  every(name: string, milliseconds: number, call: () => void): void {
    this.after(name, milliseconds, () => {
      this.every(name, milliseconds, call);
      call();
    });
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  cancel(name: string): void {
    this.#running.get(name)?.();
    this.#running.delete(name);
  }

  /** End them all. */
  stop(): void {
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
