/** Whether one's own way to the relay is the bad one, from how everybody comes through. Pure. */

import type { LinkQuality } from "@segel/media/state";

/** The round trip is one's own; and where all of several come through badly, it is not they. */
export function isOwnLinkPoor(quality: ReadonlyMap<number, LinkQuality>): boolean {
  const all = [...quality.values()];
  if (all.length === 0 || all.some(({ grade }) => grade !== "poor")) return false;
  return all.length > 1 || all.some(({ reasons }) => reasons.includes("delay"));
}
