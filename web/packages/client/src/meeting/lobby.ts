/** Who of those at the door comes in by whose word (docs/protocol/rule.md 3). */
import type { Rule } from "../group/rule.js";
import type { Waiter } from "../state.js";
import type { DenialReason } from "./envelope.js";
import type { Visitor } from "./knock.js";

/** Milliseconds for which somebody stays on the list whose knock is gone: after each change of the group they knock anew. */
const LINGER = 5_000;

/** How many a meeting holds: what fifty need, and some to spare. Each of them seals for all others. */
export const MOST_MEMBERS = 64;

/** What is to be done about a knock. */
export type Verdict = { readonly kind: "admit" } | { readonly kind: "deny"; readonly reason: DenialReason } | { readonly kind: "wait" };

interface Seen extends Waiter {
  readonly last: number;
}

/** What a host sees of the lobby, and has said. Words count for as long as the host is here. */
export class Lobby {
  readonly #waiters = new Map<string, Seen>();
  readonly #admitted = new Set<string>();
  readonly #denied = new Set<string>();

  /** Let them in, now or as soon as they knock again. */
  admit(account: string): void {
    this.#admitted.add(account);
    this.#denied.delete(account);
    this.#waiters.delete(account);
  }

  /** Do not. They may knock again, and are asked about again. */
  deny(account: string): void {
    this.#denied.add(account);
    this.#admitted.delete(account);
    this.#waiters.delete(account);
  }

  /** Those who wait, in the order in which they came. */
  waiters(now: number): readonly Waiter[] {
    for (const [account, { last }] of this.#waiters) if (now - last > LINGER) this.#waiters.delete(account);
    return [...this.#waiters.values()].map(({ account, name, since }) => ({ account, name, since }));
  }

  /** What to do about a visitor under the rule. `members` are the accounts in it and on their way in; `expired`: the link's time is over. */
  judge(visitor: Visitor, rule: Rule, members: readonly string[], host: boolean, expired: boolean, now: number): Verdict {
    const { account, name } = visitor;
    if (rule.bans.includes(account)) return { kind: "deny", reason: "banned" };
    if (members.includes(account) || rule.hosts.includes(account)) return { kind: "admit" };
    if (rule.revoked || expired) return { kind: "deny", reason: "closed" };
    if (rule.locked) return { kind: "deny", reason: "locked" };
    if (members.length >= MOST_MEMBERS) return { kind: "deny", reason: "full" };
    if (!rule.lobby) return { kind: "admit" };
    if (!host) return { kind: "wait" };
    return this.#asked(account, name, now);
  }

  #asked(account: string, name: string, now: number): Verdict {
    if (this.#admitted.has(account)) return { kind: "admit" };
    if (this.#denied.delete(account)) return { kind: "deny", reason: "refused" };
    this.#waiters.set(account, { account, name, since: this.#waiters.get(account)?.since ?? now, last: now });
    return { kind: "wait" };
  }

  /** Their knock still lies at the door. */
  stillThere(account: string, now: number): void {
    const seen = this.#waiters.get(account);
    if (seen !== undefined) this.#waiters.set(account, { ...seen, last: now });
  }

  /** Nobody is asked about any more: the lobby is open, or somebody else is host. */
  clear(): void {
    this.#waiters.clear();
  }
}
