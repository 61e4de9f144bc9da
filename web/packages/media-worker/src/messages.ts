/** What the page and the group's worker say to the media worker, and what it answers. */

import type { DropCause } from "./errors.js";
import type { Kind } from "./frame.js";

/**
 * One epoch's key, as it comes over the keys' port from the worker that holds the group: once for each
 * epoch, in order. `leaf` is this client's own. `baseKey` (16 bytes, docs/protocol/meeting.md 4) is
 * overwritten with zeros once it was imported.
 */
export interface EpochKey {
  readonly node: Uint8Array;
  readonly epoch: number;
  readonly leaf: number;
  readonly baseKey: Uint8Array<ArrayBuffer>;
}

/**
 * From the page. A slot is the page's number for one receiving transceiver, since its transform stays
 * while streams come and go; `owners` gives the leaf whose frames it may open, for each slot in use.
 */
export type WorkerCommand =
  | { readonly command: "keys"; readonly port: MessagePort }
  | { readonly command: "owners"; readonly owners: ReadonlyMap<number, number> };

/** The options of an RTCRtpScriptTransform. A context is never given to two transforms. */
export type TransformOptions =
  | { readonly operation: "seal"; readonly kind: Kind; readonly context: number }
  | { readonly operation: "open"; readonly kind: Kind; readonly slot: number };

export type DropCounts = Readonly<Record<DropCause, number>>;

/** To the page, on change, at most once a second: totals since the worker began. */
export interface WorkerReport {
  readonly dropped: DropCounts;
  /** Frames opened, by slot. */
  readonly opened: ReadonlyMap<number, number>;
}
