/**
 * Being a member: following the group's log from epoch to epoch, letting others in and out.
 *
 * Everything that touches the group runs one after the other, in the order in which it came.
 */
import { hashes, signing, type Child, type Event, type Hello, type Receipt, type Request, type Result, type WaitingKnock } from "@segel/wire";
import { equalBytes } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { BadSignature, sign } from "../ed25519.js";
import { Refused, type Group } from "../group/group.js";
import type { Identity } from "../identity.js";
import { Away, RefusedCall, type ResultOf } from "../runtime/transport.js";
import type { Surroundings } from "../runtime/surroundings.js";
import type { Alarm, MediaState } from "../state.js";
import { NotOpened } from "../suites/hpke.js";
import { knockName, openKnocks, plan, unfit, without, type Knocker, type Plan } from "./admission.js";
import { encodeAnnouncement } from "./announcement.js";
import { sealEnvelope } from "./envelope.js";
import type { LinkKeys } from "./link.js";
import { LogAlarm, type Log } from "./log.js";
import { checkEpoch, checkPlace, encodePlace } from "./place.js";
import { deafen, departed, hear, HERE_EVERY, isPresent, listen, nextEpoch, PRESENT_FOR, SILENCE, type Presence } from "./presence.js";
import { Rows, type LogItem } from "./rows.js";
import { GATHER, turn } from "./turns.js";
import { openWhisper, sealWhisper, type OwnStream, type Saying } from "./whisper.js";

/** Ask the server; as Transport.call. */
export type Call = <T extends Result["type"]>(request: Request, type: T) => Promise<ResultOf<T>>;

/** How being a member ended. */
export type Ending =
  | { readonly kind: "removed" }
  /** The same account came in from elsewhere. */
  | { readonly kind: "replaced" }
  /** The meeting went on in another group without us. */
  | { readonly kind: "superseded" }
  /** The next epoch does not hold: the server's chain is not followed any further. */
  | { readonly kind: "refused-commit"; readonly detail: string };

/** What a member's surroundings are told. */
export interface MemberEvents {
  changed(): void;
  /** An application message that holds, from an account, in the log's order. */
  received(account: string, name: string, content: Uint8Array): void;
  /** A row is stored; true where it is a message of our own, which its sender cannot open. */
  stored(sealed: Uint8Array): boolean;
  /** A new epoch is entered on the server: messages can be sent, and are to be sent again where they were lost. */
  entered(): void;
  alarm(alarm: Alarm): void;
  ended(ending: Ending): void;
}

/** Where a member stands: its group, the node of the epoch, and the log so far. */
export interface Standing {
  readonly group: Group;
  readonly node: Uint8Array;
  readonly log: Log;
}

const TICK = 1_000;
/** Milliseconds until a missing row of the log is asked for. */
const GAP = 1_000;
/** Milliseconds within which a member says that it is here after the group changed. */
const HERE_WITHIN = 4_000;
/** Nobody waits for more than this many others. */
const MOST_TURNS = 6;

export class Membership {
  readonly #around: Surroundings;
  readonly #identity: Identity;
  readonly #keys: LinkKeys;
  readonly #call: Call;
  readonly #events: MemberEvents;
  readonly #rows = new Rows();
  #group: Group;
  #node: Uint8Array;
  #log: Log;
  #hello: Hello | null = null;
  #entered = false;
  #announced = false;
  #plan: Plan | null = null;
  #knocks = new Map<string, WaitingKnock>();
  #presence: Presence = SILENCE;
  #media: { media: MediaState; streams: readonly OwnStream[] };
  #counter = 0;
  #tail: Promise<void> = Promise.resolve();
  #over = false;
  #timers = new Map<string, () => void>();

  constructor(around: Surroundings, identity: Identity, keys: LinkKeys, call: Call, standing: Standing, media: MediaState, events: MemberEvents) {
    this.#around = around;
    this.#identity = identity;
    this.#keys = keys;
    this.#call = call;
    this.#events = events;
    this.#group = standing.group;
    this.#node = standing.node;
    this.#log = standing.log;
    this.#media = { media, streams: [] };
    this.#every("tick", TICK, () => this.#tick());
    this.#every("here", HERE_EVERY, () => this.#later(() => this.#here()));
  }

  get group(): Group {
    return this.#group;
  }

  get node(): Uint8Array {
    return this.#node;
  }

  get presence(): Presence {
    return this.#presence;
  }

  /** Whether the connection stands inside the present epoch. */
  get entered(): boolean {
    return this.#entered;
  }

  /** A connection stands: catch up. */
  arrived(hello: Hello): void {
    this.#hello = hello;
    this.#announced = false;
    this.#later(() => this.#arrive(hello));
  }

  /** The connection is gone. */
  away(): void {
    this.#hello = null;
    this.#entered = false;
    this.#presence = deafen(this.#presence);
    this.#knocks.clear();
    this.#events.changed();
  }

  /** Something that the server told. */
  event(event: Event): void {
    switch (event.type) {
      case "row":
        return this.#later(() => this.#take({ kind: "row", node: event.node, row: event.row }), event.group);
      case "child":
        return this.#later(() => this.#take({ kind: "child", node: event.parent, child: event.child }), event.group);
      case "whispered":
        return this.#later(() => this.#whispered(event.node, event.body), event.group);
      case "knocked":
        return this.#later(async () => this.#knocked(event.knock), event.group);
      case "knock_gone":
        return this.#later(async () => void this.#knocks.delete(knockName(event.id)), event.group);
      default:
    }
  }

  /** Seal a content and send it. The sealed bytes, by which `stored` names it, come before it is stored. */
  send(content: Uint8Array, sealedAs: (sealed: Uint8Array, node: Uint8Array) => void, failed: (error: unknown) => void): void {
    this.#later(async () => {
      if (!this.#entered) return failed(new Away("between two epochs"));
      const { next, message } = await this.#group.seal(content, encodePlace(this.#log.place(this.#node)));
      this.#group = next;
      sealedAs(message, this.#node);
      this.resend(message, failed);
    });
  }

  /** Send what was sealed in the present epoch. */
  resend(body: Uint8Array, failed: (error: unknown) => void): void {
    const node = this.#node;
    this.#call({ type: "append", group: this.#group.groupId, node, body }, "appended").then(
      ({ receipt }) => this.#later(() => this.#take({ kind: "row", node, row: { body, receipt } })),
      (error: unknown) => {
        failed(error);
        this.#later(() => this.#refusedWith(error));
      },
    );
  }

  /** Say what our devices do. */
  setMedia(media: MediaState, streams: readonly OwnStream[]): void {
    this.#media = { media, streams };
    this.#later(() => this.#here());
  }

  /** Say goodbye, then be no member any more. Resolves when it is said, or cannot be. */
  async leave(): Promise<void> {
    this.#later(async () => {
      if (this.#entered) await this.#say({ kind: "leaving" });
    });
    await this.#tail;
    this.stop();
  }

  /** Stop everything. */
  stop(): void {
    this.#over = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  /** Resolves when everything that has come in was worked through. */
  async settled(): Promise<void> {
    await this.#tail;
  }

  #later(task: () => Promise<void> | void, group?: Uint8Array): void {
    if (group !== undefined && !equalBytes(group, this.#group.groupId)) return;
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
    if (error instanceof Away) return;
    if (error instanceof LogAlarm) return this.#events.alarm({ kind: error.kind, detail: error.message });
    if (error instanceof BadSignature) return this.#events.alarm({ kind: "forked", detail: "the server's signature does not hold" });
    if (error instanceof RefusedCall) return this.#refusedWith(error).catch(() => undefined);
    throw error;
  }

  #after(name: string, milliseconds: number, call: () => void): void {
    this.#timers.get(name)?.();
    this.#timers.set(name, this.#around.after(milliseconds, () => {
      this.#timers.delete(name);
      call();
    }));
  }

  #every(name: string, milliseconds: number, call: () => void): void {
    this.#after(name, milliseconds, () => {
      this.#every(name, milliseconds, call);
      call();
    });
  }

  #random(): number {
    return (this.#around.random(1)[0] ?? 0) / 256;
  }

  // The log

  async #arrive(hello: Hello): Promise<void> {
    if (hello !== this.#hello) return;
    if (!equalBytes(hello.server_key, this.#log.serverKey)) throw new LogAlarm("forked", "the server has another key than before");
    this.#rows.clear();
    await this.#enter();
    this.#plan = null;
    this.#presence = listen(this.#presence, this.#around.now());
    await this.#announce();
    await this.#here();
  }

  /** Enter the node, take what happened, and go on to the child until there is none. */
  async #enter(): Promise<void> {
    for (;;) {
      const node = this.#node;
      const entered = await this.#prove(node);
      for (const row of entered.rows) this.#rows.put({ kind: "row", node, row });
      const child = entered.children[0];
      if (child !== undefined) this.#rows.put({ kind: "child", node, child });
      await this.#drain();
      if (this.#over) return;
      if (entered.more || node !== this.#node) continue;
      this.#log.checkHead(entered.receipt.position, entered.receipt.head);
      this.#knocks = new Map(entered.knocks.map((knock) => [knockName(knock.id), knock]));
      this.#entered = true;
      this.#presence = listen(this.#presence, this.#around.now());
      this.#events.entered();
      this.#schedule();
      return;
    }
  }

  async #prove(node: Uint8Array): Promise<ResultOf<"entered">> {
    const hello = this.#hello;
    if (hello === null) throw new Away("not connected");
    const { groupId: group, keys } = this.#group;
    const proof = signing.connection(hashes.logId(hello.server_key), hello.challenge, group, node);
    const signature = await sign(keys.epochKey.seed, proof);
    return this.#call({ type: "enter", group, node, after: this.#log.position, signature }, "entered");
  }

  async #take(item: LogItem): Promise<void> {
    this.#rows.put(item);
    const node = this.#node;
    await this.#drain();
    if (this.#over) return;
    if (node !== this.#node) {
      await this.#enter();
      this.#sayHereSoon();
    } else if (this.#rows.waiting) {
      this.#after("gap", GAP, () => this.#later(() => this.#fillGap()));
    }
  }

  async #fillGap(): Promise<void> {
    if (!this.#rows.waiting) return;
    await this.#enter();
    if (this.#rows.waiting) throw new LogAlarm("dropped", `row ${this.#log.position + 1} is missing`);
  }

  async #drain(): Promise<void> {
    for (let item = this.#rows.takeAfter(this.#log.position); item !== null; item = this.#rows.takeAfter(this.#log.position)) {
      await (item.kind === "row" ? this.#row(item.node, item.row.body, item.row.receipt) : this.#child(item.node, item.child));
      if (this.#over) return;
    }
  }

  async #row(node: Uint8Array, body: Uint8Array, receipt: Receipt): Promise<void> {
    if (!(await this.#log.takeRow(node, { body, receipt }))) return;
    if (!this.#events.stored(body)) await this.#open(node, body);
  }

  async #open(node: Uint8Array, body: Uint8Array): Promise<void> {
    try {
      checkEpoch(node, this.#node);
      const opened = await this.#group.open(body);
      this.#group = opened.next;
      checkPlace(opened.aad, this.#node, this.#log);
      const sender = this.#group.member(opened.sender);
      if (sender !== null) this.#events.received(sender.account, sender.name, opened.content);
    } catch (error) {
      if (!isBad(error)) throw error;
      this.#events.alarm({ kind: "bad-message", detail: error instanceof Error ? error.message : "a message does not open" });
    }
  }

  async #child(parent: Uint8Array, child: Child): Promise<void> {
    if (!(await this.#log.takeChild(parent, child))) return;
    const plan = this.#plan;
    this.#plan = null;
    if (plan !== null && equalBytes(plan.commit, child.commit)) {
      this.#merge(plan.next, child, []);
      return this.#welcome(plan, parent, child);
    }
    await this.#process(child);
  }

  async #process(child: Child): Promise<void> {
    try {
      const { next, removed, replaced, aad } = await this.#group.process(child.commit);
      checkPlace(aad, this.#node, this.#log);
      if (next === null) return this.#end(replaced ? { kind: "replaced" } : { kind: "removed" });
      if (!equalBytes(next.keys.epochKey.publicKey, child.epoch_key)) throw new Refused("the next epoch's key is another");
      this.#merge(next, child, removed);
    } catch (error) {
      if (!isBad(error)) throw error;
      this.#end({ kind: "refused-commit", detail: error instanceof Error ? error.message : "refused" });
    }
  }

  #merge(next: Group, child: Child, removed: readonly number[]): void {
    const gone = this.#group.members.map(({ leaf }) => leaf).filter((leaf) => removed.includes(leaf) || next.member(leaf)?.account !== this.#group.member(leaf)?.account);
    this.#group = next;
    this.#node = child.node;
    this.#entered = false;
    this.#presence = nextEpoch(this.#presence, gone);
    this.#counter = 0;
    this.#timers.get("duty")?.();
    this.#timers.delete("duty");
  }

  #end(ending: Ending): void {
    this.stop();
    this.#events.ended(ending);
  }

  /** A request that the server refused: follow where it says that the group went on. */
  async #refusedWith(error: unknown): Promise<void> {
    if (!(error instanceof RefusedCall)) return;
    const { code, child } = error.refusal;
    if ((code === "stale" || code === "conflict") && child !== null) await this.#take({ kind: "child", node: this.#node, child });
    else if (code === "not_proven") await this.#enter();
    else if (code === "taken") this.#end({ kind: "superseded" });
  }

  // The door

  async #announce(): Promise<void> {
    if (this.#announced) return;
    const { alias } = this.#keys;
    const announcement = this.#announcement(this.#group);
    await this.#call({ type: "announce", group: this.#group.groupId, node: this.#node, alias, announcement }, "done");
    this.#announced = true;
  }

  #announcement(group: Group): Uint8Array {
    const { meeting, suite, keys } = group;
    return encodeAnnouncement(this.#keys, { generation: meeting.generation, suite: suite.id, knockKey: keys.knockPublic });
  }

  #knocked(knock: WaitingKnock): void {
    this.#knocks.set(knockName(knock.id), knock);
    this.#schedule();
  }

  #departed(): number[] {
    const others = this.#group.members.map(({ leaf }) => leaf).filter((leaf) => leaf !== this.#group.leaf);
    return departed(this.#presence, others, this.#around.now());
  }

  /** Leaves that can be expected to act: heard lately, or not yet heard since we came. */
  #acting(): number[] {
    const now = this.#around.now();
    const { listening, seen } = this.#presence;
    const fresh = listening !== null && now - listening <= PRESENT_FOR;
    return this.#group.members
      .map(({ leaf }) => leaf)
      .filter((leaf) => leaf !== this.#group.leaf && (isPresent(this.#presence, leaf, now) || (fresh && !seen.has(leaf))));
  }

  #schedule(): void {
    const work = this.#knocks.size > 0 || this.#departed().length > 0;
    if (!work || !this.#entered || this.#timers.has("duty")) return;
    const before = this.#acting().filter((leaf) => leaf < this.#group.leaf);
    const wait = GATHER + turn(this.#group.leaf, before.slice(0, MOST_TURNS), this.#random());
    this.#after("duty", wait, () => this.#later(() => this.#duty()));
  }

  async #duty(): Promise<void> {
    if (!this.#entered) return;
    const { knockers, settled } = await openKnocks(this.#group, this.#keys, [...this.#knocks.values()]);
    await this.#dismiss(settled);
    const gone = this.#departed();
    if (knockers.length === 0 && gone.length === 0) return;
    await this.#commit(gone, knockers);
  }

  async #commit(gone: readonly number[], knockers: readonly Knocker[]): Promise<void> {
    const aad = encodePlace(this.#log.place(this.#node));
    try {
      this.#plan = await plan(this.#group, gone, knockers, aad);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return this.#dismiss(await unfit(this.#group, knockers, aad));
    }
    await this.#propose(this.#plan);
  }

  async #propose({ commit, next }: Plan): Promise<void> {
    const node = this.#node;
    const epoch_key = next.keys.epochKey.publicKey;
    try {
      const request = { type: "commit", group: this.#group.groupId, node, commit, child_key: epoch_key, announcement: this.#announcement(next) } as const;
      const { node: made, receipt } = await this.#call(request, "appended");
      await this.#take({ kind: "child", node, child: { node: made, commit, epoch_key, receipt } });
    } catch (error) {
      if (error instanceof RefusedCall) this.#plan = null;
      throw error;
    }
  }

  /** Give every joiner its Welcome, then take the answered knocks off the door. */
  async #welcome(plan: Plan, parent: Uint8Array, child: Child): Promise<void> {
    const { position, head } = child.receipt;
    const commitHash = hashes.hash(child.commit);
    for (const { id } of plan.knockers) this.#knocks.delete(knockName(id));
    const deliveries = plan.knockers.map(async ({ visitor }, index) => {
      const welcome = plan.welcomes[index] ?? new Uint8Array();
      const { keyPackage, inbox, token } = visitor;
      const body = await sealEnvelope(plan.next.suite, keyPackage.initKey, { parent, commitHash, head, position, welcome });
      await this.#call({ type: "deliver", inbox, token, body }, "done");
    });
    await Promise.allSettled(deliveries);
    this.#later(() => this.#dismiss(plan.knockers.map(({ id }) => id)));
  }

  async #dismiss(ids: readonly Uint8Array[]): Promise<void> {
    if (ids.length === 0) return;
    this.#knocks = without(this.#knocks, ids);
    await this.#call({ type: "dismiss", group: this.#group.groupId, node: this.#node, knocks: [...ids] }, "done");
  }

  // Presence

  #tick(): void {
    if (!this.#entered) return;
    this.#schedule();
    this.#events.changed();
  }

  #sayHereSoon(): void {
    const { mic, camera, hand } = this.#media.media;
    const within = mic || camera || hand ? HERE_WITHIN / 10 : HERE_WITHIN;
    this.#after("here soon", within * this.#random(), () => this.#later(() => this.#here()));
  }

  async #here(): Promise<void> {
    if (this.#entered) await this.#say({ kind: "here", ...this.#media });
  }

  async #say(saying: Saying): Promise<void> {
    this.#counter += 1;
    const node = this.#node;
    const body = await sealWhisper(this.#group, node, this.#identity.device.seed, this.#counter, saying, this.#around.random(12));
    await this.#call({ type: "whisper", group: this.#group.groupId, node, body }, "done");
  }

  async #whispered(node: Uint8Array, body: Uint8Array): Promise<void> {
    if (!equalBytes(node, this.#node)) return;
    try {
      const heard = await openWhisper(this.#group, node, body);
      if (heard.leaf === this.#group.leaf) return;
      this.#presence = hear(this.#presence, heard, this.#around.now()) ?? this.#presence;
      if (heard.saying.kind === "leaving") this.#schedule();
    } catch (error) {
      if (!isBad(error)) throw error;
    }
  }
}

/** What another's bytes can do wrong, as against what goes wrong here. */
function isBad(error: unknown): boolean {
  return error instanceof Malformed || error instanceof Refused || error instanceof NotOpened || error instanceof BadSignature;
}
