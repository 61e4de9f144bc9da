/** The group's log as this client has seen it, and the checks that its server can be held to (docs/protocol/delivery.md 2). */
import { hashes, signing, type Child, type Receipt, type Row } from "@segel/wire";
import { equalBytes } from "../bytes.js";
import { check } from "../ed25519.js";
import type { Place } from "./place.js";

/** Evidence against the server. `kind` is that of state.ts's Alarm. */
export class LogAlarm extends Error {
  override name = "LogAlarm";
  readonly kind: "forked" | "dropped";

  constructor(kind: "forked" | "dropped", detail: string) {
    super(detail);
    this.kind = kind;
  }
}

/** How many heads back a member's message may refer. */
const REMEMBERED = 4096;

/** The head chain from where this client joined. Steps are checked before they are taken. */
export class Log {
  readonly #logId: Uint8Array;
  readonly #group: Uint8Array;
  readonly #heads = new Map<number, Uint8Array>();
  #position: number;
  #head: Uint8Array;

  constructor(serverKey: Uint8Array, group: Uint8Array, position: number, head: Uint8Array) {
    this.#logId = hashes.logId(serverKey);
    this.serverKey = serverKey;
    this.#group = group;
    this.#position = position;
    this.#head = head;
    this.#heads.set(position, head);
  }

  readonly serverKey: Uint8Array;

  get position(): number {
    return this.#position;
  }

  /** What goes into the authenticated data of a message that is sealed now. */
  place(node: Uint8Array): Place {
    return { node, head: this.#head, position: this.#position };
  }

  /** Take the next row. False for a row that was taken before. Throws LogAlarm, BadSignature. */
  async takeRow(node: Uint8Array, row: Row): Promise<boolean> {
    return this.#take(hashes.ROW_MESSAGE, node, row.body, row.receipt);
  }

  /** Take the commit that made a child. False where it was taken before. Throws LogAlarm, BadSignature. */
  async takeChild(parent: Uint8Array, child: Child): Promise<boolean> {
    const node = hashes.childNode(parent, hashes.hash(child.commit), child.epoch_key);
    if (!equalBytes(node, child.node)) throw new LogAlarm("forked", "the next epoch is not named by what it is made of");
    return this.#take(hashes.ROW_COMMIT, child.node, child.commit, child.receipt);
  }

  async #take(kind: 1 | 2, node: Uint8Array, body: Uint8Array, receipt: Receipt): Promise<boolean> {
    const { position, head, signature } = receipt;
    if (position > this.#position + 1) throw new LogAlarm("dropped", `row ${this.#position + 1} is missing`);
    await check(this.serverKey, signing.receipt(this.#logId, this.#group, position, head), signature);
    if (position <= this.#position) {
      this.checkHead(position, head);
      return false;
    }
    const next = hashes.nextHead(this.#head, position, kind, node, body);
    if (!equalBytes(next, head)) throw new LogAlarm("forked", `the server signed another history at row ${position}`);
    this.#position = position;
    this.#head = next;
    this.#remember(position, next);
    return true;
  }

  #remember(position: number, head: Uint8Array): void {
    this.#heads.set(position, head);
    this.#heads.delete(position - REMEMBERED);
  }

  /** Check a head that a member or the server names for a position. Throws LogAlarm where it is another than ours. */
  checkHead(position: number, head: Uint8Array): void {
    if (position > this.#position) throw new LogAlarm("dropped", `row ${position} was seen by others and not by us`);
    const known = this.#heads.get(position);
    if (known !== undefined && !equalBytes(known, head)) {
      throw new LogAlarm("forked", `others were shown another history at row ${position}`);
    }
  }
}
