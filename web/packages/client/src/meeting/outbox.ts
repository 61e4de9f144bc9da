/** Own messages on their way: shown at once, sent until they are stored, never twice (docs/protocol/delivery.md 4). */
import { equalBytes } from "../bytes.js";
import type { Entry } from "./conversation.js";

/** One message. `sealed` is its form in the epoch of `node`, while that may still arrive. */
export interface Outgoing {
  readonly id: string;
  readonly entry: Entry;
  readonly sealed: { readonly body: Uint8Array; readonly node: Uint8Array } | null;
  /** An append of it was asked for on this connection, and not answered yet. */
  readonly asked: boolean;
}

export class Outbox {
  readonly #items = new Map<string, Outgoing>();

  add(id: string, entry: Entry): void {
    this.#items.set(id, { id, entry, sealed: null, asked: false });
  }

  /** What is to be sent now, in order. */
  get due(): readonly Outgoing[] {
    return [...this.#items.values()].filter(({ asked }) => !asked);
  }

  /** It is on its way, sealed so. */
  asked(id: string, sealed: Outgoing["sealed"]): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, asked: true, sealed: sealed ?? item.sealed });
  }

  /** It was refused, or the connection was lost before an answer: it is due again. */
  again(id: string): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, asked: false });
  }

  /** The connection was lost: nothing is being asked any more. */
  reset(): void {
    for (const id of this.#items.keys()) this.again(id);
  }

  /** A row is stored; takes out and returns the message that it is. */
  stored(body: Uint8Array): Outgoing | null {
    for (const item of this.#items.values()) {
      if (item.sealed === null || !equalBytes(item.sealed.body, body)) continue;
      this.#items.delete(item.id);
      return item;
    }
    return null;
  }

  /** It is not sent again by itself; takes out and returns what it says. */
  drop(id: string): Entry | null {
    const entry = this.#items.get(id)?.entry ?? null;
    this.#items.delete(id);
    return entry;
  }
}
