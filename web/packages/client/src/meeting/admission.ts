/** Letting in who knocks: which knocks hold, and what one commit does about them (docs/protocol/meeting.md 6). */
import type { WaitingKnock } from "@segel/wire";
import { equalBytes, toHex } from "../bytes.js";
import { Refused, type Group, type Staged } from "../group/group.js";
import { openKnock, type Visitor } from "./knock.js";
import type { LinkKeys } from "./link.js";

/** A knock that holds. */
export interface Knocker {
  readonly id: Uint8Array;
  readonly visitor: Visitor;
}

/** A commit that is ready to be sent, with whom it lets in, in the order of its Welcomes. */
export interface Plan extends Staged {
  readonly knockers: readonly Knocker[];
}

/** The knocks at the group's door; `settled` are ids to dismiss without a commit. */
export interface Opened {
  readonly knockers: readonly Knocker[];
  readonly settled: readonly Uint8Array[];
}

/**
 * Open the knocks with the group's present key.
 *
 * One that does not hold is settled; so is one whose KeyPackage is a member's leaf already, since a joiner knocks
 * again when the door changes under it. Of two knocks of one account the later counts. Our own account, knocking
 * from elsewhere, is left for the others to let in.
 */
export async function openKnocks(group: Group, keys: LinkKeys, knocks: readonly WaitingKnock[]): Promise<Opened> {
  const knockers = new Map<string, Knocker>();
  const settled: Uint8Array[] = [];
  const own = group.member(group.leaf)?.account;
  for (const { id, body } of knocks) {
    const visitor = await openKnock(group.suite, keys, group.keys.knockKey, body).catch(() => null);
    if (visitor === null || isMember(group, visitor)) settled.push(id);
    else if (visitor.account !== own) knockers.set(visitor.account, { id, visitor });
  }
  return { knockers: [...knockers.values()], settled };
}

function isMember(group: Group, visitor: Visitor): boolean {
  return group.leafKey(visitor.account, visitor.keyPackage.leafNode.hpkePublicKey);
}

/** One commit that removes the departed and the old leaves of who knocks again, and adds all who knock. Throws Refused. */
export async function plan(group: Group, departed: readonly number[], knockers: readonly Knocker[], aad: Uint8Array): Promise<Plan> {
  const accounts = new Set(knockers.map(({ visitor }) => visitor.account));
  const again = group.members.filter(({ account }) => accounts.has(account)).map(({ leaf }) => leaf);
  const removed = [...new Set([...departed, ...again])];
  const staged = await group.stage(removed, knockers.map(({ visitor }) => visitor.keyPackage), aad);
  return { ...staged, knockers };
}

/** The knockers whose KeyPackages cannot be added: what to dismiss when a plan for all was refused. */
export async function unfit(group: Group, knockers: readonly Knocker[], aad: Uint8Array): Promise<readonly Uint8Array[]> {
  const bad: Uint8Array[] = [];
  for (const knocker of knockers) {
    try {
      await plan(group, [], [knocker], aad);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      bad.push(knocker.id);
    }
  }
  return bad;
}

/** The knocks without those of the ids. */
export function without(knocks: ReadonlyMap<string, WaitingKnock>, ids: readonly Uint8Array[]): Map<string, WaitingKnock> {
  return new Map([...knocks].filter(([, { id }]) => !ids.some((each) => equalBytes(each, id))));
}

/** Under which name a knock is kept. */
export function knockName(id: Uint8Array): string {
  return toHex(id);
}
