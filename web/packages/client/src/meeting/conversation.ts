/** The chat as it is shown: what was said, with what was done to it since (docs/protocol/meeting.md 10). */
import { toBase64Url, toHex } from "../bytes.js";
import { interpret, type Act } from "../content/compose.js";
import { decodeContent, messageId } from "../content/mimi.js";
import type { FileReference } from "../files/reference.js";
import { splitLinks } from "../text.js";
import type { Delivery, Message, Reaction, SharedFile } from "../state.js";

/** A content with who sent it: `account` is what MLS proves, `name` what they called themselves then. */
export interface Entry {
  readonly account: string;
  readonly name: string;
  /** Milliseconds of Unix time: when this client first had it. */
  readonly at: number;
  readonly content: Uint8Array;
}

/** The id of an entry's content in the meeting of the alias, in hex. Throws Malformed. */
export function entryId(alias: Uint8Array, entry: Entry): string {
  const { salt } = decodeContent(entry.content);
  return toHex(messageId(`segel:u/${entry.account}`, `segel:r/${toBase64Url(alias)}`, entry.content, salt));
}

interface Reacted {
  readonly id: string;
  readonly target: string;
  readonly account: string;
  readonly name: string;
  readonly sign: string;
}

/** Grows by entries in the order of the log. Who may do what is decided by the account alone. */
export class Conversation {
  readonly #alias: Uint8Array;
  readonly #you: string;
  readonly #known = new Set<string>();
  readonly #messages = new Map<string, Message>();
  readonly #files = new Map<string, FileReference>();
  readonly #reactions = new Map<string, Reacted>();
  #shown: readonly Message[] | null = null;

  constructor(alias: Uint8Array, you: string) {
    this.#alias = alias;
    this.#you = you;
  }

  /** The messages in order; the same array until something changes. */
  get messages(): readonly Message[] {
    this.#shown ??= [...this.#messages.values()];
    return this.#shown;
  }

  /** Take an entry; its id. One that was taken before changes only how it was delivered. Throws Malformed. */
  take(entry: Entry, delivery: Delivery): string {
    const id = entryId(this.#alias, entry);
    if (this.#known.has(id)) {
      this.deliver(id, delivery);
      return id;
    }
    this.#apply(id, interpret(decodeContent(entry.content)), entry, delivery);
    this.#known.add(id);
    this.#shown = null;
    return id;
  }

  /** Whether an entry of this id was taken. */
  has(id: string): boolean {
    return this.#known.has(id);
  }

  /** Set how a message of this id was delivered. A message that is stored moves to its place in the log: the end. */
  deliver(id: string, delivery: Delivery): void {
    const message = this.#messages.get(id);
    if (message === undefined || message.delivery === delivery || message.delivery === "sent") return;
    if (delivery === "sent") this.#messages.delete(id);
    this.#messages.set(id, { ...message, delivery });
    this.#shown = null;
  }

  /** Take out a message that nobody else has. */
  remove(id: string): void {
    this.#messages.delete(id);
    this.#files.delete(id);
    this.#shown = null;
  }

  /** What it takes to read the file of a message; null where there is none, or none any more. */
  file(id: string): FileReference | null {
    return this.#messages.get(id)?.file === null ? null : this.#files.get(id) ?? null;
  }

  /** The id of the reaction that this client's account made with the sign, or null. */
  ownReaction(target: string, sign: string): string | null {
    const own = [...this.#reactions.values()].find((each) => each.target === target && each.sign === sign && each.account === this.#you);
    return own?.id ?? null;
  }

  #apply(id: string, act: Act, entry: Entry, delivery: Delivery): void {
    switch (act.kind) {
      case "text":
        this.#messages.set(id, this.#message(id, act.text, act.replyTo, entry, delivery));
        return;
      case "file":
        this.#files.set(id, act.file);
        this.#messages.set(id, { ...this.#message(id, "", null, entry, delivery), file: sharedFile(act.file) });
        return;
      case "edit":
        this.#change(toHex(act.target), entry.account, { text: act.text, parts: splitLinks(act.text), edited: true });
        return;
      case "delete":
        this.#change(toHex(act.target), entry.account, { text: "", parts: [], file: null, deleted: true });
        return;
      case "react":
        this.#reactions.set(id, { id, target: toHex(act.target), account: entry.account, name: entry.name, sign: act.sign });
        this.#redraw(toHex(act.target));
        return;
      case "unreact":
        this.#unreact(toHex(act.reaction), entry.account);
    }
  }

  #message(id: string, text: string, replyTo: Uint8Array | null, entry: Entry, delivery: Delivery): Message {
    const { account, name, at } = entry;
    const reply = replyTo === null ? null : toHex(replyTo);
    const you = account === this.#you;
    return { id, account, name, you, at, text, parts: splitLinks(text), file: null, replyTo: reply, edited: false, deleted: false, reactions: [], delivery };
  }

  #change(id: string, account: string, change: Partial<Message>): void {
    const message = this.#messages.get(id);
    if (message === undefined || message.account !== account || message.deleted) return;
    // A file is what its message says once and for all: no other text comes to stand in its place.
    if (message.file !== null && change.deleted !== true) return;
    this.#messages.set(id, { ...message, ...change });
  }

  #unreact(id: string, account: string): void {
    const reaction = this.#reactions.get(id);
    if (reaction === undefined || reaction.account !== account) return;
    this.#reactions.delete(id);
    this.#redraw(reaction.target);
  }

  #redraw(target: string): void {
    const message = this.#messages.get(target);
    if (message === undefined) return;
    const signs = new Map<string, Map<string, string>>();
    for (const { target: to, sign, account, name } of this.#reactions.values()) {
      if (to === target) signs.set(sign, (signs.get(sign) ?? new Map<string, string>()).set(account, name));
    }
    const reactions: Reaction[] = [...signs].map(([sign, names]) => {
      const others = [...names].filter(([account]) => account !== this.#you).map(([, name]) => name);
      return { sign, accounts: [...names.keys()], others, you: names.has(this.#you) };
    });
    this.#messages.set(target, { ...message, reactions });
  }
}

function sharedFile({ name, size, expires }: FileReference): SharedFile {
  return { name, size, expires: expires * 1000 };
}
