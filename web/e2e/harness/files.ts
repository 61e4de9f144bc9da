/** Files in tests: on disk for a picker, and what a page saved, by its hash. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Guest } from "./guest.ts";

/** A file on disk with its SHA-256 in hex. */
export interface Sample {
  readonly path: string;
  readonly hash: string;
}

/** A folder of samples, which `remove` removes. */
export class Samples {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(): Promise<Samples> {
    return new Samples(await mkdtemp(join(tmpdir(), "segel-files-")));
  }

  async write(name: string, bytes: Uint8Array): Promise<Sample> {
    const path = join(this.#folder, name);
    await writeFile(path, bytes);
    return { path, hash: createHash("sha256").update(bytes).digest("hex") };
  }

  /** Random bytes, written piece by piece. */
  async random(name: string, size: number): Promise<Sample> {
    const path = join(this.#folder, name);
    const file = await open(path, "w");
    const hash = createHash("sha256");
    for (let left = size; left > 0; left -= 4_000_000) {
      const piece = randomBytes(Math.min(left, 4_000_000));
      hash.update(piece);
      await file.write(piece);
    }
    await file.close();
    return { path, hash: hash.digest("hex") };
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}

/** A grey PNG. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = deflateSync(Buffer.alloc((width + 1) * height, 0x80).map((byte, i) => (i % (width + 1) === 0 ? 0 : byte)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Uint8Array.from(Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]));
}

function chunk(kind: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(kind), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

declare global {
  interface Window {
    /** What the page handed to the browser's downloads, or wrote where the person chose. */
    segelTestSaved?: { readonly name: string; readonly file: () => Promise<Blob> }[];
  }
}

/** In place of the dialogue and the downloads bar, which a test cannot see. With `picker` the page writes into a chosen file. */
export function keepSaved(picker: boolean): void {
  const saved: NonNullable<Window["segelTestSaved"]> = [];
  window.segelTestSaved = saved;
  const made = new Map<string, Blob>();
  const create = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (blob: Blob) => {
    const url = create(blob);
    made.set(url, blob);
    return url;
  };
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement): void {
    const blob = made.get(this.href);
    if (blob !== undefined) saved.push({ name: this.download, file: async () => blob });
  };
  const choose = async ({ suggestedName }: { suggestedName: string }): Promise<FileSystemFileHandle> => {
    const root = await navigator.storage.getDirectory();
    const handle = await root.getFileHandle(`chosen-${suggestedName}`, { create: true });
    saved.push({ name: suggestedName, file: () => handle.getFile() });
    return handle;
  };
  Object.assign(window, { showSaveFilePicker: picker ? choose : undefined });
}

/** The SHA-256 of the last file that was saved under the name, once it has `size` bytes. */
export function savedHash(guest: Guest, name: string, size: number): Promise<string> {
  const look = async (wanted: string, length: number): Promise<string | null> => {
    const file = await window.segelTestSaved?.findLast((each) => each.name === wanted)?.file();
    if (file?.size !== length) return null;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  return guest.page.waitFor(look, { patience: 120_000 }, name, size);
}
