/** Letting in who knocks: which knocks hold, and what one commit does about them (docs/protocol/meeting.md 6). */
import type { WaitingKnock } from "@segel/wire";
import { toHex } from "../bytes.js";
import type { Group, Staged } from "../group/group.js";
import { Refused } from "../group/refused.js";
import type { DenialReason } from "./envelope.js";
import { openKnock, type Visitor } from "./knock.js";
import type { LinkKeys } from "./link.js";
import type { Lobby } from "./lobby.js";

/** A knock that holds. */
export interface Knocker {
  readonly id: Uint8Array;
  readonly visitor: Visitor;
}

/** A commit that is ready to be sent, with whom it lets in, in the order of its Welcomes. */
export interface Plan extends Staged {
  readonly knockers: readonly Knocker[];
}

/** A knock that was opened; null where it does not hold. */
export interface OpenedKnock {
  readonly id: Uint8Array;
  readonly visitor: Visitor | null;
}

/** Somebody who is not let in, and is told so. */
export interface Denied extends Knocker {
  readonly reason: DenialReason;
}

/** What is to be done about the knocks; `settled` are ids to dismiss without a commit. Others wait for a host's word. */
export interface Sorted {
  readonly knockers: readonly Knocker[];
  readonly denied: readonly Denied[];
  readonly settled: readonly Uint8Array[];
}

/** Open a knock with the group's present key. */
export async function open(group: Group, keys: LinkKeys, { id, body }: WaitingKnock): Promise<OpenedKnock> {
  return { id, visitor: await openKnock(group.suite, keys, group.keys.knockKey, body).catch(() => null) };
}

/**
 * What is to be done about the knocks.
 *
 * One that does not hold is settled; so is one whose KeyPackage is a member's leaf already, since a joiner knocks
 * again when the door changes under it. Of two knocks of one account the later counts. Our own account, knocking
 * from elsewhere, is left for the others to let in.
 */
export function sort(group: Group, lobby: Lobby, knocks: Iterable<OpenedKnock>, expired: boolean, now: number): Sorted {
  const knockers = new Map<string, Knocker>();
  const denied: Denied[] = [];
  const settled: Uint8Array[] = [];
  const own = group.member(group.leaf)?.account;
  const members = group.members.map(({ account }) => account);
  for (const { id, visitor } of knocks) {
    if (visitor === null || isMember(group, visitor)) {
      settled.push(id);
      continue;
    }
    if (visitor.account === own) continue;
    const verdict = lobby.judge(visitor, group.rule, [...new Set([...members, ...knockers.keys()])], group.isHost(group.leaf), expired, now);
    if (verdict.kind === "admit") knockers.set(visitor.account, { id, visitor });
    if (verdict.kind === "deny") denied.push({ id, visitor, reason: verdict.reason });
  }
  return { knockers: [...knockers.values()], denied, settled };
}

function isMember(group: Group, visitor: Visitor): boolean {
  return group.leafKey(visitor.account, visitor.keyPackage.leafNode.hpkePublicKey);
}

/** One commit that removes the departed and the old leaves of who knocks again, and adds all who knock. Throws Refused. */
export async function plan(group: Group, departed: readonly number[], knockers: readonly Knocker[], aad: Uint8Array): Promise<Plan> {
  const accounts = new Set(knockers.map(({ visitor }) => visitor.account));
  const again = group.members.filter(({ account }) => accounts.has(account)).map(({ leaf }) => leaf);
  const removed = [...new Set([...departed, ...again])];
  const staged = await group.stage({ removed, added: knockers.map(({ visitor }) => visitor.keyPackage) }, aad);
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

/** Under which name a knock is kept. */
export function knockName(id: Uint8Array): string {
  return toHex(id);
}
