/** Where this browser can keep a download: where the person chose, in this origin's private files, or in memory. */
import type { SavedFile } from "../api.js";
import { chosenSink, MemorySink, PrivateSink, privateFolder, type Sink } from "./sink.js";

/** Greatest file that is held in memory where the browser has no private files, in bytes. */
const MAX_IN_MEMORY = 256_000_000;

/** One worker's downloads. */
export class Saver {
  #folder: Promise<FileSystemDirectoryHandle> | null = null;

  /** A sink for a file of `size` bytes, and what the page gives to the browser when it is whole: null where the browser has it already. */
  async open(size: number, chosen: SavedFile | null): Promise<{ readonly sink: Sink; readonly result: () => Promise<Blob | null> }> {
    if (chosen !== null) return { sink: await chosenSink(chosen), result: () => Promise.resolve(null) };
    try {
      const sink = await PrivateSink.in(await this.#privateFolder());
      return { sink, result: () => sink.file() };
    } catch (error) {
      if (size > MAX_IN_MEMORY) throw error;
      const sink = new MemorySink(size);
      return { sink, result: () => Promise.resolve(new Blob([sink.bytes])) };
    }
  }

  #privateFolder(): Promise<FileSystemDirectoryHandle> {
    this.#folder ??= privateFolder();
    return this.#folder;
  }
}
