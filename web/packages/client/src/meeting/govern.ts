/** A host's acts, as the interface names them (docs/protocol/rule.md 2). */
import { MeetingError, type HostAct } from "../api.js";
import { Malformed } from "../cbor.js";
import { Refused } from "../group/refused.js";
import type { Rule } from "../group/rule.js";
import type { Rules } from "../state.js";
import { kick, promote, stepDown } from "./government.js";
import { LOBBY, OPEN_GENERATION, type Link } from "./link.js";
import type { Lobby } from "./lobby.js";
import type { Membership } from "./membership.js";

/** Do it. Rejects with MeetingError `not-host`, RefusedCall, Away. */
export async function govern(member: Membership, lobby: Lobby, own: string, act: HostAct): Promise<void> {
  if (!member.isHost) throw new MeetingError("not-host", "only a host can do this");
  try {
    await done(member, lobby, own, act);
  } catch (error) {
    if (error instanceof Refused || error instanceof Malformed) throw new MeetingError("not-host", error.message);
    throw error;
  }
}

async function done(member: Membership, lobby: Lobby, own: string, act: HostAct): Promise<void> {
  switch (act.act) {
    case "admit":
    case "deny":
      lobby[act.act](act.account);
      return member.look();
    case "kick":
      lobby.deny(act.account);
      return member.decree((group) => kick(group, act.account));
    case "promote":
      await member.giveHostKey(act.account);
      return member.decree((group) => promote(group, act.account));
    case "step-down":
      return member.decree((group) => stepDown(group, own));
    case "lobby":
      return member.decree(() => ({ removed: [], terms: { lobby: act.on } }));
    case "lock":
      return member.decree(() => ({ removed: [], terms: { locked: act.on } }));
    case "ask":
      return member.ask(act.account, act.what);
    case "end":
      return member.decree(() => ({ removed: [], terms: { ended: true } }));
    case "revoke":
      return member.decree(() => ({ removed: [], terms: { revoked: true } }));
  }
}

/** What is shown of the rule: the group's, or before one is in it what the link says. */
export function shownRules(link: Link, rule: Rule | null): Rules {
  return {
    hosted: (link.policy & OPEN_GENERATION) === 0,
    lobby: rule?.lobby ?? (link.policy & LOBBY) !== 0,
    locked: rule?.locked ?? false,
    revoked: rule?.revoked ?? false,
    until: link.until === null ? null : link.until * 1000,
  };
}
