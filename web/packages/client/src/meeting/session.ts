/** One person's meeting from the door to the end: what is shown, and what was said (docs/protocol/meeting.md). */
import type { Event, Hello } from "@segel/wire";
import type { HostAct } from "../api.js";
import { toHex } from "../bytes.js";
import { Files } from "../files/files.js";
import { keyPair } from "../ed25519.js";
import type { Group } from "../group/group.js";
import type { Identity } from "../identity.js";
import type { Surroundings } from "../runtime/surroundings.js";
import { Away, Transport } from "../runtime/transport.js";
import { type Alarm, type Asked, type Asking, type Connection, type Failure, type MeetingState, type Phase, type Waiting } from "../state.js";
import { cleanName } from "../text.js";
import { Chat } from "./chat.js";
import { computeCode } from "./code.js";
import { Door } from "./door.js";
import type { Founding } from "./founding.js";
import { govern, shownRules } from "./govern.js";
import { formatLink, linkKeys, type Link, type LinkKeys } from "./link.js";
import { Lobby } from "./lobby.js";
import type { Ending } from "./follower.js";
import type { Call, Party, Standing } from "./ground.js";
import { Media } from "./media.js";
import { Membership } from "./membership.js";
import { Roster } from "./roster.js";
import { RuleBook } from "./rulebook.js";

/** How many times in REJOIN_WITHIN somebody who was removed knocks again by itself. */
const REJOINS = 5;
const REJOIN_WITHIN = 300_000;
const MAX_ALARMS = 32;
/** Milliseconds for a goodbye: so soon who leaves is shown as having left, and so long they say goodbye on a slow line. */
const GOODBYE_SHOWN = 2_000;
const GOODBYE_WITHIN = 10_000;

/** What a session is made with. */
export interface SessionOptions {
  readonly identity: Identity;
  readonly link: Link;
  readonly name: string;
  readonly founding: Founding;
  readonly create: boolean;
  readonly tier: "A" | "C";
}

export class Session {
  readonly #around: Surroundings;
  readonly #options: SessionOptions;
  readonly #party: Party;
  readonly #transport: Transport;
  readonly chat: Chat;
  readonly media: Media;
  readonly files: Files;
  readonly #listeners = new Set<(state: MeetingState) => void>();
  readonly #enteredListeners = new Set<() => void>();
  readonly #roster: Roster;
  readonly #rejoined: number[] = [];
  #hello: Hello | null = null;
  #door: Door | null = null;
  #member: Membership | null = null;
  #phase: Phase = "connecting";
  #connection: Connection = "connecting";
  #waiting: Waiting = null;
  #error: Failure | null = null;
  #alarms: readonly Alarm[] = [];
  #asked: Asked | null = null;
  #code: { readonly node: string; readonly digits: readonly string[] } | null = null;
  #state: MeetingState;
  #telling = false;
  #leaving = false;

  /** A session of the link, with what this device kept of the meeting. */
  static async open(around: Surroundings, options: SessionOptions): Promise<Session> {
    const keys = await linkKeys(options.link);
    const rules = await RuleBook.open(around.store, keys.alias);
    const seed = await rules.hostSeed();
    if (seed !== null) keys.openerKey = await keyPair(seed);
    const session = new Session(around, options, keys, rules);
    await session.chat.load();
    session.#knock(options.create);
    session.#changed();
    return session;
  }

  private constructor(around: Surroundings, options: SessionOptions, keys: LinkKeys, rules: RuleBook) {
    this.#around = around;
    this.#options = { ...options, name: cleanName(options.name) || "?" };
    this.chat = new Chat(around, keys.alias, options.identity.account, this.#options.name, () => this.#changed());
    this.#transport = new Transport(options.link.origin, around, {
      arrived: (hello) => this.#arrived(hello),
      away: () => this.#away(),
      event: (event) => this.#event(event),
    });
    this.#roster = new Roster(around);
    const call: Call = (request, type) => this.#transport.call(request, type);
    const { identity, link } = options;
    this.#party = { around, identity, link, keys, call, rules, lobby: new Lobby() };
    this.media = new Media(call, () => this.#member, () => this.#changed());
    this.files = new Files(around, link.origin, keys.alias, call, () => this.#member, this.chat, () => this.#changed());
    this.#state = this.#snapshot();
  }

  get state(): MeetingState {
    return this.#state;
  }

  /** The group of the present epoch; null outside. */
  get group(): Group | null {
    return this.#member?.group ?? null;
  }

  get link(): string {
    return formatLink(this.#options.link);
  }

  subscribe(listener: (state: MeetingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // Coming and going

  #arrived(hello: Hello): void {
    this.#hello = hello;
    this.#connection = "online";
    this.chat.reset();
    this.#door?.arrived(hello);
    this.#member?.arrived(hello);
    this.#changed();
  }

  #away(): void {
    if (this.#connection === "away") return;
    this.#hello = null;
    this.#connection = "away";
    this.#door?.away();
    this.#member?.away();
    this.media.away();
    this.#changed();
  }

  #event(event: Event): void {
    this.#door?.event(event);
    this.#member?.event(event);
    this.media.event(event);
  }

  #knock(create: boolean): void {
    const { name, founding } = this.#options;
    this.#member?.stop();
    this.#member = null;
    this.#phase = create ? "connecting" : "waiting";
    this.#door = new Door(this.#party, name, founding, create, {
      waiting: (kind) => this.#doorWaits(kind),
      joined: (standing) => this.#joined(standing),
      failed: (failure) => this.#fail(failure),
      broken: (error) => this.#broken(error),
    });
    if (this.#hello !== null) this.#door.arrived(this.#hello);
  }

  #doorWaits(kind: Waiting): void {
    this.#phase = "waiting";
    this.#waiting = kind;
    this.#changed();
  }

  #joined(standing: Standing): void {
    // Not waited for: who leaves in the meantime must not come in after all.
    this.#party.rules.saw(standing.group).catch((error: unknown) => this.#broken(error));
    this.#door = null;
    this.#waiting = null;
    this.#phase = "inside";
    this.#member = new Membership(this.#party, standing, this.media.state, {
      changed: () => this.#changed(),
      received: (account, name, content) => this.chat.received(account, name, content),
      stored: (sealed) => this.chat.stored(sealed),
      streams: (streams) => this.media.found(streams),
      entered: () => this.#entered(),
      alarm: (alarm) => this.#alarm(alarm),
      ended: (ending) => this.#ended(ending),
      asked: (what, by) => this.#askedTo(what, by),
      broken: (error) => this.#broken(error),
    });
    this.chat.through(this.#member);
    if (this.#hello !== null) this.#member.arrived(this.#hello);
    this.#changed();
  }

  #entered(): void {
    this.chat.flush();
    for (const listener of this.#enteredListeners) listener();
  }

  /** Calls the listener whenever the connection stands inside an epoch anew. */
  subscribeEntered(listener: () => void): void {
    this.#enteredListeners.add(listener);
  }

  #ended(ending: Ending): void {
    // Who leaves says so until they are taken out: that is no news.
    if (this.#leaving) return;
    if (ending.kind === "refused-commit") {
      this.#alarm({ kind: "bad-commit", detail: ending.detail });
      return this.#fail({ kind: "refused-commit", detail: "the group's next step does not hold; this client follows no further" });
    }
    this.#member = null;
    this.chat.through(null);
    this.#phase = ending.kind === "superseded" ? "removed" : ending.kind;
    // To the server this connection is still there: others would wait for an answer.
    if (this.#phase !== "removed") this.#transport.restart();
    if (ending.kind === "superseded" || (ending.kind === "removed" && this.#mayRejoin())) this.#knock(false);
    this.#changed();
  }

  #askedTo(what: Asking, by: string): void {
    this.#asked = { what, by, count: (this.#asked?.count ?? 0) + 1 };
    this.#changed();
  }

  /** Do what only a host may. Rejects with MeetingError, RefusedCall, Away. */
  govern(act: HostAct): Promise<void> {
    return govern(this.#inside(), this.#party.lobby, this.#options.identity.account, act);
  }

  #mayRejoin(): boolean {
    const now = this.#around.now();
    this.#rejoined.push(now);
    return this.#rejoined.filter((at) => now - at < REJOIN_WITHIN).length <= REJOINS;
  }

  #fail(failure: Failure): void {
    this.#member?.stop();
    this.#member = null;
    this.#phase = "failed";
    this.#error = failure;
    this.#transport.close();
    this.#changed();
  }

  #broken(error: unknown): void {
    this.#fail({ kind: "internal", detail: error instanceof Error ? error.message : "something went wrong" });
  }

  #alarm(alarm: Alarm): void {
    const known = this.#alarms.some(({ kind, detail }) => kind === alarm.kind && detail === alarm.detail);
    if (!known && this.#alarms.length < MAX_ALARMS) this.#alarms = [...this.#alarms, alarm];
    this.#changed();
  }

  /** Delete a message of one's own, with its file. */
  async delete(message: string): Promise<void> {
    const file = this.chat.file(message);
    await this.chat.delete(message);
    if (file !== null) await this.files.deleted(message, file);
  }

  /** Take an own message that was not sent out of the chat; its file goes too. */
  async discard(message: string): Promise<void> {
    const file = this.chat.file(message);
    this.chat.discard(message);
    if (file !== null) await this.files.deleted(message, file);
  }

  /** Knock again after being out; try a connection that is away at once. */
  rejoin(): void {
    this.#transport.hurry();
    if (this.#phase !== "removed" && this.#phase !== "replaced" && this.#phase !== "ended") return;
    this.#knock(false);
    this.#changed();
  }

  /**
   * Say goodbye, and be shown as having left, soon: a server that does not answer keeps nobody in a meeting. `confirmed`:
   * nothing is left to be said; else it is said for a while longer.
   */
  async leave(): Promise<{ readonly confirmed: boolean }> {
    this.#leaving = true;
    this.#door?.stop();
    const gone = (this.#member?.leave() ?? Promise.resolve()).then(() => this.close());
    const patience = this.#connection === "online" ? GOODBYE_SHOWN : 0;
    const slow = new Promise<void>((resolve) => this.#around.after(patience, resolve));
    await Promise.race([gone, slow]);
    const confirmed = this.#phase === "left";
    if (!confirmed) this.#around.after(GOODBYE_WITHIN - patience, () => this.close());
    this.#phase = "left";
    this.#changed();
    return { confirmed };
  }

  /** A goodbye for later; see Membership. */
  async farewell(): Promise<Uint8Array | null> {
    return (await this.#member?.farewell()) ?? null;
  }

  /** Drop everything at once. */
  close(): void {
    this.#door?.stop();
    this.#member?.stop();
    this.#member = null;
    this.#phase = "left";
    this.files.close();
    this.#transport.close();
    this.#changed();
  }

  #inside(): Membership {
    if (this.#member === null) throw new Away("not in the meeting");
    return this.#member;
  }

  // What is shown

  async computeCode(): Promise<readonly string[]> {
    const { node, group } = this.#inside();
    const digits = await computeCode(group.keys.authenticator);
    this.#code = { node: toHex(node), digits };
    this.#changed();
    return digits;
  }

  #changed(): void {
    this.media.tellKeys();
    if (this.#telling) return;
    this.#telling = true;
    queueMicrotask(() => {
      this.#telling = false;
      const state = this.#snapshot();
      if (sameState(state, this.#state)) return;
      this.#state = state;
      for (const listener of this.#listeners) listener(state);
    });
  }

  #snapshot(): MeetingState {
    const { identity, name, link, tier } = this.#options;
    const member = this.#member;
    const here = member === null ? null : toHex(member.node);
    return {
      phase: this.#phase,
      connection: this.#connection,
      people: member === null ? [] : this.#roster.people(member, this.media.state, this.media.streams),
      messages: this.chat.messages,
      transfers: this.files.transfers,
      seal: {
        suite: member?.group.suite.name ?? null,
        epoch: member === null ? null : Number(member.group.epoch),
        code: this.#code !== null && this.#code.node === here ? this.#code.digits : null,
        alarms: this.#alarms,
        droppedFrames: this.media.droppedFrames,
        relay: "this-server",
        tier,
      },
      me: { account: identity.account, name, leaf: member?.group.leaf ?? null, media: this.media.state, host: member?.isHost === true },
      rules: shownRules(link, member?.group.rule ?? null),
      lobby: member?.isHost === true ? this.#party.lobby.waiters(this.#around.now()) : [],
      asked: this.#asked,
      waiting: this.#waiting,
      error: this.#error,
    };
  }
}

/** Whether a user interface would show the same. */
function sameState({ messages, ...a }: MeetingState, { messages: before, ...b }: MeetingState): boolean {
  return messages === before && JSON.stringify(a) === JSON.stringify(b);
}
