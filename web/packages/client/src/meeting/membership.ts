/**
 * Being a member: the log that is followed, the heart that beats, the steward at the door.
 *
 * Everything that changes the group runs one after the other, in the order in which it came.
 */
import type { Event, Hello, Stream } from "@segel/wire";
import { equalBytes, toHex } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { BadSignature, keyPair } from "../ed25519.js";
import type { Group } from "../group/group.js";
import { Away, RefusedCall } from "../runtime/transport.js";
import { Timers } from "../runtime/timers.js";
import type { Alarm, Asking, MediaState } from "../state.js";
import { Follower, type Ending } from "./follower.js";
import { hostKeyContent, isHostKey, readHostKey, type Decree } from "./government.js";
import type { Ground, Party, Standing } from "./ground.js";
import { Heart } from "./heart.js";
import { LogAlarm } from "./log.js";
import { encodePlace } from "./place.js";
import { HERE_EVERY, type Presence } from "./presence.js";
import type { LogItem } from "./rows.js";
import { Steward } from "./steward.js";
import type { OwnStream } from "./whisper.js";

/** What a member's surroundings are told. */
export interface MemberEvents {
  changed(): void;
  /** An application message that holds, from an account, in the log's order. */
  received(account: string, name: string, content: Uint8Array): void;
  /** A row is stored; true where it is a message of our own. */
  stored(sealed: Uint8Array): boolean;
  /** What others have at the relay now. */
  streams(streams: readonly Stream[]): void;
  /** The present epoch is entered: messages can be sent, and are to be sent again where they were lost. */
  entered(): void;
  alarm(alarm: Alarm): void;
  ended(ending: Ending): void;
  /** A host, of this name, asks something of us. */
  asked(what: Asking, by: string): void;
  /** Something went wrong here that nobody foresaw. */
  broken(error: unknown): void;
}

/** Milliseconds until a goodbye is said again that nobody acted on. */
const GOODBYE_AGAIN = 300;
const TICK = 1_000;
/** When an asking is said, in milliseconds. */
const ASK_AT = [0, 500, 2_000] as const;
/** How often a change of the rule is tried, where others' commits come first. */
const TRIES = 8;
/** Milliseconds until a missing row of the log is asked for. */
const GAP = 1_000;
/** Milliseconds until an epoch that the server would not let us enter is tried again. */
const ENTER_AGAIN = 2_000;

export class Membership {
  readonly #ground: Ground;
  readonly #events: MemberEvents;
  readonly #timers: Timers;
  readonly #heart: Heart;
  readonly #follower: Follower;
  readonly #steward: Steward;
  /** Messages of ours that are about the group, and are not shown. */
  readonly #own = new Set<string>();
  #tail: Promise<void> = Promise.resolve();
  #over = false;
  /** Ends the pause between two goodbyes. */
  #wake: () => void = () => undefined;

  constructor(party: Party, standing: Standing, media: MediaState, events: MemberEvents) {
    this.#ground = { ...party, ...standing, hello: null, entered: false };
    this.#events = events;
    this.#timers = new Timers(party.around);
    this.#heart = new Heart(this.#ground, media);
    this.#follower = new Follower(this.#ground, {
      received: (account, name, content) => this.#received(account, name, content),
      stored: (sealed) => this.#own.delete(toHex(sealed)) || events.stored(sealed),
      moved: (gone) => this.#moved(gone),
      won: (plan, parent, child) => this.#steward.welcome(plan, parent, child),
      streams: (streams) => events.streams(streams),
      entered: ({ knocks }) => this.#entered(() => this.#steward.found(knocks)),
      alarm: (alarm) => events.alarm(alarm),
      ended: (ending) => this.#end(ending),
    });
    this.#steward = new Steward(this.#ground, this.#heart, this.#follower, this.#timers, (task) => this.#later(task));
    this.#timers.every("tick", TICK, () => this.#tick());
    this.#timers.every("here", HERE_EVERY, () => this.#later(() => this.#heart.here()));
  }

  get group(): Group {
    return this.#ground.group;
  }

  get node(): Uint8Array {
    return this.#ground.node;
  }

  get presence(): Presence {
    return this.#heart.presence;
  }

  /** Whether we are a host, with the hosts' key. */
  get isHost(): boolean {
    return this.#ground.keys.openerKey !== null && this.group.isHost(this.group.leaf);
  }

  /** Whether the connection stands inside the present epoch. */
  get entered(): boolean {
    return this.#ground.entered;
  }

  /** A connection stands: catch up. */
  arrived(hello: Hello): void {
    this.#ground.hello = hello;
    this.#heart.greeted(hello.now);
    this.#later(() => this.#arrive(hello));
  }

  /** The connection is gone. */
  away(): void {
    this.#ground.hello = null;
    this.#ground.entered = false;
    this.#heart.deafen();
    this.#steward.away();
    this.#events.changed();
  }

  /** Something that the server told. */
  event(event: Event): void {
    if (!("group" in event) || !equalBytes(event.group, this.#ground.group.groupId)) return;
    switch (event.type) {
      case "row":
        return this.#later(() => this.#take({ kind: "row", node: event.node, row: event.row }));
      case "child":
        return this.#later(() => this.#take({ kind: "child", node: event.parent, child: event.child }));
      case "whispered":
        return void this.#whispered(event.node, event.body);
      case "knocked":
        return this.#later(() => this.#steward.knocked(event.knock));
      case "knock_gone":
        return this.#later(() => this.#steward.gone(event.id));
      default:
    }
  }

  /** Seal a content and send it. `sealedAs` is told the sealed bytes, by which `stored` will name it. */
  send(content: Uint8Array, sealedAs: (sealed: Uint8Array, node: Uint8Array) => void, failed: (error: unknown) => void): void {
    this.#later(async () => {
      const { entered, group, node, log } = this.#ground;
      if (!entered) return failed(new Away("between two epochs"));
      const { next, message } = await group.seal(content, encodePlace(log.place(node)));
      this.#ground.group = next;
      sealedAs(message, node);
      this.resend(message, failed);
    });
  }

  /** Send what was sealed in the present epoch. */
  resend(body: Uint8Array, failed: (error: unknown) => void): void {
    const { group, node, call } = this.#ground;
    call({ type: "append", group: group.groupId, node, body }, "appended").then(
      ({ receipt }) => this.#later(() => this.#take({ kind: "row", node, row: { body, receipt } })),
      (error: unknown) => {
        failed(error);
        this.#later(() => this.#follow(error));
      },
    );
  }

  /** Say what our devices do. */
  setMedia(media: MediaState, streams: readonly OwnStream[]): void {
    this.#heart.setMedia(media, streams);
    this.#later(() => this.#heart.here());
  }

  /** Do what only a host may. Rejects with RefusedCall, Away, Malformed. */
  decree(make: (group: Group) => Decree): Promise<void> {
    return this.#insist(() => this.#steward.decree(make(this.#ground.group)));
  }

  /** Give the hosts' key to a member. Rejects as `decree`. */
  giveHostKey(account: string): Promise<void> {
    return this.#insist(() => this.#giveHostKey(account));
  }

  /** Ask something of a member, or of all; more than once, since some may not have entered the epoch yet. */
  ask(account: string | null, what: Asking): void {
    const { around } = this.#ground;
    const nonce = new DataView(around.random(4).buffer).getUint32(0);
    for (const wait of ASK_AT) around.after(wait, () => this.#later(() => this.#ask(account, what, nonce)));
  }

  async #ask(account: string | null, what: Asking, nonce: number): Promise<void> {
    const leaf = account === null ? null : this.group.members.find((member) => member.account === account)?.leaf;
    if (leaf !== undefined && this.#ground.entered) await this.#heart.ask(leaf, what, nonce);
  }

  /** A host spoke about who waits at the door. */
  look(): void {
    this.#steward.look();
    this.#events.changed();
  }

  /**
   * Say goodbye until we are taken out, or nobody is there who could: where the group moves on meanwhile, nobody hears what
   * is said in the epoch before, nor does who enters the next one later. Resolves when we are no member any more.
   */
  async leave(): Promise<void> {
    while (!this.#over) {
      this.#later(() => this.#heart.leaving());
      await this.#tail;
      if (this.#ground.entered && this.#heart.acting().length === 0) break;
      await this.#pause();
    }
    this.stop();
  }

  /** Resolves after a while, or when everything is stopped. */
  async #pause(): Promise<void> {
    if (this.#over) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#ground.around.after(GOODBYE_AGAIN, resolve);
    });
  }

  /** A goodbye for later, when there is no time to make one; null while there is nobody to say it to. */
  farewell(): Promise<Uint8Array | null> {
    return this.#heart.farewell();
  }

  /** Stop everything. */
  stop(): void {
    this.#over = true;
    this.#timers.stop();
    this.#wake();
  }

  /** Resolves when everything that has come in was worked through. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  /** Do it in its turn, and again where another's commit came first. */
  #insist(task: () => Promise<void>): Promise<void> {
    const insisted = async (): Promise<void> => {
      for (let tries = 1; ; tries++) {
        if (!this.#ground.entered) throw new Away("not connected");
        try {
          return await task();
        } catch (error) {
          if (!(error instanceof RefusedCall) || tries === TRIES) throw error;
          await this.#follow(error);
        }
      }
    };
    const done = this.#tail.then(() => (this.#over ? Promise.reject(new Away("not in the meeting")) : insisted()));
    this.#later(() => done.catch(() => undefined));
    return done;
  }

  async #giveHostKey(account: string): Promise<void> {
    const { group, node, log, keys, call, around } = this.#ground;
    const to = group.members.find((member) => member.account === account);
    if (to === undefined || keys.openerKey === null) throw new Malformed("nobody to make a host, or no host's key");
    const content = await hostKeyContent(group, to.leaf, keys.openerKey.seed, around.random(16));
    const { next, message } = await group.seal(content, encodePlace(log.place(node)));
    this.#ground.group = next;
    this.#own.add(toHex(message));
    const { receipt } = await call({ type: "append", group: group.groupId, node, body: message }, "appended");
    await this.#take({ kind: "row", node, row: { body: message, receipt } });
  }

  #received(account: string, name: string, content: Uint8Array): void {
    if (!isHostKey(content)) return this.#events.received(account, name, content);
    const { group, keys, rules } = this.#ground;
    if (!group.rule.hosts.includes(account)) return;
    this.#later(async () => {
      const seed = await readHostKey(group, content).catch(() => null);
      if (seed === null) return;
      keys.openerKey = await keyPair(seed);
      await rules.keepHostSeed(seed);
    });
  }

  #later(task: () => Promise<void> | void): void {
    this.#tail = this.#tail.then(async () => {
      if (this.#over) return;
      try {
        await task();
      } catch (error) {
        await this.#trouble(error);
      }
      if (!this.#over) this.#events.changed();
    });
  }

  async #trouble(error: unknown): Promise<void> {
    if (error instanceof LogAlarm) this.#events.alarm({ kind: error.kind, detail: error.message });
    else if (error instanceof BadSignature) this.#events.alarm({ kind: "forked", detail: "the server's signature does not hold" });
    else if (error instanceof RefusedCall) await this.#follow(error).catch(() => undefined);
    else if (!(error instanceof Away)) this.#events.broken(error);
  }

  /** A request that the server refused: go where it says that the group went. */
  async #follow(error: unknown): Promise<void> {
    if (!(error instanceof RefusedCall)) return;
    const { code, child } = error.refusal;
    if ((code === "stale" || code === "conflict") && child !== null) return this.#take({ kind: "child", node: this.#ground.node, child });
    if (code === "unknown_group" || code === "unknown_node") {
      this.#events.alarm({ kind: "forgotten", detail: `the server knows nothing of row ${this.#ground.log.position} any more` });
      return this.#end({ kind: "superseded" });
    }
    if (code === "taken") return this.#end({ kind: "superseded" });
    if (!this.#ground.entered || code === "not_proven") this.#timers.after("enter again", ENTER_AGAIN, () => this.#later(() => this.#follower.enter()));
  }

  async #arrive(hello: Hello): Promise<void> {
    if (hello !== this.#ground.hello) return;
    if (!equalBytes(hello.server_key, this.#ground.log.serverKey)) throw new LogAlarm("forked", "the server has another key than before");
    await this.#follower.catchUp();
    await this.#steward.announce();
    await this.#heart.here();
  }

  async #take(item: LogItem): Promise<void> {
    await this.#follower.take(item);
    if (this.#follower.waiting && !this.#over) this.#timers.after("gap", GAP, () => this.#later(() => this.#follower.fillGap()));
  }

  /** Not in turn: a commit of ours may be on its way, and what is said meanwhile cannot be opened after it. */
  async #whispered(node: Uint8Array, body: Uint8Array): Promise<void> {
    try {
      const asked = await this.#heart.whispered(node, body);
      if (this.#over) return;
      if (asked !== null) this.#events.asked(asked.what, this.group.member(asked.leaf)?.name ?? "?");
      this.#steward.schedule();
      this.#events.changed();
    } catch (error) {
      await this.#trouble(error);
    }
  }

  #moved(removed: readonly number[]): void {
    this.#heart.nextEpoch(removed);
    this.#steward.moved();
    this.#timers.after("here soon", this.#heart.hereSoon, () => this.#later(() => this.#heart.here()));
  }

  #entered(look: () => void): void {
    this.#heart.listen();
    this.#events.entered();
    look();
  }

  #tick(): void {
    if (!this.#ground.entered) return;
    this.#steward.tick();
    this.#events.changed();
  }

  #end(ending: Ending): void {
    this.stop();
    this.#events.ended(ending);
  }
}
