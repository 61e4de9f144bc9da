/** One file on its way down: each chunk is opened before a byte of it is written (docs/protocol/files.md 2, blobs.md 4). */
import type { Surroundings } from "../runtime/surroundings.js";
import { BadFile, FileOpener } from "./sealing.js";
import type { FileReference } from "./reference.js";
import type { Sink } from "./sink.js";
import { ask, Failed, Patience, retryAfter, type Place } from "./transfer.js";

/** What a download tells. */
export interface DownloadUser {
  /** So many bytes of the file are opened and written. */
  written(bytes: number): void;
  /** The server cannot be reached for the moment, or can again. */
  waiting(so: boolean): void;
}

/** Download the file into the sink, which is finished when the file is whole, and discarded else. Rejects with Failed, and with AbortError. */
export async function download(file: FileReference, place: Place, sink: Sink, around: Surroundings, user: DownloadUser, signal: AbortSignal): Promise<void> {
  try {
    await new Download(await FileOpener.of(file.size, file), place, sink, around, user).run(file.hash, signal);
    await sink.finish();
  } catch (error) {
    await sink.discard().catch(() => undefined);
    if (signal.aborted || error instanceof Failed) throw error;
    throw new Failed(error instanceof BadFile ? "bad" : "unwritten");
  }
}

class Download {
  readonly #opener: FileOpener;
  readonly #place: Place;
  readonly #sink: Sink;
  readonly #user: DownloadUser;
  readonly #patience: Patience;
  #written = 0;

  constructor(opener: FileOpener, place: Place, sink: Sink, around: Surroundings, user: DownloadUser) {
    this.#opener = opener;
    this.#place = place;
    this.#sink = sink;
    this.#user = user;
    this.#patience = new Patience(around);
  }

  async run(hash: Uint8Array, signal: AbortSignal): Promise<void> {
    while (this.#opener.wants > 0) {
      const answer = await ask(this.#place, "GET", { Range: `bytes=${this.#opener.offset}-` }, signal).catch(() => null);
      signal.throwIfAborted();
      const body = answer === null ? null : this.#bodyOf(answer);
      if (body !== null) await this.#take(body, signal);
      if (this.#opener.wants === 0) break;
      this.#user.waiting(true);
      await this.#patience.wait(signal, answer === null ? 0 : retryAfter(answer));
    }
    await this.#opener.finish(hash);
  }

  /** Null for what may be better in a while. */
  #bodyOf(answer: Response): ReadableStream<Uint8Array<ArrayBuffer>> | null {
    if (answer.status === 404) throw new Failed("gone");
    if (answer.status === 416) throw new BadFile("the blob is shorter than the file");
    if (answer.status !== 206) return null;
    if (answer.headers.get("Content-Range") !== `bytes ${this.#opener.offset}-${this.#opener.sealed - 1}/${this.#opener.sealed}`) {
      throw new BadFile("the blob has another size than the file");
    }
    return answer.body;
  }

  /** Reads chunk after chunk until the connection ends; a chunk that came in part is asked for again. */
  async #take(body: ReadableStream<Uint8Array<ArrayBuffer>>, signal: AbortSignal): Promise<void> {
    const reader = body.getReader();
    let chunk = new Uint8Array(this.#opener.wants);
    let filled = 0;
    try {
      for (;;) {
        const read = await reader.read().catch(() => null);
        signal.throwIfAborted();
        if (read === null || read.done) return;
        for (let rest = read.value; rest.length > 0; ) {
          const part = rest.subarray(0, chunk.length - filled);
          if (part.length === 0) throw new BadFile("more came than the file has");
          chunk.set(part, filled);
          filled += part.length;
          rest = rest.subarray(part.length);
          if (filled < chunk.length) continue;
          await this.#write(chunk);
          chunk = new Uint8Array(this.#opener.wants);
          filled = 0;
        }
      }
    } finally {
      reader.cancel().catch(() => undefined);
    }
  }

  async #write(chunk: Uint8Array<ArrayBuffer>): Promise<void> {
    const plain = await this.#opener.open(chunk);
    await this.#sink.write(plain);
    this.#written += plain.length;
    this.#patience.reset();
    this.#user.waiting(false);
    this.#user.written(this.#written);
  }
}
