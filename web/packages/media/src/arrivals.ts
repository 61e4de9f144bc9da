/** What comes in on one connection, from the browser's statistics. */

import type { Totals } from "./grade.js";
import type { Slot } from "./slots.js";

/** One entry of RTCStatsReport (W3C WebRTC Statistics). */
type Entry = Readonly<Record<string, unknown>>;

/** What came in one slot so far, and how loud it is now (0 to 1). */
export interface Arrival extends Totals {
  readonly level: number;
}

/** All that comes in, by slot number; `delay` is the round trip to the relay in seconds. */
export interface Arrivals {
  readonly slots: ReadonlyMap<number, Arrival>;
  readonly delay: number;
}

export const NOTHING_ARRIVED: Arrivals = { slots: new Map(), delay: 0 };

/** What a report says of the streams that these slots receive. */
export function arrivalsIn(report: RTCStatsReport, slots: readonly Slot[]): Arrivals {
  const inbound = new Map<unknown, Entry>();
  let delay = 0;
  report.forEach((entry: Entry) => {
    if (entry["type"] === "inbound-rtp") inbound.set(entry["trackIdentifier"], entry);
    if (entry["type"] === "candidate-pair" && entry["nominated"] === true) delay = number(entry, "currentRoundTripTime");
  });
  const arrivalIn = (slot: Slot): Arrival => arrivalOf(inbound.get(slot.transceiver.receiver.track.id));
  return { slots: new Map(slots.map((slot) => [slot.number, arrivalIn(slot)])), delay };
}

function number(entry: Entry, name: string): number {
  const value = entry[name];
  return typeof value === "number" ? value : 0;
}

/** Of a stream that the browser knows nothing of yet, all is 0. */
function arrivalOf(entry: Entry = {}): Arrival {
  return {
    level: number(entry, "audioLevel"),
    received: number(entry, "packetsReceived"),
    lost: number(entry, "packetsLost"),
    frozen: number(entry, "totalFreezesDuration"),
  };
}
