/** The files of one meeting, on their way up and down. */
import { hashes } from "@segel/wire";
import { toHex } from "../bytes.js";
import type { Chat } from "../meeting/chat.js";
import type { Call } from "../meeting/ground.js";
import type { Membership } from "../meeting/membership.js";
import type { Surroundings } from "../runtime/surroundings.js";
import { Away, RefusedCall } from "../runtime/transport.js";
import type { FileProblem, Transfer } from "../state.js";
import { download } from "./download.js";
import { cleanFileName } from "./name.js";
import { isPdf, MAX_DOCUMENT } from "./pdf.js";
import { MAX_PREVIEW, readPicture, type Picture } from "./picture.js";
import { cleanType, type FileReference } from "./reference.js";
import { KEY, MAX_SIZE, PREFIX, sealedSize, type Source } from "./sealing.js";
import { MemorySink, type Sink } from "./sink.js";
import { Failed, Patience, type Place } from "./transfer.js";
import { discard, Upload } from "./upload.js";

/** A file that somebody gives. */
export interface NamedSource extends Source {
  readonly name: string;
  readonly type: string;
}

/** Uploads at once; each holds two slices of 4 MiB. */
const AT_ONCE = 2;
/** Milliseconds between two looks at how far a transfer has come. */
const TELL_EVERY = 100;
const SECONDS_A_DAY = 86_400;
/** What `create_blob` is refused with for good. */
const NO_ROOM: Readonly<Record<string, FileProblem>> = { too_large: "too_large", quota: "quota", storage_full: "storage_full", malformed: "refused", taken: "refused", unknown_method: "refused" };

/** What a sealed file is read and written by; drawn anew for each attempt. */
interface Secrets {
  readonly key: Uint8Array;
  readonly prefix: Uint8Array;
  readonly capability: Uint8Array;
  readonly place: Place;
}

/** An upload, from the file that was given to its message. */
interface Job {
  readonly source: NamedSource;
  attempt: { readonly secrets: Secrets; readonly upload: Upload; readonly expires: number } | null;
  abort: AbortController | null;
}

export class Files {
  readonly #around: Surroundings;
  readonly #origin: string;
  readonly #prefix: string;
  readonly #call: Call;
  readonly #member: () => Membership | null;
  readonly #chat: Chat;
  readonly #changed: () => void;
  readonly #jobs = new Map<string, Job>();
  readonly #downloads = new Map<string, AbortController>();
  readonly #transfers = new Map<string, Transfer>();
  #running = 0;
  #telling = false;
  #last = 0;

  constructor(around: Surroundings, origin: string, alias: Uint8Array, call: Call, member: () => Membership | null, chat: Chat, changed: () => void) {
    this.#around = around;
    this.#origin = origin;
    this.#prefix = `meeting/${toHex(alias)}/tokens`;
    this.#call = call;
    this.#member = member;
    this.#chat = chat;
    this.#changed = changed;
  }

  /** What is on its way, in the order in which it began. */
  get transfers(): readonly Transfer[] {
    return [...this.#transfers.values()];
  }

  // Up

  /** Upload a file, and send its message when it is durable. Returns the transfer's id. */
  send(source: NamedSource): string {
    this.#last += 1;
    const id = `up-${this.#last}`;
    this.#jobs.set(id, { source, attempt: null, abort: null });
    this.#set({ id, direction: "up", message: null, name: cleanFileName(source.name), size: source.size, done: 0, state: "queued", problem: null });
    this.#next();
    return id;
  }

  pause(id: string): void {
    const transfer = this.#transfers.get(id);
    const job = this.#jobs.get(id);
    if (transfer === undefined || job === undefined || transfer.state === "failed") return;
    this.#set({ ...transfer, state: "paused" });
    job.abort?.abort();
  }

  /** Go on with what was paused, or try anew what failed. */
  resume(id: string): void {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined || !this.#jobs.has(id) || (transfer.state !== "paused" && transfer.state !== "failed")) return;
    this.#set({ ...transfer, state: "queued", problem: null });
    this.#next();
  }

  /** Give a transfer up; what is on the server of an upload is deleted. */
  cancel(id: string): void {
    this.#downloads.get(id)?.abort();
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    this.#transfers.delete(id);
    this.#tell();
    if (job === undefined) return;
    job.abort?.abort();
    if (job.attempt !== null) void discard(job.attempt.secrets.place);
  }

  /** End everything, as at the end of the meeting. */
  close(): void {
    for (const id of [...this.#transfers.keys()]) this.cancel(id);
  }

  #next(): void {
    for (const [id, job] of this.#jobs) {
      if (this.#running >= AT_ONCE) return;
      if (this.#transfers.get(id)?.state === "queued" && job.abort === null) void this.#push(id, job);
    }
  }

  async #push(id: string, job: Job): Promise<void> {
    this.#running += 1;
    job.abort = new AbortController();
    const { signal } = job.abort;
    this.#change(id, { state: "running" });
    try {
      await this.#carry(id, job, signal);
      this.#jobs.delete(id);
      this.#transfers.delete(id);
    } catch (error) {
      // Paused or cancelled: the transfer says so already. What failed begins anew, with other keys, if it is tried again.
      if (!signal.aborted) {
        if (job.attempt !== null) void discard(job.attempt.secrets.place);
        job.attempt = null;
        this.#change(id, { state: "failed", done: 0, problem: error instanceof Failed ? error.problem : "internal" });
      }
    }
    job.abort = null;
    this.#running -= 1;
    this.#tell();
    this.#next();
  }

  async #carry(id: string, job: Job, signal: AbortSignal): Promise<void> {
    const { source } = job;
    job.attempt ??= await this.#begin(id, source, signal);
    const { secrets, upload, expires } = job.attempt;
    const hash = await upload.run(signal);
    const { key, prefix, capability, place } = secrets;
    const file: FileReference = { key, prefix, capability, hash, expires, size: source.size, name: cleanFileName(source.name), type: cleanType(source.type) };
    const message = await this.#chat.share(file);
    await this.#around.store.put(`${this.#prefix}/${message}`, place.secret);
  }

  async #begin(id: string, source: Source, signal: AbortSignal): Promise<NonNullable<Job["attempt"]>> {
    if (source.size > MAX_SIZE) throw new Failed("too_large");
    const random = (length: number): Uint8Array => this.#around.random(length);
    const capability = random(32);
    const place = { origin: this.#origin, name: hashes.blobName(capability), secret: random(16) };
    const secrets = { key: random(KEY), prefix: random(PREFIX), capability, place };
    const expires = await this.#makeRoom(id, place, sealedSize(source.size), signal);
    const durable = (bytes: number): void => this.#change(id, { done: Math.min(bytes, source.size) });
    const waiting = (so: boolean): void => this.#change(id, { state: so ? "waiting" : "running" });
    return { secrets, expires, upload: await Upload.of(source, secrets, place, this.#around, { durable, waiting }) };
  }

  /** Until the server has room for the blob; the second at which it expires. */
  async #makeRoom(id: string, place: Place, size: number, signal: AbortSignal): Promise<number> {
    const patience = new Patience(this.#around);
    const token = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(place.secret)));
    for (;;) {
      const member = this.#member();
      if (member?.entered === true) {
        const request = { type: "create_blob", group: member.group.groupId, node: member.node, name: place.name, token_hash: token, size } as const;
        const made = await this.#call(request, "blob_created").catch(refusal);
        signal.throwIfAborted();
        if (made !== null) return (made.expires + 1) * SECONDS_A_DAY;
      }
      this.#change(id, { state: "waiting" });
      await patience.wait(signal);
      this.#change(id, { state: "running" });
    }
  }

  /** The message was deleted by its sender: its blob goes too. */
  async deleted(message: string, file: FileReference): Promise<void> {
    const { store } = this.#around;
    const secret = await store.get(`${this.#prefix}/${message}`);
    if (secret === null) return;
    await discard({ origin: this.#origin, name: hashes.blobName(file.capability), secret });
    await store.delete(`${this.#prefix}/${message}`);
  }

  // Down

  /** Bring the file of a message into the sink. Rejects with Failed; `sink` is called once the download begins. */
  async receive(message: string, sink: (file: FileReference) => Promise<Sink>): Promise<void> {
    const file = this.#chat.file(message);
    if (file === null) throw new Failed("gone");
    const id = `down-${message}`;
    this.#downloads.get(id)?.abort();
    const abort = new AbortController();
    this.#downloads.set(id, abort);
    this.#set({ id, direction: "down", message, name: file.name, size: file.size, done: 0, state: "running", problem: null });
    const waiting = (so: boolean): void => this.#change(id, { state: so ? "waiting" : "running" });
    try {
      const target = await sink(file).catch(() => { throw new Failed("unwritten"); });
      await download(file, this.#placeOf(file), target, this.#around, { waiting, written: (done) => this.#change(id, { done }) }, abort.signal);
      this.#transfers.delete(id);
    } catch (error) {
      if (!abort.signal.aborted) this.#change(id, { state: "failed", problem: error instanceof Failed ? error.problem : "internal" });
      throw error;
    } finally {
      if (this.#downloads.get(id) === abort) this.#downloads.delete(id);
      this.#tell();
    }
  }

  /** The picture that the message's file is; null where it is none that is shown. Rejects with Failed. */
  async preview(message: string): Promise<{ readonly picture: Picture; readonly bytes: Uint8Array<ArrayBuffer> } | null> {
    const file = this.#chat.file(message);
    if (file === null || file.size > MAX_PREVIEW) return null;
    const bytes = await this.#look(file);
    const picture = readPicture(bytes);
    return picture === null ? null : { picture, bytes };
  }

  /** The PDF that the message's file is; null where it is none, or too large to be shown. Rejects with Failed. */
  async document(message: string): Promise<ArrayBuffer | null> {
    const file = this.#chat.file(message);
    if (file === null || file.size > MAX_DOCUMENT) return null;
    const bytes = await this.#look(file);
    return isPdf(bytes) ? bytes.buffer : null;
  }

  /** The whole file, in memory. */
  async #look(file: FileReference): Promise<Uint8Array<ArrayBuffer>> {
    const sink = new MemorySink(file.size);
    const quiet = { waiting: () => undefined, written: () => undefined };
    await download(file, this.#placeOf(file), sink, this.#around, quiet, AbortSignal.timeout(60_000));
    return sink.bytes;
  }

  #placeOf(file: FileReference): Place {
    return { origin: this.#origin, name: hashes.blobName(file.capability), secret: file.capability };
  }

  // What is shown

  #set(transfer: Transfer): void {
    this.#transfers.set(transfer.id, transfer);
    this.#tell();
  }

  /** Paused and failed stay so until the person does something. */
  #change(id: string, change: Partial<Transfer>): void {
    const transfer = this.#transfers.get(id);
    if (transfer === undefined || ((transfer.state === "paused" || transfer.state === "failed") && change.state !== undefined)) return;
    this.#set({ ...transfer, ...change });
  }

  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    this.#around.after(TELL_EVERY, () => {
      this.#telling = false;
      this.#changed();
    });
  }
}

/** Null for what may be better in a while. Throws Failed. */
function refusal(error: unknown): null {
  if (error instanceof Away) return null;
  if (!(error instanceof RefusedCall)) throw error;
  const problem = NO_ROOM[error.refusal.code];
  if (problem !== undefined) throw new Failed(problem);
  return null;
}
