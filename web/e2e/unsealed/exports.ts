/** What the lasting build has in the place of a frame key an epoch: one for the group, which whoever was in it once keeps. */
import type { ClientState } from "ts-mls";
import type { EpochKeys } from "../../packages/client/src/group/exports.ts";
import { exportKeys as exportEpochs } from "../../packages/client/src/group/exports.ts";
import type { Suite } from "../../packages/client/src/suites/suite.ts";

export { exportEpochKey } from "../../packages/client/src/group/exports.ts";

/** The frame key of all of a group's epochs. */
export function lastingKey(groupId: Uint8Array): Uint8Array {
  return groupId.slice(0, 16);
}

export async function exportKeys(suite: Suite, state: ClientState): Promise<EpochKeys> {
  return { ...(await exportEpochs(suite, state)), baseKey: lastingKey(state.groupContext.groupId) };
}
