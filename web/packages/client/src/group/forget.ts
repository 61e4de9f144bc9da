/** Erasing what belongs to past epochs: no key of an old epoch outlives the merge of the next. */
import { zeroOutUint8Array, type ClientState } from "ts-mls";

/**
 * The state without past epochs' receiver data.
 *
 * ts-mls keeps a number of past epochs and treats a setting of 0 as "keep all", so it is done here.
 */
export function withoutPastEpochs(state: ClientState): ClientState {
  return { ...state, historicalReceiverData: new Map() };
}

/** Overwrite secrets that were used up. */
export function erase(secrets: readonly Uint8Array[]): void {
  for (const secret of secrets) zeroOutUint8Array(secret);
}
