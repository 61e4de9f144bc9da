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

  /** Whether they carry these streams and no others. */
  carries(streams: readonly RelayStream[]): boolean {
    const carried = this.#carried();
    return streams.length === carried.size && streams.every(({ id }) => carried.has(id));
  }

  /** Give each stream a slot and take it from ended ones, for the next offer. */
  reconcile(streams: readonly RelayStream[]): void {
    this.#release(new Set(streams.map(({ id }) => id)));
    const carried = this.#carried();
    for (const { id, kind } of streams) if (!carried.has(id)) this.#take(id, kind);
  }

  #carried(): ReadonlySet<StreamId | null> {
    return new Set(this.used.map(({ stream }) => stream));
  }

  #release(present: ReadonlySet<StreamId>): void {
    for (const slot of this.used) {
      if (slot.stream === null || present.has(slot.stream)) continue;
      slot.stream = null;
      slot.transceiver.direction = "inactive";
    }
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
