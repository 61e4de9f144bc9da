/** Whose stream is whose, by what the members say of themselves. */

import { CARRIES } from "@segel/client/api";
import type { Person } from "@segel/client/state";

import type { Kind, StreamId, StreamKind } from "./state.js";

/** Whose a stream is, and which of theirs. */
export interface Owner {
  readonly leaf: number;
  readonly kind: StreamKind;
}

/**
 * The owner of each stream that a present member claims. Who claimed it first keeps it for as long as they
 * claim it: a later claim must not silence them.
 */
export function ownersOf(
  people: readonly Pick<Person, "leaf" | "streams">[],
  before: ReadonlyMap<StreamId, Owner>,
): ReadonlyMap<StreamId, Owner> {
  const owners = new Map<StreamId, Owner>();
  for (const { leaf, streams } of people) {
    for (const { id, kind } of streams) {
      if (!owners.has(id) || before.get(id)?.leaf === leaf) owners.set(id, { leaf, kind });
    }
  }
  return owners;
}

/** The owner that is said, if what is said fits what the relay carries: a picture that is called sound is nobody's. */
export function ownerOf(stream: { readonly id: StreamId; readonly kind: Kind }, owners: ReadonlyMap<StreamId, Owner>): Owner | null {
  const owner = owners.get(stream.id);
  return owner !== undefined && CARRIES[owner.kind] === stream.kind ? owner : null;
}
