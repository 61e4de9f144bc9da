/** Accounts, KeyPackages and groups for tests. */
import { createIdentity, type Identity } from "../src/identity.js";
import { makeKeyPackage, readKeyPackage, type OwnKeyPackage } from "../src/group/key-package.js";
import { keyPair } from "../src/ed25519.js";
import { Group } from "../src/group/group.js";
import { EQUALS, signRule, type Terms } from "../src/group/rule.js";
import { OPEN_GENERATION } from "../src/meeting/link.js";
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

/** Who opens the meetings of tests, and signs their rules. */
export const OPENER = await keyPair(bytes(32, 200));

/** A group of one in which all are equal, or `terms` hold; by another module's Group where a test has one. */
export async function found(suite: Suite, own: OwnKeyPackage, terms: Terms = EQUALS, Kind = Group): Promise<Group> {
  const alias = bytes(32, 1);
  const rule = await signRule(OPENER.seed, alias, terms);
  return Kind.create(suite, bytes(32, 9), own, OPENER.publicKey, async (rootKey) => {
    const policy = terms.hosts.length === 0 ? OPEN_GENERATION : 0;
    return { meeting: { alias, generation: 1, policy, ttlDays: 1, rootKey, signature: bytes(64, 2) }, rule };
  });
}

/** A group of `size`, of whom the first founded it; each in its own view. */
export async function groupOf(suite: Suite, size: number): Promise<Group[]> {
  const founder = await found(suite, await keyPackage(suite, "P0"));
  if (size === 1) return [founder];
  const owns = await Promise.all(Array.from({ length: size - 1 }, (_, i) => keyPackage(suite, `P${i + 1}`)));
  const candidates = await Promise.all(owns.map((own) => readKeyPackage(suite, own.bytes)));
  const staged = await founder.stage({ removed: [], added: candidates.map((each) => each.keyPackage) }, bytes(0, 0));
  const joined = await Promise.all(owns.map((own, i) => Group.join(suite, staged.welcomes[i] ?? bytes(0, 0), own, OPENER.publicKey)));
  return [staged.next, ...joined];
}
