/** Following the group's log from epoch to epoch, and checking every step (docs/protocol/delivery.md 2, 3). */
import { hashes, signing, type Child, type Entered, type Receipt, type Stream } from "@segel/wire";
import { equalBytes } from "../bytes.js";
import { sign } from "../ed25519.js";
import { erase } from "../group/forget.js";
import type { Group } from "../group/group.js";
import { Refused } from "../group/refused.js";
import { Away } from "../runtime/transport.js";
import type { Alarm } from "../state.js";
import type { Plan } from "./admission.js";
import { isBad, type Ground } from "./ground.js";
import { LogAlarm } from "./log.js";
import { checkEpoch, checkPlace } from "./place.js";
import { Rows, type LogItem } from "./rows.js";

/** How being a member ended. */
export type Ending =
  | { readonly kind: "removed" }
  /** A host took us out for good. */
  | { readonly kind: "kicked" }
  /** A host ended the meeting for all. */
  | { readonly kind: "ended" }
  /** The same account came in from elsewhere. */
  | { readonly kind: "replaced" }
  /** The meeting went on in another group without us, or the server has it no more. */
  | { readonly kind: "superseded" }
  /** The next epoch does not hold: the server's chain is not followed any further. */
  | { readonly kind: "refused-commit"; readonly detail: string };

/** What the log brings. */
export interface FollowerEvents {
  /** An application message that holds, from an account. */
  received(account: string, name: string, content: Uint8Array): void;
  /** A row is stored; true where it is a message of our own, which its sender cannot open. */
  stored(sealed: Uint8Array): boolean;
  /** The group went on; `removed` are leaves whose members were taken out, also where somebody came in their place. */
  moved(removed: readonly number[]): void;
  /** Our own commit won. */
  won(plan: Plan, parent: Uint8Array, child: Child): void;
  /** What others have at the relay now. Told before any event that follows. */
  streams(streams: readonly Stream[]): void;
  /** The connection stands inside the present epoch. */
  entered(answer: Entered): void;
  alarm(alarm: Alarm): void;
  ended(ending: Ending): void;
}

export class Follower {
  readonly #ground: Ground;
  readonly #events: FollowerEvents;
  readonly #rows = new Rows();
  #plan: Plan | null = null;
  #over = false;

  constructor(ground: Ground, events: FollowerEvents) {
    this.#ground = ground;
    this.#events = events;
  }

  /** Whether rows wait for one that is missing. */
  get waiting(): boolean {
    return this.#rows.waiting;
  }

  /** Our own commit is on its way: its form in the log will be recognised. Null: it will not come any more. */
  expect(plan: Plan | null): void {
    this.#plan = plan;
  }

  /** A connection stands: take what happened meanwhile. Throws LogAlarm, Away, RefusedCall. */
  async catchUp(): Promise<void> {
    this.#rows.clear();
    await this.enter();
    this.#plan = null;
  }

  /** A row or a child came. Throws as `enter`. */
  async take(item: LogItem): Promise<void> {
    this.#rows.put(item);
    const { node } = this.#ground;
    await this.#drain();
    if (!this.#over && node !== this.#ground.node) await this.enter();
  }

  /** Enter the node, take what happened, and go on to the child until there is none. */
  async enter(): Promise<void> {
    for (;;) {
      const { node, log } = this.#ground;
      const entered = await this.#prove(node);
      for (const row of entered.rows) this.#rows.put({ kind: "row", node, row });
      const child = entered.children[0];
      if (!entered.more && child === undefined) this.#events.streams(entered.streams);
      if (child !== undefined) this.#rows.put({ kind: "child", node, child });
      await this.#drain();
      if (this.#over) return;
      if (entered.more || node !== this.#ground.node) continue;
      log.checkHead(entered.receipt.position, entered.receipt.head);
      this.#ground.entered = true;
      return this.#events.entered(entered);
    }
  }

  /** Ask for a row that did not come. Throws LogAlarm where it is missing for good. */
  async fillGap(): Promise<void> {
    if (!this.waiting) return;
    await this.enter();
    if (this.waiting) throw new LogAlarm("dropped", `row ${this.#ground.log.position + 1} is missing`);
  }

  async #prove(node: Uint8Array): Promise<Entered> {
    const { hello, group, log, call } = this.#ground;
    if (hello === null) throw new Away("not connected");
    const proof = signing.connection(hashes.logId(hello.server_key), hello.challenge, group.groupId, node);
    const signature = await sign(group.keys.epochKey.seed, proof);
    return call({ type: "enter", group: group.groupId, node, after: log.position, signature }, "entered");
  }

  async #drain(): Promise<void> {
    const { log } = this.#ground;
    for (let item = this.#rows.takeAfter(log.position); item !== null && !this.#over; item = this.#rows.takeAfter(log.position)) {
      await (item.kind === "row" ? this.#row(item.node, item.row.body, item.row.receipt) : this.#child(item.node, item.child));
    }
  }

  async #row(node: Uint8Array, body: Uint8Array, receipt: Receipt): Promise<void> {
    if (!(await this.#ground.log.takeRow(node, { body, receipt }))) return;
    if (!this.#events.stored(body)) await this.#open(node, body);
  }

  async #open(node: Uint8Array, body: Uint8Array): Promise<void> {
    const ground = this.#ground;
    try {
      checkEpoch(node, ground.node);
      const { next, aad, sender, content } = await ground.group.open(body);
      ground.group = next;
      checkPlace(aad, ground.node, ground.log);
      const member = next.member(sender);
      if (member !== null) this.#events.received(member.account, member.name, content);
    } catch (error) {
      if (!isBad(error)) throw error;
      this.#events.alarm({ kind: "bad-message", detail: error.message });
    }
  }

  async #child(parent: Uint8Array, child: Child): Promise<void> {
    if (!(await this.#ground.log.takeChild(parent, child))) return;
    const plan = this.#plan;
    this.#plan = null;
    if (plan === null || !equalBytes(plan.commit, child.commit)) return this.#process(child);
    await this.#merge(plan.next, plan.removed, child);
    erase(plan.spent);
    this.#events.won(plan, parent, child);
  }

  async #process(child: Child): Promise<void> {
    const { group, node, log } = this.#ground;
    try {
      const { next, removed, replaced, rule, aad } = await group.process(child.commit);
      checkPlace(aad, node, log);
      if (next === null) return this.#end({ kind: replaced ? "replaced" : rule.bans.includes(this.#ground.identity.account) ? "kicked" : "removed" });
      if (!equalBytes(next.keys.epochKey.publicKey, child.epoch_key)) throw new Refused("the next epoch's key is another");
      await this.#merge(next, removed, child);
    } catch (error) {
      if (!isBad(error)) throw error;
      this.#end({ kind: "refused-commit", detail: error.message });
    }
  }

  async #merge(next: Group, removed: readonly number[], child: Child): Promise<void> {
    this.#ground.group = next;
    this.#ground.node = child.node;
    this.#ground.entered = false;
    await this.#ground.rules.saw(next);
    this.#events.moved(removed);
    if (next.rule.ended) this.#end({ kind: "ended" });
  }

  #end(ending: Ending): void {
    this.#over = true;
    this.#events.ended(ending);
  }
}
