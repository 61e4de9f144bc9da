/** A file sealed in chunks: STREAM over AES-256-GCM, padded to a Padmé size (docs/protocol/files.md 2). */
import { concat, buffer, equalBytes, uint32 } from "../bytes.js";
import { padme } from "../group/padding.js";

/** Bytes of a sealed chunk; the last is what is left. */
export const CHUNK = 1_048_576;
const TAG = 16;
/** Bytes of padded content in a chunk. */
export const PLAIN_CHUNK = CHUNK - TAG;
export const KEY = 32;
export const PREFIX = 7;
/** Beyond this a size could not be counted; the chunks' counter reaches further. */
export const MAX_SIZE = 2 ** 50;

/** What came is not what was sealed: changed, cut off, put together anew, or another file's. */
export class BadFile extends Error {
  override name = "BadFile";
}

/** What opens a file: 32 random bytes that seal nothing else, and 7 that begin every nonce. */
export interface FileKey {
  readonly key: Uint8Array;
  readonly prefix: Uint8Array;
}

/** Bytes of the blob in which a file of `size` bytes lies: the least Padmé size with room for it and its tags. */
export function sealedSize(size: number): number {
  return padme(size + TAG * Math.max(1, Math.ceil(size / PLAIN_CHUNK)));
}

/** How many chunks a blob of `sealed` bytes has. */
export function chunkCount(sealed: number): number {
  return Math.ceil(sealed / CHUNK);
}

/** Bytes of the sealed chunk `index` of a blob of `sealed` bytes. */
export function chunkLength(sealed: number, index: number): number {
  return Math.min(CHUNK, sealed - index * CHUNK);
}

function nonce(prefix: Uint8Array, index: number, last: boolean): ArrayBuffer {
  return buffer(concat(prefix, uint32(index), Uint8Array.of(last ? 1 : 0)));
}

/** Seals and opens the chunks of one file. A chunk must be sealed once only, under a key made for the file. */
export class ChunkCipher {
  readonly #key: CryptoKey;
  readonly #prefix: Uint8Array;
  readonly #count: number;

  private constructor(key: CryptoKey, prefix: Uint8Array, count: number) {
    this.#key = key;
    this.#prefix = prefix;
    this.#count = count;
  }

  /** For a file whose blob has `sealed` bytes. */
  static async of({ key, prefix }: FileKey, sealed: number): Promise<ChunkCipher> {
    const imported = await crypto.subtle.importKey("raw", buffer(key), "AES-GCM", false, ["encrypt", "decrypt"]);
    return new ChunkCipher(imported, prefix, chunkCount(sealed));
  }

  #parameters(index: number): AesGcmParams {
    return { name: "AES-GCM", iv: nonce(this.#prefix, index, index === this.#count - 1), tagLength: TAG * 8 };
  }

  async seal(index: number, plain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await crypto.subtle.encrypt(this.#parameters(index), this.#key, plain));
  }

  /** Throws BadFile. */
  async open(index: number, sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    try {
      return new Uint8Array(await crypto.subtle.decrypt(this.#parameters(index), this.#key, sealed));
    } catch {
      throw new BadFile(`chunk ${index} does not open`);
    }
  }
}

/**
 * The hash of a sealed file: SHA-256 of the SHA-256s of its sealed chunks, one after another. AES-GCM alone would let a
 * sender make a chunk that opens under two keys; by this hash the message says which bytes are meant.
 */
export class BlobHash {
  readonly #digests: Uint8Array[] = [];

  async add(sealed: Uint8Array<ArrayBuffer>): Promise<void> {
    this.#digests.push(new Uint8Array(await crypto.subtle.digest("SHA-256", sealed)));
  }

  async value(): Promise<Uint8Array> {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", buffer(concat(...this.#digests))));
  }
}

/** A file that is read piece by piece: a page's File, or whatever is like one. */
export interface Source {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A file as it is sealed, chunk after chunk, each read and sealed once. */
export class FileSealer {
  readonly sealed: number;
  readonly #source: Source;
  readonly #size: number;
  readonly #cipher: ChunkCipher;
  readonly #hash = new BlobHash();
  #next = 0;

  private constructor(source: Source, cipher: ChunkCipher) {
    this.#source = source;
    this.#size = source.size;
    this.sealed = sealedSize(source.size);
    this.#cipher = cipher;
  }

  static async of(source: Source, key: FileKey): Promise<FileSealer> {
    return new FileSealer(source, await ChunkCipher.of(key, sealedSize(source.size)));
  }

  /** The next chunk; null after the last. Rejects where the file cannot be read, or is not as long any more. */
  async next(): Promise<Uint8Array<ArrayBuffer> | null> {
    const index = this.#next;
    if (index === chunkCount(this.sealed)) return null;
    this.#next += 1;
    const start = index * PLAIN_CHUNK;
    const plain = new Uint8Array(chunkLength(this.sealed, index) - TAG);
    const read = new Uint8Array(await this.#source.slice(start, start + plain.length).arrayBuffer());
    if (read.length !== Math.max(0, Math.min(plain.length, this.#size - start))) throw new BadFile("the file changed while it was read");
    plain.set(read);
    const chunk = await this.#cipher.seal(index, plain);
    await this.#hash.add(chunk);
    return chunk;
  }

  /** The blob's hash, after the last chunk. */
  hash(): Promise<Uint8Array> {
    return this.#hash.value();
  }
}

/** A file as it is opened, chunk after chunk. What it gives out is authentic; the file is whole after `finish`. */
export class FileOpener {
  readonly sealed: number;
  readonly #size: number;
  readonly #cipher: ChunkCipher;
  readonly #hash = new BlobHash();
  #next = 0;

  private constructor(size: number, cipher: ChunkCipher) {
    this.#size = size;
    this.sealed = sealedSize(size);
    this.#cipher = cipher;
  }

  static async of(size: number, key: FileKey): Promise<FileOpener> {
    return new FileOpener(size, await ChunkCipher.of(key, sealedSize(size)));
  }

  /** Where in the blob the next chunk begins. */
  get offset(): number {
    return Math.min(this.#next * CHUNK, this.sealed);
  }

  /** Bytes of the next sealed chunk; 0 after the last. */
  get wants(): number {
    return Math.max(0, chunkLength(this.sealed, this.#next));
  }

  /** The content of the next sealed chunk, without padding. Throws BadFile. */
  async open(sealed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const index = this.#next;
    if (sealed.length !== this.wants) throw new BadFile(`chunk ${index} has another length`);
    const plain = await this.#cipher.open(index, sealed);
    await this.#hash.add(sealed);
    this.#next += 1;
    const content = plain.subarray(0, Math.max(0, Math.min(plain.length, this.#size - index * PLAIN_CHUNK)));
    if (plain.subarray(content.length).some((byte) => byte !== 0)) throw new BadFile("the padding is not empty");
    return content;
  }

  /** All chunks were opened, and the blob is the one of the message. Throws BadFile. */
  async finish(hash: Uint8Array): Promise<void> {
    if (this.wants !== 0) throw new BadFile("the file is cut off");
    if (!equalBytes(await this.#hash.value(), hash)) throw new BadFile("it is another file than the message names");
  }
}
