/** One file on its way up: sealed slice by slice, and resumed where the server has it (docs/protocol/files.md 2, blobs.md 3). */
import type { Surroundings } from "../runtime/surroundings.js";
import { BadFile, FileSealer, type FileKey, type Source } from "./sealing.js";
import { ask, Failed, Patience, retryAfter, type Place } from "./transfer.js";

/** Chunks of a slice: 4 MiB, which a proxy passes, and which show progress on a slow line. */
const SLICE_CHUNKS = 4;

/** A sealed part of the blob. It is kept until it is on the server's disk: no chunk is ever sealed twice. */
interface Slice {
  readonly start: number;
  readonly end: number;
  readonly bytes: Blob;
}

/** What an upload tells. */
export interface UploadUser {
  /** So many bytes of the blob are on disk. */
  durable(bytes: number): void;
  /** The server cannot be reached for the moment, or can again. */
  waiting(so: boolean): void;
}

/** Seals and sends; `place.secret` is the write token. */
export class Upload {
  readonly #place: Place;
  readonly #sealer: FileSealer;
  readonly #user: UploadUser;
  readonly #patience: Patience;
  #current: Slice | null = null;
  #following: Promise<Slice | null> | null = null;
  #offset = 0;

  private constructor(place: Place, sealer: FileSealer, around: Surroundings, user: UploadUser) {
    this.#place = place;
    this.#sealer = sealer;
    this.#patience = new Patience(around);
    this.#user = user;
  }

  static async of(source: Source, key: FileKey, place: Place, around: Surroundings, user: UploadUser): Promise<Upload> {
    return new Upload(place, await FileSealer.of(source, key), around, user);
  }

  /**
   * Send until the blob is complete; its hash. After an abort it can be called again, and goes on. Rejects with Failed, and
   * with AbortError.
   */
  async run(signal: AbortSignal): Promise<Uint8Array> {
    // What an abort cut off may have arrived in part.
    if (this.#current !== null) await this.#resume(signal);
    for (;;) {
      this.#current ??= await this.#take();
      if (this.#current === null) break;
      // The next slice is sealed while this one is on its way.
      this.#following ??= this.#seal(this.#current.end);
      this.#following.catch(() => undefined);
      await this.#send(this.#current, signal);
      this.#current = null;
    }
    if (this.#offset !== this.#sealer.sealed) throw new Failed("lost");
    return this.#sealer.hash();
  }

  async #take(): Promise<Slice | null> {
    const slice = await (this.#following ?? this.#seal());
    this.#following = null;
    return slice;
  }

  async #seal(start = 0): Promise<Slice | null> {
    const chunks: Uint8Array<ArrayBuffer>[] = [];
    try {
      while (chunks.length < SLICE_CHUNKS) {
        const chunk = await this.#sealer.next();
        if (chunk === null) break;
        chunks.push(chunk);
      }
    } catch (error) {
      throw new Failed(error instanceof BadFile || error instanceof DOMException ? "changed" : "unreadable");
    }
    const bytes = new Blob(chunks);
    return chunks.length === 0 ? null : { start, end: start + bytes.size, bytes };
  }

  async #send(slice: Slice, signal: AbortSignal): Promise<void> {
    while (this.#offset < slice.end) {
      const headers = { "Upload-Offset": String(this.#offset), "Content-Type": "application/octet-stream" };
      const rest = slice.bytes.slice(this.#offset - slice.start);
      const answer = await ask(this.#place, "PUT", headers, signal, rest).catch(() => null);
      signal.throwIfAborted();
      if (answer?.status === 204) this.#moved(answer);
      else await this.#recover(answer, signal);
    }
  }

  /** What the answer says is durable. The server cannot have more than was sent, and must not have less than it said. */
  #moved(answer: Response): void {
    const slice = this.#current;
    const offset = Number(answer.headers.get("Upload-Offset") ?? NaN);
    if (slice === null || !Number.isSafeInteger(offset) || offset < slice.start || offset > slice.end) throw new Failed("lost");
    if (offset > this.#offset) this.#patience.reset();
    this.#offset = offset;
    this.#user.waiting(false);
    this.#user.durable(offset);
  }

  async #recover(answer: Response | null, signal: AbortSignal): Promise<void> {
    if (answer?.status === 409) return this.#moved(answer);
    if (answer?.status === 404) throw new Failed("gone");
    if (answer !== null && answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) throw new Failed("refused");
    this.#user.waiting(true);
    await this.#patience.wait(signal, answer === null ? 0 : retryAfter(answer));
    await this.#resume(signal);
  }

  /** Ask where to go on, until the server says so. */
  async #resume(signal: AbortSignal): Promise<void> {
    for (;;) {
      const answer = await ask(this.#place, "HEAD", {}, signal).catch(() => null);
      signal.throwIfAborted();
      if (answer?.status === 204) return this.#moved(answer);
      if (answer?.status === 404) throw new Failed("gone");
      this.#user.waiting(true);
      await this.#patience.wait(signal, answer === null ? 0 : retryAfter(answer));
    }
  }
}

/** Have the server forget a blob; whatever comes of it, its days will end it. */
export async function discard(place: Place): Promise<void> {
  await ask(place, "DELETE", {}, AbortSignal.timeout(10_000)).catch(() => undefined);
}
