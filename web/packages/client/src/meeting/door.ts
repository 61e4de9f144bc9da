/** Getting into a meeting: look it up, knock, wait for the Welcome; or open a generation (docs/protocol/meeting.md 5-7). */
import { hashes, signing, type Event, type Hello } from "@segel/wire";
import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { BadSignature, check, keyPair, sign, type KeyPair } from "../ed25519.js";
import { Group } from "../group/group.js";
import { makeKeyPackage, type OwnKeyPackage } from "../group/key-package.js";
import { Away, RefusedCall } from "../runtime/transport.js";
import type { Surroundings } from "../runtime/surroundings.js";
import type { Failure, Waiting } from "../state.js";
import { NotOpened } from "../suites/hpke.js";
import { suiteById, type Suite } from "../suites/suite.js";
import { decodeAnnouncement, type Announcement } from "./announcement.js";
import { openDenial, openEnvelope, type Envelope } from "./envelope.js";
import { found, type Founding } from "./founding.js";
import { sealKnock } from "./knock.js";
import type { LinkKeys } from "./link.js";
import { Log } from "./log.js";
import { isBad, isExpired, type Call, type Party, type Standing } from "./ground.js";

/** What happens at the door. */
export interface DoorEvents {
  waiting(kind: Waiting): void;
  joined(standing: Standing): void;
  failed(failure: Failure): void;
  /** Something went wrong here that nobody foresaw. */
  broken(error: unknown): void;
}

/** Milliseconds for which nobody must be there before who may opens the next generation. */
const NOBODY_FOR = 2_000;
/** The same where somebody was there before: their connections may be on their way back (docs/protocol/meeting.md 9). */
const NOBODY_AGAIN_FOR = 12_000;
const LOOK_EVERY = 2_000;
/** Milliseconds until a knock is renewed after the door changed: a Welcome for the old one may be on its way. */
const KNOCK_AGAIN = 800;
/** Milliseconds after a change of the door in which a Welcome to the group behind it must come, or it was lost with who made it. */
const WELCOME_WITHIN = 8_000;

export class Door {
  readonly #party: Party;
  readonly #around: Surroundings;
  readonly #keys: LinkKeys;
  readonly #call: Call;
  readonly #name: string;
  readonly #events: DoorEvents;
  readonly #founding: Founding;
  readonly #token: Uint8Array;
  readonly #inboxSeed: Uint8Array;
  #create: boolean;
  #hello: Hello | null = null;
  #inbox: KeyPair | null = null;
  #own: { suite: Suite; keyPackage: OwnKeyPackage } | null = null;
  #sealedTo: Uint8Array | null = null;
  /** When the door first changed under the present KeyPackage: it may have been added then. */
  #changedAt: number | null = null;
  #nobodySince: number | null = null;
  #somebodyWas = false;
  #over = false;
  #tail: Promise<void> = Promise.resolve();
  #cancel: () => void = () => undefined;

  /** `create`: found generation 1 instead of looking for the meeting. */
  constructor(party: Party, name: string, founding: Founding, create: boolean, events: DoorEvents) {
    const { around, keys, call } = party;
    this.#party = party;
    this.#around = around;
    this.#keys = keys;
    this.#call = call;
    this.#name = name;
    this.#founding = founding;
    this.#create = create;
    this.#events = events;
    this.#token = around.random(16);
    this.#inboxSeed = around.random(32);
  }

  /** A connection stands. */
  arrived(hello: Hello): void {
    this.#hello = hello;
    this.#sealedTo = null;
    this.#later(() => (this.#create ? this.#found(1) : this.#approach()));
  }

  away(): void {
    this.#hello = null;
    this.#cancel();
  }

  event(event: Event): void {
    if (event.type === "item") this.#later(() => this.#received(event.item.body));
    if (event.type === "announced") this.#changed(event.announcement);
  }

  stop(): void {
    this.#over = true;
    this.#cancel();
  }

  #later(task: () => Promise<void>): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#over) return;
      try {
        await task();
      } catch (error) {
        this.#trouble(error);
      }
    });
  }

  #trouble(error: unknown): void {
    if (error instanceof Away) return;
    if (error instanceof RefusedCall) return this.#refused(error);
    if (error instanceof Malformed || error instanceof BadSignature) {
      return this.#fail({ kind: "bad-link", detail: "the meeting that stands there is not the link's" });
    }
    this.stop();
    this.#events.broken(error);
  }

  #refused({ refusal: { code, detail } }: RefusedCall): void {
    if (code === "unknown_alias") return this.#notThere(detail);
    if (code === "invitation_required" || code === "bad_invitation") return this.#fail({ kind: "invitation", detail });
    if (code === "taken") return this.#lookSoon(LOOK_EVERY / 4);
    // There is nothing yet to look for.
    if (this.#create) return this.#fail({ kind: "server", detail });
    this.#lookSoon(LOOK_EVERY);
  }

  /** Under a link with a date the meeting may have ended, or not begun: who may opens it, and the others wait. */
  #notThere(detail: string): void {
    if (this.#party.link.until === null) return this.#fail({ kind: "unknown-meeting", detail });
    if (this.#isRevoked) return this.#closed();
    if (this.#mayOpen) return this.#later(() => this.#found(1));
    this.#events.waiting("nobody-there");
    this.#lookSoon(LOOK_EVERY);
  }

  get #mayOpen(): boolean {
    return this.#keys.openerKey !== null && !this.#isRevoked;
  }

  /** This device saw the link revoked: where nobody is, it lets nobody in any more. */
  get #isRevoked(): boolean {
    return this.#party.rules.rule?.revoked === true;
  }

  #closed(): void {
    this.#fail({ kind: "closed", detail: "the link was revoked" });
  }

  #fail(failure: Failure): void {
    this.stop();
    this.#events.failed(failure);
  }

  #lookSoon(milliseconds: number): void {
    this.#create = false;
    this.#cancel();
    this.#cancel = this.#around.after(milliseconds, () => this.#later(() => this.#approach()));
  }

  async #approach(): Promise<void> {
    if (isExpired(this.#party)) return this.#fail({ kind: "expired", detail: "the link's time is over" });
    const meeting = await this.#call({ type: "find_meeting", alias: this.#keys.alias }, "meeting");
    if (!equalBytes(meeting.opener_key, this.#keys.openerPublic)) throw new Malformed("another opener's meeting");
    if (meeting.announcement !== null) {
      this.#nobodySince = null;
      this.#somebodyWas = true;
      return this.#knock(meeting.announcement);
    }
    const now = this.#around.now();
    this.#nobodySince ??= now;
    if (now - this.#nobodySince >= (this.#somebodyWas ? NOBODY_AGAIN_FOR : NOBODY_FOR)) {
      if (this.#isRevoked) return this.#closed();
      if (this.#mayOpen) return this.#found(meeting.generation + 1);
    }
    this.#events.waiting("nobody-there");
    this.#lookSoon(LOOK_EVERY / 2);
  }

  #changed(announcement: Uint8Array | null): void {
    if (announcement !== null && same(announcement, this.#sealedTo)) return;
    if (this.#sealedTo !== null) this.#changedAt ??= this.#around.now();
    this.#lookSoon(KNOCK_AGAIN * (1 + (this.#around.random(1)[0] ?? 0) / 512));
  }

  async #knock(bytes: Uint8Array): Promise<void> {
    const hello = this.#hello;
    if (hello === null) throw new Away("not connected");
    const announcement = decodeAnnouncement(this.#keys, bytes);
    const { suite, keyPackage } = await this.#keyPackage(announcement, hello.now);
    const address = { inbox: await this.#openInbox(), token: this.#token };
    if (this.#over) return;
    const body = await sealKnock(suite, this.#keys, announcement.knockKey, keyPackage.bytes, address);
    const answer = await this.#call({ type: "knock", alias: this.#keys.alias, body }, "knocking");
    this.#sealedTo = bytes;
    this.#events.waiting("for-answer");
    if (!same(answer.announcement, bytes)) this.#changed(answer.announcement);
    else if (this.#changedAt !== null) this.#lookSoon(WELCOME_WITHIN - (this.#around.now() - this.#changedAt));
  }

  /**
   * The same KeyPackage for every knock, so that who lets us in sees that it did, until the Welcome for it must be
   * lost: the account at another KeyPackage is let in anew. `now` is the server's clock.
   */
  async #keyPackage({ suite: id }: Announcement, now: number): Promise<{ suite: Suite; keyPackage: OwnKeyPackage }> {
    const suite = suiteById(id);
    if (suite === null) throw new Malformed("a meeting of a suite that is not known here");
    const lost = this.#changedAt !== null && this.#around.now() - this.#changedAt >= WELCOME_WITHIN;
    if (this.#own?.suite.id !== id || lost) {
      this.#changedAt = null;
      this.#own = { suite, keyPackage: await makeKeyPackage(suite, this.#party.identity, this.#name, now) };
    }
    return this.#own;
  }

  /** Make and open the inbox on this connection; takes what is in it already. Its id. */
  async #openInbox(): Promise<Uint8Array> {
    const hello = this.#hello;
    if (hello === null) throw new Away("not connected");
    this.#inbox ??= await keyPair(this.#inboxSeed);
    const { publicKey, seed } = this.#inbox;
    const inbox = hashes.inboxId(publicKey);
    await this.#call({ type: "create_inbox", key: publicKey, token_hash: sha256(this.#token), ttl_days: 1 }, "done");
    const signature = await sign(seed, signing.inbox(hashes.logId(hello.server_key), hello.challenge, inbox));
    const { items } = await this.#call({ type: "open_inbox", inbox, after: 0, signature }, "inbox_items");
    for (const { body } of items) await this.#received(body);
    return inbox;
  }

  async #received(item: Uint8Array): Promise<void> {
    const hello = this.#hello;
    if (this.#own === null || hello === null || this.#over) return;
    const { suite, keyPackage } = this.#own;
    try {
      const envelope = await openEnvelope(suite, keyPackage, item);
      const group = await this.#group(suite, envelope.welcome, keyPackage);
      this.#join(hello, group, envelope);
    } catch (error) {
      if (error instanceof NotOpened) return this.#denied(suite, keyPackage, item);
      if (!isBad(error)) throw error;
    }
  }

  /** What came may be the word that we are not let in. */
  async #denied(suite: Suite, own: OwnKeyPackage, item: Uint8Array): Promise<void> {
    try {
      const reason = await openDenial(suite, own, item);
      this.#fail({ kind: reason, detail: "somebody in the meeting did not let us in" });
    } catch (error) {
      if (!isBad(error)) throw error;
    }
  }

  /** The group of a Welcome, which must be the link's (docs/protocol/meeting.md 6, rule.md 4). Throws Malformed, Refused, BadSignature. */
  async #group(suite: Suite, welcome: Uint8Array, own: OwnKeyPackage): Promise<Group> {
    const { link, rules, identity } = this.#party;
    const { openerPublic } = this.#keys;
    const group = await Group.join(suite, welcome, own, openerPublic, (groupId) => rules.wasIn(groupId));
    const { alias, generation, policy, ttlDays, rootKey, signature } = group.meeting;
    if (!equalBytes(alias, this.#keys.alias) || policy !== link.policy) throw new Malformed("another meeting's group");
    await check(openerPublic, signing.opening(alias, generation, group.groupId, rootKey, ttlDays), signature);
    rules.check(group);
    if (group.member(group.leaf)?.account !== identity.account) throw new Malformed("our leaf is another account's");
    return group;
  }

  #join(hello: Hello, group: Group, { parent, commitHash, head, position }: Envelope): void {
    const node = hashes.childNode(parent, commitHash, group.keys.epochKey.publicKey);
    const log = new Log(hello.server_key, group.groupId, position, head);
    const inbox = this.#inbox;
    this.stop();
    if (inbox !== null) void this.#leaveDoor(hashes.inboxId(inbox.publicKey));
    this.#events.joined({ group, node, log });
  }

  async #leaveDoor(inbox: Uint8Array): Promise<void> {
    try {
      await this.#call({ type: "clear_inbox", inbox, upto: Number.MAX_SAFE_INTEGER }, "done");
      await this.#call({ type: "withdraw", alias: this.#keys.alias }, "done");
    } catch (error) {
      if (!(error instanceof Away || error instanceof RefusedCall)) throw error;
    }
  }

  /** Open a generation. `taken` means that another was faster: then we knock. */
  async #found(generation: number): Promise<void> {
    const hello = this.#hello;
    if (hello === null) throw new Away("not connected");
    const standing = await found(this.#call, hello, this.#around.random(32), generation, this.#founding, {
      identity: this.#party.identity,
      name: this.#name,
      link: this.#party.link,
      keys: this.#keys,
      rule: this.#party.rules.rule,
    });
    this.stop();
    this.#events.joined(standing);
  }
}

function same(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}
