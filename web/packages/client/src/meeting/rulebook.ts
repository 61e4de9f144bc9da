/** What this device knows of a meeting's rule from before, so that nobody can show it an older one (docs/protocol/rule.md 4). */
import { equalBytes, toHex } from "../bytes.js";
import { arrayOf, asBytes, expect, toCbor } from "../cbor.js";
import type { Group } from "../group/group.js";
import { Refused } from "../group/refused.js";
import { decodeRule, encodeRule, type Rule } from "../group/rule.js";
import type { Store } from "../runtime/surroundings.js";

/** The newest rule, and the group under which it stood. */
interface Known {
  readonly groupId: Uint8Array;
  readonly rule: Rule;
}

export class RuleBook {
  readonly #store: Store;
  readonly #prefix: string;
  #known: Known | null = null;

  private constructor(store: Store, alias: Uint8Array) {
    this.#store = store;
    this.#prefix = `meeting/${toHex(alias)}`;
  }

  /** What the device kept of the meeting. */
  static async open(store: Store, alias: Uint8Array): Promise<RuleBook> {
    const book = new RuleBook(store, alias);
    const kept = await store.get(book.#name);
    if (kept !== null) book.#known = decodeKnown(kept);
    return book;
  }

  /** The newest rule that was seen; null where none was. */
  get rule(): Rule | null {
    return this.#known?.rule ?? null;
  }

  /** Whether this client was a member of the group before. */
  wasIn(groupId: Uint8Array): boolean {
    return this.#known !== null && equalBytes(this.#known.groupId, groupId);
  }

  /** Throws Refused where the group stands under an older rule than was seen. */
  check({ rule }: Group): void {
    if (rule.serial < (this.#known?.rule.serial ?? 0)) throw new Refused("an older rule than was seen before");
  }

  /** The rule of a group that this client is a member of. */
  async saw({ groupId, rule }: Group): Promise<void> {
    if (this.wasIn(groupId) && this.#known?.rule.serial === rule.serial) return;
    this.#known = { groupId, rule };
    await this.#store.put(this.#name, toCbor([1, groupId, encodeRule(rule)]));
  }

  /** The opener's seed, which a host keeps; null for who is none. */
  hostSeed(): Promise<Uint8Array | null> {
    return this.#store.get(`${this.#prefix}/host`);
  }

  async keepHostSeed(seed: Uint8Array): Promise<void> {
    await this.#store.put(`${this.#prefix}/host`, seed);
  }

  get #name(): string {
    return `${this.#prefix}/rule`;
  }
}

/** Only this device writes it: what does not parse is its own fault, and told as such. */
function decodeKnown(bytes: Uint8Array): Known {
  const [version, groupId, rule] = arrayOf(bytes, 3);
  expect(version, 1);
  return { groupId: asBytes(groupId, 32), rule: decodeRule(asBytes(rule)) };
}
