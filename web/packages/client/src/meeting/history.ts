/** A meeting's messages on this device: they outlive the page, and were read from the group once. */
import { toHex } from "../bytes.js";
import { arrayOf, asBytes, asInteger, asText, expect, Malformed, toCbor } from "../cbor.js";
import type { Store } from "../runtime/surroundings.js";
import type { Entry } from "./conversation.js";

function encodeEntry({ account, name, at, content }: Entry): Uint8Array {
  return toCbor([1, account, name, at, content]);
}

/** The entry of a stored record. Throws Malformed. */
export function decodeEntry(bytes: Uint8Array): Entry {
  const [version, account, name, at, content] = arrayOf(bytes, 5);
  expect(version, 1);
  return { account: asText(account), name: asText(name), at: asInteger(at, 0, Number.MAX_SAFE_INTEGER), content: asBytes(content) };
}

/** What a device has of a meeting. */
export interface Kept {
  readonly sent: readonly Entry[];
  /** Own messages of which no receipt came, with their ids, in the order in which they were written. */
  readonly pending: readonly (readonly [id: string, entry: Entry])[];
}

export class History {
  readonly #store: Store;
  readonly #prefix: string;
  #next = 0;

  constructor(store: Store, alias: Uint8Array) {
    this.#store = store;
    this.#prefix = `meeting/${toHex(alias)}`;
  }

  /** Everything kept; records that do not parse are left out. */
  async load(): Promise<Kept> {
    const log = await this.#store.list(`${this.#prefix}/log/`);
    this.#next = log.reduce((next, [name]) => Math.max(next, Number(name.slice(-12)) + 1), 0);
    const outbox = await this.#store.list(`${this.#prefix}/outbox/`);
    const pending = outbox.flatMap(([name, value]) => parsed(value).map((entry) => [name.slice(name.lastIndexOf("/") + 1), entry] as const));
    return { sent: log.flatMap(([, value]) => parsed(value)), pending: pending.sort(([, a], [, b]) => a.at - b.at) };
  }

  /** Keep an entry of the log; `id` is taken from the pending ones. */
  async keep(id: string, entry: Entry): Promise<void> {
    const at = String(this.#next).padStart(12, "0");
    this.#next += 1;
    await this.#store.put(`${this.#prefix}/log/${at}`, encodeEntry(entry));
    await this.#store.delete(`${this.#prefix}/outbox/${id}`);
  }

  /** Keep an own entry until it is stored by the server. */
  async keepPending(id: string, entry: Entry): Promise<void> {
    await this.#store.put(`${this.#prefix}/outbox/${id}`, encodeEntry(entry));
  }

  async dropPending(id: string): Promise<void> {
    await this.#store.delete(`${this.#prefix}/outbox/${id}`);
  }
}

function parsed(value: Uint8Array): Entry[] {
  try {
    return [decodeEntry(value)];
  } catch (error) {
    if (error instanceof Malformed) return [];
    throw error;
  }
}
