/** What this person says and hears: shown, kept on this device, and sent until it is stored. */
import { fromHex, toHex } from "../bytes.js";
import { Malformed } from "../cbor.js";
import { compose, type Act } from "../content/compose.js";
import { encodeContent } from "../content/mimi.js";
import type { FileReference } from "../files/reference.js";
import { RefusedCall } from "../runtime/transport.js";
import type { Surroundings } from "../runtime/surroundings.js";
import type { Message } from "../state.js";
import { Conversation, entryId, type Entry } from "./conversation.js";
import { History } from "./history.js";
import type { Membership } from "./membership.js";
import { Outbox } from "./outbox.js";

/** Milliseconds until a message that the server could not store is sent again. */
const SEND_AGAIN = 3_000;
/** What the same message is refused with again, and what only the operator can end: sending on by itself is no use. */
const NEVER = ["too_large", "malformed"];
const NOT_NOW = ["storage_full", "internal"];

export class Chat {
  readonly #around: Surroundings;
  readonly #alias: Uint8Array;
  readonly #account: string;
  readonly #name: string;
  readonly #changed: () => void;
  readonly #conversation: Conversation;
  readonly #history: History;
  readonly #outbox = new Outbox();
  /** Not sent; until the person has it tried again, or discards it. */
  readonly #failed = new Map<string, Entry>();
  #member: Membership | null = null;

  constructor(around: Surroundings, alias: Uint8Array, account: string, name: string, changed: () => void) {
    this.#around = around;
    this.#alias = alias;
    this.#account = account;
    this.#name = name;
    this.#changed = changed;
    this.#conversation = new Conversation(alias, account);
    this.#history = new History(around.store, alias);
  }

  get messages(): readonly Message[] {
    return this.#conversation.messages;
  }

  /** Show what this device kept of the meeting. */
  async load(): Promise<void> {
    const { sent, pending } = await this.#history.load();
    for (const entry of sent) this.#take(entry, "sent");
    for (const [id, entry] of pending) if (this.#take(entry, "sending") === id) this.#outbox.add(id, entry);
  }

  async send(text: string, replyTo: string | null): Promise<void> {
    await this.#say({ kind: "text", text, replyTo: replyTo === null ? null : fromHex(replyTo) });
  }

  async edit(message: string, text: string): Promise<void> {
    await this.#say({ kind: "edit", target: fromHex(message), text });
  }

  async delete(message: string): Promise<void> {
    await this.#say({ kind: "delete", target: fromHex(message) });
  }

  /** Give a file that was uploaded; the message's id. */
  share(file: FileReference): Promise<string> {
    return this.#say({ kind: "file", file });
  }

  /** What it takes to read the file of a message; null where there is none. */
  file(message: string): FileReference | null {
    return this.#conversation.file(message);
  }

  /** Add the sign, or take it back. */
  async react(message: string, sign: string, on: boolean): Promise<void> {
    const own = this.#conversation.ownReaction(message, sign);
    if (on === (own !== null)) return;
    await this.#say(own === null ? { kind: "react", target: fromHex(message), sign } : { kind: "unreact", reaction: fromHex(own) });
  }

  async #say(act: Act): Promise<string> {
    const content = encodeContent(compose(act, this.#around.random(16)));
    const entry: Entry = { account: this.#account, name: this.#name, at: this.#around.now(), content };
    const id = this.#conversation.take(entry, "sending");
    this.#changed();
    // A device that keeps nothing sends all the same: only a reload before the receipt would lose it.
    await this.#history.keepPending(id, entry).catch(() => undefined);
    this.#outbox.add(id, entry);
    this.flush();
    return id;
  }

  /** From now on messages go through this membership; null while there is none. */
  through(member: Membership | null): void {
    this.#member = member;
    this.#outbox.reset();
  }

  /** A new connection: whatever was asked for and not answered is asked for again. */
  reset(): void {
    this.#outbox.reset();
  }

  /** The member stands inside the present epoch: send what is due. */
  flush(): void {
    const member = this.#member;
    if (member === null || !member.entered) return;
    for (const { id, entry, sealed } of this.#outbox.due) {
      const failed = (error: unknown): void => this.#notSent(id, error);
      this.#outbox.asked(id, null);
      if (sealed !== null && toHex(sealed.node) === toHex(member.node)) member.resend(sealed.body, failed);
      else member.send(entry.content, (body, node) => this.#outbox.asked(id, { body, node }), failed);
    }
  }

  #notSent(id: string, error: unknown): void {
    const code = error instanceof RefusedCall ? error.refusal.code : "away";
    const message = this.#conversation.messages.find((each) => each.id === id);
    if (NEVER.includes(code) || (message !== undefined && NOT_NOW.includes(code))) return this.#fail(id, message !== undefined);
    this.#outbox.again(id);
    if (code !== "away" && code !== "stale") this.#around.after(SEND_AGAIN, () => this.flush());
  }

  /** It stands still; a message that is shown stays on this device, so that it can be tried again, also after a reload. */
  #fail(id: string, shown: boolean): void {
    const entry = this.#outbox.drop(id);
    if (!shown) return this.#forget(id);
    if (entry !== null) this.#failed.set(id, entry);
    this.#conversation.deliver(id, "failed");
    this.#changed();
  }

  /** Send a message that was not sent. */
  retry(id: string): void {
    const entry = this.#failed.get(id);
    if (entry === undefined) return;
    this.#failed.delete(id);
    this.#outbox.add(id, entry);
    this.#conversation.deliver(id, "sending");
    this.#changed();
    this.flush();
  }

  /** Take a message that was not sent out of the chat, and off this device. */
  discard(id: string): void {
    if (!this.#failed.delete(id)) return;
    this.#conversation.remove(id);
    this.#forget(id);
    this.#changed();
  }

  #forget(id: string): void {
    // What cannot be taken out now is tried again after a reload.
    this.#history.dropPending(id).catch(() => undefined);
  }

  /** A row is stored; true where it is a message of ours. */
  stored(body: Uint8Array): boolean {
    const item = this.#outbox.stored(body);
    if (item === null) return false;
    this.#conversation.deliver(item.id, "sent");
    this.#keep(item.id, item.entry);
    return true;
  }

  /** A message of another, or our own of before a reload. */
  received(account: string, name: string, content: Uint8Array): void {
    const entry: Entry = { account, name, at: this.#around.now(), content };
    const id = this.#idOf(entry);
    if (id === null) return;
    if (this.#conversation.has(id)) return this.#conversation.deliver(id, "sent");
    if (this.#take(entry, "sent") !== null) this.#keep(id, entry);
  }

  #keep(id: string, entry: Entry): void {
    // A device that keeps nothing shows it until the page goes.
    this.#history.keep(id, entry).catch(() => undefined);
  }

  #idOf(entry: Entry): string | null {
    try {
      return entryId(this.#alias, entry);
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }

  /** Null for what this client does not show. */
  #take(entry: Entry, delivery: "sent" | "sending"): string | null {
    try {
      return this.#conversation.take(entry, delivery);
    } catch (error) {
      if (error instanceof Malformed) return null;
      throw error;
    }
  }
}
