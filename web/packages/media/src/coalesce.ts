/** One run at a time; asked for again meanwhile, one more run follows, however often it was asked. */

/** Runs `work`, never twice at once. */
export class Coalesced {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Settles once a run that began after this call did. Rejects if a run did; later calls start anew. */
  async run(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#loop().finally(() => (this.#running = null));
    return this.#running;
  }

  async #loop(): Promise<void> {
    // `work` may ask for the next run at once: by then this run has to be known.
    await Promise.resolve();
    while (this.#again) {
      this.#again = false;
      await this.#work();
    }
  }
}
