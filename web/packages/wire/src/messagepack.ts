/**
 * Reading MessagePack from a peer who may be hostile: whatever comes, no more is made than there are bytes. A library's
 * reader makes room for as many elements as an array says that it has, and dies of a hundred bytes.
 */

/** The bytes are no MessagePack, or no one value. */
export class Unreadable extends Error {
  override name = "Unreadable";
}

/** What stands for floats and extensions, which no message of this protocol has: it fits no field. */
export const OTHER = Symbol("other");

/** Arrays and maps in one another; the schema needs six, and a later one may need more. */
const MAX_DEPTH = 32;
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The value: null, booleans, numbers, texts, Uint8Arrays that are views of `data`, arrays, Maps. Throws Unreadable. */
export function unpack(data: Uint8Array): unknown {
  const reader = new Reader(data);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(data: Uint8Array) {
    this.#data = data;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  }

  end(): void {
    if (this.#at !== this.#data.length) throw new Unreadable("bytes after the value");
  }

  value(depth: number): unknown {
    const first = this.#unsigned(1);
    if (first < 0x80) return first;
    if (first < 0x90) return this.#map(first & 0x0f, depth);
    if (first < 0xa0) return this.#array(first & 0x0f, depth);
    if (first < 0xc0) return this.#text(first & 0x1f);
    if (first >= 0xe0) return first - 0x100;
    return this.#marked(first, depth);
  }

  #marked(first: number, depth: number): unknown {
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return first === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#unsigned(2 ** (first - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#other(this.#unsigned(2 ** (first - 0xc7)) + 1);
      case 0xca:
      case 0xcb:
        return this.#other(2 ** (first - 0xc8));
      case 0xcc:
      case 0xcd:
      case 0xce:
      case 0xcf:
        return this.#unsigned(2 ** (first - 0xcc));
      case 0xd0:
      case 0xd1:
      case 0xd2:
      case 0xd3:
        return this.#signed(2 ** (first - 0xd0));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#other(2 ** (first - 0xd4) + 1);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#text(this.#unsigned(2 ** (first - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#unsigned(2 ** (first - 0xdb)), depth);
      case 0xde:
      case 0xdf:
        return this.#map(this.#unsigned(2 ** (first - 0xdd)), depth);
      default:
        throw new Unreadable("no MessagePack");
    }
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#data.length) throw new Unreadable("cut off");
    const taken = this.#data.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #other(length: number): typeof OTHER {
    this.#take(length);
    return OTHER;
  }

  /** Not exact above 2^53, where no field's range reaches. */
  #unsigned(length: number): number {
    let value = 0;
    for (const byte of this.#take(length)) value = value * 256 + byte;
    return value;
  }

  #signed(length: number): number {
    const at = this.#at;
    this.#take(length);
    if (length === 8) return Number(this.#view.getBigInt64(at));
    if (length === 4) return this.#view.getInt32(at);
    return length === 2 ? this.#view.getInt16(at) : this.#view.getInt8(at);
  }

  #text(length: number): string {
    const bytes = this.#take(length);
    try {
      return UTF8.decode(bytes);
    } catch {
      throw new Unreadable("a text that is not UTF-8");
    }
  }

  #array(count: number, depth: number): unknown[] {
    this.#enter(count, depth);
    const items: unknown[] = [];
    while (items.length < count) items.push(this.value(depth + 1));
    return items;
  }

  #map(count: number, depth: number): Map<unknown, unknown> {
    this.#enter(2 * count, depth);
    const entries = new Map<unknown, unknown>();
    for (let index = 0; index < count; index++) {
      const key = this.value(depth + 1);
      entries.set(key, this.value(depth + 1));
    }
    return entries;
  }

  /** Each element takes a byte at least: more than there are bytes are not there. */
  #enter(count: number, depth: number): void {
    if (depth >= MAX_DEPTH) throw new Unreadable("too deep");
    if (count > this.#data.length - this.#at) throw new Unreadable("cut off");
  }
}
