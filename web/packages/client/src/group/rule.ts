/** Who rules a meeting: the GroupContext's extension 0xF0A2, and what a commit may do under it (docs/protocol/rule.md). */
import { equalBytes, fromBase32, labelled, toBase32 } from "../bytes.js";
import { arrayOf, asBytes, asInteger, expect, Malformed, toCbor } from "../cbor.js";
import { check, sign } from "../ed25519.js";
import { Refused } from "./refused.js";

const ACCOUNT = 20;
const MAX_HOSTS = 16;
const MAX_BANS = 512;
const LOBBY = 1;
const LOCKED = 2;
const ENDED = 4;
const REVOKED = 8;

/** What the hosts have laid down. Accounts are in base32; both lists are sorted and name nobody twice. */
export interface Terms {
  /** Grows by one with every change, over all generations of the meeting. */
  readonly serial: number;
  /** Nobody, in a meeting where all are equal. */
  readonly hosts: readonly string[];
  /** Only hosts let newcomers in. */
  readonly lobby: boolean;
  /** Nobody comes in who was not a member. */
  readonly locked: boolean;
  /** The hosts ended this generation for all. */
  readonly ended: boolean;
  /** The link lets nobody in any more. */
  readonly revoked: boolean;
  /** Who may not come in again. */
  readonly bans: readonly string[];
}

/** The terms with the opener key's signature, which only hosts can make. */
export interface Rule extends Terms {
  readonly signature: Uint8Array;
}

/** The terms of a meeting without hosts: all are equal, for good. */
export const EQUALS: Terms = { serial: 0, hosts: [], lobby: false, locked: false, ended: false, revoked: false, bans: [] };

/** The terms with changes, as the next in their row. Lists are brought in order; the oldest bans fall out of a full list. */
export function amended(terms: Terms, change: Partial<Omit<Terms, "serial">>): Terms {
  const { serial, hosts, lobby, locked, ended, revoked, bans } = { ...terms, ...change, serial: terms.serial + 1 };
  return { serial, hosts: sorted(hosts), lobby, locked, ended, revoked, bans: sorted(bans.slice(-MAX_BANS)) };
}

function sorted(accounts: readonly string[]): readonly string[] {
  return [...new Set(accounts)].sort();
}

function fields({ serial, hosts, lobby, locked, ended, revoked, bans }: Terms): unknown[] {
  const flags = (lobby ? LOBBY : 0) | (locked ? LOCKED : 0) | (ended ? ENDED : 0) | (revoked ? REVOKED : 0);
  return [1, serial, hosts.map(fromBase32), flags, bans.map(fromBase32)];
}

function signed(alias: Uint8Array, terms: Terms): Uint8Array {
  return labelled("segel rule v1", alias, toCbor(fields(terms)));
}

/** The terms, signed by the opener key for the meeting of this alias. */
export async function signRule(openerSeed: Uint8Array, alias: Uint8Array, terms: Terms): Promise<Rule> {
  return { ...terms, signature: await sign(openerSeed, signed(alias, terms)) };
}

/** Throws BadSignature where the opener key of the alias did not sign the rule. */
export async function checkRule(opener: Uint8Array, alias: Uint8Array, rule: Rule): Promise<void> {
  await check(opener, signed(alias, rule), rule.signature);
}

/** The extension's bytes. */
export function encodeRule(rule: Rule): Uint8Array {
  return toCbor([...fields(rule), rule.signature]);
}

/** The rule in the extension's bytes; its signature is not checked. Throws Malformed. */
export function decodeRule(bytes: Uint8Array): Rule {
  const [version, serial, hosts, flagsField, bans, signature] = arrayOf(bytes, 6);
  expect(version, 1);
  const flags = asInteger(flagsField, 0, LOBBY | LOCKED | ENDED | REVOKED);
  const rule = {
    serial: asInteger(serial, 0, 2 ** 32 - 1),
    hosts: accounts(hosts, MAX_HOSTS),
    lobby: (flags & LOBBY) !== 0,
    locked: (flags & LOCKED) !== 0,
    ended: (flags & ENDED) !== 0,
    revoked: (flags & REVOKED) !== 0,
    bans: accounts(bans, MAX_BANS),
    signature: asBytes(signature, 64),
  };
  if (rule.hosts.some((host) => rule.bans.includes(host))) throw new Malformed("a host who is banned");
  return rule;
}

function accounts(value: unknown, most: number): readonly string[] {
  if (!Array.isArray(value) || value.length > most) throw new Malformed("too many accounts, or none");
  const read = value.map((each) => toBase32(asBytes(each, ACCOUNT)));
  if (String(sorted(read)) !== String(read)) throw new Malformed("accounts in another order");
  return read;
}

/** What a commit does to who is in the meeting. Accounts, of which none is twice in a list. */
export interface Change {
  readonly before: Rule;
  /** The rule that the commit brings; `before` where it brings none. */
  readonly after: Rule;
  readonly committer: string;
  /** Who was a member before the commit. */
  readonly members: readonly string[];
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** Throws Refused where the rule does not allow the commit. The signature of `after` was checked before. */
export function judge({ before, after, committer, members, removed, added }: Change): void {
  const host = before.hosts.includes(committer);
  if (before.ended) throw new Refused("the meeting was ended");
  if (!equalBytes(encodeRule(before), encodeRule(after))) judgeRule(before, after, host);
  const stay = members.filter((account) => !removed.includes(account));
  if ([...stay, ...added].some((account) => after.bans.includes(account))) throw new Refused("somebody who is banned stays or comes in");
  const newcomers = added.filter((account) => !removed.includes(account) && !after.hosts.includes(account));
  if (newcomers.length > 0) judgeNewcomers(after, host);
}

function judgeRule(before: Rule, after: Rule, host: boolean): void {
  if (!host) throw new Refused("only a host changes the rule");
  if (after.serial !== before.serial + 1) throw new Refused("a rule that is not the next");
  if (after.hosts.length === 0) throw new Refused("a meeting without its hosts");
}

function judgeNewcomers(after: Rule, host: boolean): void {
  if (after.locked || after.ended || after.revoked) throw new Refused("nobody new may come in");
  if (after.lobby && !host) throw new Refused("only a host lets newcomers in");
}
