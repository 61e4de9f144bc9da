/** Accounts, KeyPackages and groups for tests. */
import { createIdentity, type Identity } from "../src/identity.js";
import { makeKeyPackage, readKeyPackage, type OwnKeyPackage } from "../src/group/key-package.js";
import { Group } from "../src/group/group.js";
import type { Suite } from "../src/suites/suite.js";

/** ts-mls reads the clock itself to check lifetimes, so that tests live in the present. */
export const NOW = Math.floor(Date.now() / 1000);

export function bytes(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

export function person(): Promise<Identity> {
  return createIdentity(crypto.getRandomValues(new Uint8Array(48)));
}

export async function keyPackage(suite: Suite, name = "Ada", identity?: Identity): Promise<OwnKeyPackage> {
  return makeKeyPackage(suite, identity ?? (await person()), name, NOW);
}

export async function found(suite: Suite, own: OwnKeyPackage): Promise<Group> {
  return Group.create(suite, bytes(32, 9), own, async (rootKey) => ({
    alias: bytes(32, 1),
    generation: 1,
    policy: 1,
    ttlDays: 1,
    rootKey,
    signature: bytes(64, 2),
  }));
}

/** A group of `size`, of whom the first founded it; each in its own view. */
export async function groupOf(suite: Suite, size: number): Promise<Group[]> {
  const founder = await found(suite, await keyPackage(suite, "P0"));
  if (size === 1) return [founder];
  const owns = await Promise.all(Array.from({ length: size - 1 }, (_, i) => keyPackage(suite, `P${i + 1}`)));
  const candidates = await Promise.all(owns.map((own) => readKeyPackage(suite, own.bytes)));
  const staged = await founder.stage([], candidates.map((each) => each.keyPackage), bytes(0, 0));
  const joined = await Promise.all(owns.map((own, i) => Group.join(suite, staged.welcomes[i] ?? bytes(0, 0), own)));
  return [staged.next, ...joined];
}
