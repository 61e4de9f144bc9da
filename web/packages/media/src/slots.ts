/** The receiving transceivers of one connection, and which stream each of them carries. */

import type { RelayStream } from "@segel/client/api";

import type { Kind, StreamId } from "./state.js";

/** One receiving transceiver; it stays for the connection's life and is reused by later streams. */
export interface Slot {
  readonly number: number;
  readonly kind: Kind;
  readonly transceiver: RTCRtpTransceiver;
  stream: StreamId | null;
}

/** Makes a slot's transceiver, its transform included. */
export type AddReceiver = (kind: Kind, slot: number) => RTCRtpTransceiver;

/** Slot numbers are never used twice in a page: the worker's transforms of a closed connection may linger. */
let lastNumber = 0;

/** Keeps slots in step with the streams that there are. */
export class Slots {
  readonly #slots: Slot[] = [];
  readonly #add: AddReceiver;

  constructor(add: AddReceiver) {
    this.#add = add;
  }

  /** The slots in use. */
  get used(): readonly Slot[] {
    return this.#slots.filter(({ stream }) => stream !== null);
  }

  /** Give each stream a slot and take it from ended ones; true if that has to be negotiated. */
  reconcile(streams: readonly RelayStream[]): boolean {
    const ended = this.#release(new Set(streams.map(({ id }) => id)));
    const carried = new Set(this.used.map(({ stream }) => stream));
    const added = streams.filter(({ id }) => !carried.has(id));
    for (const { id, kind } of added) this.#take(id, kind);
    return ended || added.length > 0;
  }

  #release(present: ReadonlySet<StreamId>): boolean {
    const ended = this.used.filter(({ stream }) => stream !== null && !present.has(stream));
    for (const slot of ended) {
      slot.stream = null;
      slot.transceiver.direction = "inactive";
    }
    return ended.length > 0;
  }

  #take(stream: StreamId, kind: Kind): void {
    const free = this.#slots.find((slot) => slot.stream === null && slot.kind === kind);
    if (free !== undefined) {
      free.stream = stream;
      free.transceiver.direction = "recvonly";
      return;
    }
    const number = ++lastNumber;
    this.#slots.push({ number, kind, stream, transceiver: this.#add(kind, number) });
  }
}
