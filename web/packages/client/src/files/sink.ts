/** Where a downloaded file goes. Nothing of it is where somebody takes it for the file before `finish`. */

export interface Sink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** The file is whole and authentic. */
  finish(): Promise<void>;
  /** It will not be: what was written goes. */
  discard(): Promise<void>;
}

/** In memory, for what is small and shown at once. `bytes` is the file, once it is finished. */
export class MemorySink implements Sink {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;
  #whole = false;

  /** For a file of `size` bytes. */
  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get bytes(): Uint8Array<ArrayBuffer> {
    if (!this.#whole) throw new Error("the file is not whole");
    return this.#bytes;
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  async finish(): Promise<void> {
    this.#whole = true;
  }

  async discard(): Promise<void> {
    this.#length = 0;
  }
}

/** The file that the person chose (File System Access): the browser puts it there when it is closed, whole. */
export async function chosenSink(handle: FileSystemFileHandle): Promise<Sink> {
  const stream = await handle.createWritable();
  return {
    write: (bytes) => stream.write(bytes),
    finish: () => stream.close(),
    discard: () => stream.abort(),
  };
}

const FOLDER = "files-";

/** The part of a FileSystemSyncAccessHandle that is used; the types of workers are not those of pages. */
interface Access {
  write(bytes: Uint8Array<ArrayBuffer>): number;
  flush(): void;
  close(): void;
}

/** A file of this origin's own (OPFS), which the page then gives to the browser's downloads. `file` is it, once it is finished. */
export class PrivateSink implements Sink {
  readonly #folder: FileSystemDirectoryHandle;
  readonly #handle: FileSystemFileHandle;
  readonly #access: Access;
  #whole = false;

  private constructor(folder: FileSystemDirectoryHandle, handle: FileSystemFileHandle, access: Access) {
    this.#folder = folder;
    this.#handle = handle;
    this.#access = access;
  }

  /** Rejects where the browser has no such place, as in some private windows. */
  static async in(folder: FileSystemDirectoryHandle): Promise<PrivateSink> {
    const handle = await folder.getFileHandle(crypto.randomUUID(), { create: true });
    return new PrivateSink(folder, handle, await (handle as FileSystemFileHandle & { createSyncAccessHandle(): Promise<Access> }).createSyncAccessHandle());
  }

  async file(): Promise<File> {
    if (!this.#whole) throw new Error("the file is not whole");
    return this.#handle.getFile();
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#access.write(bytes) !== bytes.length) throw new Error("the disk is full");
  }

  async finish(): Promise<void> {
    this.#access.flush();
    this.#access.close();
    this.#whole = true;
  }

  async discard(): Promise<void> {
    this.#access.close();
    await this.#folder.removeEntry(this.#handle.name);
  }
}

/**
 * This worker's own folder for opened files, for as long as it lives: the folders of workers that are gone, which hold no lock,
 * are removed first.
 */
export async function privateFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const { held } = await navigator.locks.query();
  const alive = new Set((held ?? []).map(({ name }) => name));
  for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys()) {
    if (name.startsWith(FOLDER) && !alive.has(name)) await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  }
  const name = FOLDER + crypto.randomUUID();
  await new Promise<void>((held) => void navigator.locks.request(name, () => (held(), new Promise(() => undefined))));
  return root.getDirectoryHandle(name, { create: true });
}
