/** Letting others in and out, when it is our turn (docs/protocol/meeting.md 6, 8). */
import { hashes, type Child, type WaitingKnock } from "@segel/wire";
import type { Group } from "../group/group.js";
import { Refused } from "../group/refused.js";
import { RefusedCall } from "../runtime/transport.js";
import type { Timers } from "../runtime/timers.js";
import { knockName, open, plan, sort, unfit, type Denied, type Knocker, type OpenedKnock, type Plan } from "./admission.js";
import { encodeAnnouncement } from "./announcement.js";
import { sealDenial, sealEnvelope } from "./envelope.js";
import type { Follower } from "./follower.js";
import { nextRule, type Decree } from "./government.js";
import { chance, isExpired, type Ground } from "./ground.js";
import type { Heart } from "./heart.js";
import { encodePlace } from "./place.js";
import { GATHER, turn } from "./turns.js";

/** Nobody waits for more than this many others. */
const MOST_TURNS = 6;
const DUTY = "duty";

export class Steward {
  readonly #ground: Ground;
  readonly #heart: Heart;
  readonly #follower: Follower;
  readonly #timers: Timers;
  readonly #later: (task: () => Promise<void>) => void;
  #knocks = new Map<string, WaitingKnock>();
  readonly #opened = new Map<string, OpenedKnock>();
  /** Something at the door has not been looked at. */
  #news = false;
  #announced = false;
  /** When our turn is, while its timer runs. */
  #due = 0;

  /** `later` runs a task in its turn among everything that touches the group. */
  constructor(ground: Ground, heart: Heart, follower: Follower, timers: Timers, later: (task: () => Promise<void>) => void) {
    this.#ground = ground;
    this.#heart = heart;
    this.#follower = follower;
    this.#timers = timers;
    this.#later = later;
  }

  /** The connection is gone: the server forgets who knocked, and what we announced. */
  away(): void {
    this.#knocks.clear();
    this.#opened.clear();
    this.#announced = false;
  }

  /** Who waits at the door of the epoch that was entered. */
  found(knocks: readonly WaitingKnock[]): void {
    this.#knocks = new Map(knocks.map((knock) => [knockName(knock.id), knock]));
    this.look();
  }

  knocked(knock: WaitingKnock): void {
    this.#knocks.set(knockName(knock.id), knock);
    this.look();
  }

  gone(knock: Uint8Array): void {
    this.#knocks.delete(knockName(knock));
    this.#opened.delete(knockName(knock));
  }

  /** The group went on: what was to be done is looked at anew. */
  moved(): void {
    this.#timers.cancel(DUTY);
    this.#opened.clear();
    if (!this.#rules) this.#ground.lobby.clear();
  }

  /** Look at the door anew: somebody knocked, or a host spoke. */
  look(): void {
    this.#news = true;
    this.schedule();
  }

  /** Whether it is for us to say who comes in from the lobby. */
  get #rules(): boolean {
    const { group } = this.#ground;
    return group.rule.lobby && group.isHost(group.leaf);
  }

  /** Take our turn where there is something to do: sooner than planned where those before us are gone. */
  schedule(): void {
    const { entered, group, around } = this.#ground;
    const work = this.#news || this.#heart.departed().length > 0;
    if (!work || !entered || this.#heart.isLeaving) return;
    // Who may answer for the lobby waits for nobody.
    const before = this.#rules ? [] : this.#heart.acting().filter((leaf) => leaf < group.leaf);
    const wait = GATHER + turn(group.leaf, before.slice(0, MOST_TURNS), chance(this.#ground));
    const due = around.now() + wait;
    if (this.#timers.has(DUTY) && this.#due <= due) return;
    this.#due = due;
    this.#timers.after(DUTY, wait, () => this.#later(() => this.#duty()));
  }

  /** Publish the present epoch's knock key, once on each connection. */
  async announce(): Promise<void> {
    if (this.#announced) return;
    const { group, node, keys, call } = this.#ground;
    const announcement = this.#announcement(group);
    await call({ type: "announce", group: group.groupId, node, alias: keys.alias, announcement }, "done");
    this.#announced = true;
  }

  #announcement({ meeting, suite, keys }: Group): Uint8Array {
    return encodeAnnouncement(this.#ground.keys, { generation: meeting.generation, suite: suite.id, knockKey: keys.knockPublic });
  }

  async #duty(): Promise<void> {
    const { entered, group, lobby, around } = this.#ground;
    if (!entered || this.#heart.isLeaving) return;
    await this.#openAll();
    const { knockers, denied, settled } = sort(group, lobby, this.#opened.values(), isExpired(this.#ground), around.now());
    this.#news = false;
    await this.#dismiss(settled);
    for (const each of denied) await this.#deny(each);
    const departed = this.#heart.departed();
    if (knockers.length > 0 || departed.length > 0) await this.#commit(departed, knockers);
  }

  async #openAll(): Promise<void> {
    const { group, keys } = this.#ground;
    for (const [name, knock] of this.#knocks) if (!this.#opened.has(name)) this.#opened.set(name, await open(group, keys, knock));
  }

  async #deny({ id, visitor: { keyPackage, inbox, token }, reason }: Denied): Promise<void> {
    const { group, call } = this.#ground;
    const body = await sealDenial(group.suite, keyPackage.initKey, reason);
    await call({ type: "deliver", inbox, token, body }, "done").catch(() => undefined);
    await this.#dismiss([id]);
  }

  /** The knocks that wait for our word lie there still. */
  tick(): void {
    const { lobby, around } = this.#ground;
    for (const { visitor } of this.#opened.values()) if (visitor !== null) lobby.stillThere(visitor.account, around.now());
    this.schedule();
  }

  async #commit(departed: readonly number[], knockers: readonly Knocker[]): Promise<void> {
    const { group, node, log } = this.#ground;
    const aad = encodePlace(log.place(node));
    try {
      await this.propose(await plan(group, departed, knockers, aad));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await this.#dismiss(await unfit(group, knockers, aad));
    }
  }

  /** Change the rule. Throws Malformed where we have not the hosts' key, Refused where we are no host; else as `propose`. */
  async decree(decree: Decree): Promise<void> {
    const { group, node, log } = this.#ground;
    const rule = await nextRule(this.#ground, decree);
    const staged = await group.stage({ removed: decree.removed, added: [], rule }, encodePlace(log.place(node)));
    await this.propose({ ...staged, knockers: [] });
  }

  /** Send a commit of ours. Rejects with RefusedCall, also where another's was first; then it is as if it had not been made. */
  async propose(planned: Plan): Promise<void> {
    const { group, node, call } = this.#ground;
    const { commit, next } = planned;
    const epoch_key = next.keys.epochKey.publicKey;
    this.#follower.expect(planned);
    const request = { type: "commit", group: group.groupId, node, commit, child_key: epoch_key, announcement: this.#announcement(next) } as const;
    try {
      const { node: made, receipt } = await call(request, "appended");
      await this.#follower.take({ kind: "child", node, child: { node: made, commit, epoch_key, receipt } });
    } catch (error) {
      if (error instanceof RefusedCall) this.#follower.expect(null);
      throw error;
    }
  }

  /** Our commit won: give every joiner its Welcome, then take the answered knocks off the door. */
  welcome({ knockers, welcomes, next }: Plan, parent: Uint8Array, child: Child): void {
    for (const { id } of knockers) this.gone(id);
    const { position, head } = child.receipt;
    const commitHash = hashes.hash(child.commit);
    const deliveries = knockers.map(async ({ visitor: { keyPackage, inbox, token } }, index) => {
      const welcome = welcomes[index] ?? new Uint8Array();
      const body = await sealEnvelope(next.suite, keyPackage.initKey, { parent, commitHash, head, position, welcome });
      await this.#ground.call({ type: "deliver", inbox, token, body }, "done");
    });
    void Promise.allSettled(deliveries).then(() => this.#later(() => this.#dismiss(knockers.map(({ id }) => id))));
  }

  async #dismiss(ids: readonly Uint8Array[]): Promise<void> {
    if (ids.length === 0) return;
    const { group, node, call } = this.#ground;
    for (const id of ids) this.gone(id);
    await call({ type: "dismiss", group: group.groupId, node, knocks: [...ids] }, "done");
  }
}
