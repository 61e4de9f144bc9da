/** Whose stream is whose, by what the members say of themselves. */

import type { Person } from "@segel/client/state";

import type { StreamId } from "./state.js";

/**
 * The leaf of each stream that a present member claims. Who claimed it first keeps it for as long as they
 * claim it: a later claim must not silence them.
 */
export function ownersOf(
  people: readonly Pick<Person, "leaf" | "streams">[],
  before: ReadonlyMap<StreamId, number>,
): ReadonlyMap<StreamId, number> {
  const owners = new Map<StreamId, number>();
  for (const { leaf, streams } of people) {
    for (const stream of streams) {
      if (!owners.has(stream) || before.get(stream) === leaf) owners.set(stream, leaf);
    }
  }
  return owners;
}
