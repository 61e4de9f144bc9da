/** The epochs whose frames can be opened, and the newest, with which frames are sealed. */

import { FrameRefused } from "./errors.js";
import { packKid, unpackKid } from "./kid.js";
import type { EpochKey } from "./messages.js";
import { ReplayWindow } from "./replay.js";
import { type BaseKey, deriveFrameKey, type FrameKey, importBaseKey } from "./sframe.js";

/** How long an old epoch's frames are still opened, in milliseconds (docs/protocol/media.md 1). */
export const OLD_EPOCH_MS = 10_000;
/** How long a frame of an epoch that is about to be learnt waits, in milliseconds. */
export const PATIENCE_MS = 250;
/** How far ahead of ours an epoch may be for its frames to wait. */
const NEAR_EPOCHS = 4;
/** Contexts of one member in one epoch: more than that is a member who fills memory. */
const MAX_CONTEXTS = 256;

/** What one sender's track is opened with. */
export interface Sender {
  readonly key: FrameKey;
  readonly window: ReplayWindow;
}

/** One node's base key, with the senders that were heard under it. */
export class Epoch {
  /** By leaf, then by KID. */
  readonly #senders = new Map<number, Map<bigint, Sender>>();

  /** Modulo 256. */
  readonly epoch: number;
  readonly ownLeaf: number;
  readonly base: BaseKey;

  constructor(epoch: number, ownLeaf: number, base: BaseKey) {
    this.epoch = epoch;
    this.ownLeaf = ownLeaf;
    this.base = base;
  }

  /** The KID of one's own track. */
  ownKid(context: number): bigint {
    return packKid({ context, leaf: this.ownLeaf, epoch: this.epoch });
  }

  /** The key for a KID: a new one is derived, and kept only by `keep`. */
  async sender(kid: bigint): Promise<Sender> {
    const known = this.#senders.get(unpackKid(kid).leaf)?.get(kid);
    if (known !== undefined) return known;
    return { key: await deriveFrameKey(this.base, kid), window: new ReplayWindow() };
  }

  /**
   * Accept a counter of an opened frame and keep its sender. Anyone on the path can invent KIDs, so only
   * a frame that opened may take memory. FrameRefused for a replay, or the 257th context of a member.
   */
  keep(kid: bigint, sender: Sender, counter: bigint): void {
    const { leaf } = unpackKid(kid);
    const ofLeaf = this.#senders.get(leaf) ?? new Map<bigint, Sender>();
    const kept = ofLeaf.get(kid) ?? sender;
    if (!ofLeaf.has(kid) && ofLeaf.size >= MAX_CONTEXTS) throw new FrameRefused("unknown_key");
    kept.window.accept(counter);
    this.#senders.set(leaf, ofLeaf.set(kid, kept));
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** All epochs in use, newest first. */
export class Keyring {
  #epochs: readonly Epoch[] = [];
  readonly #nodes = new Set<string>();
  #waiting: (() => void)[] = [];
  /** Epochs (modulo 256) that were waited for in vain since the last key. */
  readonly #missed = new Set<number>();

  /**
   * Take over an epoch's key. A node is taken once only: taken again, its counters would start again
   * at 0 under the same key, which is fatal for AES-GCM.
   */
  async put(key: EpochKey): Promise<void> {
    const node = hex(key.node);
    if (this.#nodes.has(node)) return;
    this.#nodes.add(node);
    // Epochs have 64 bits, and a bit operation in JavaScript 32.
    const epoch = new Epoch(key.epoch % 256, key.leaf, await importBaseKey(key.baseKey));
    const old = this.#epochs;
    this.#epochs = [epoch, ...old];
    setTimeout(() => this.#forget(old), OLD_EPOCH_MS);
    this.#missed.clear();
    this.#waiting.splice(0).forEach((wake) => wake());
  }

  /** The epoch to seal under; null before the first key. */
  get newest(): Epoch | null {
    return this.#epochs[0] ?? null;
  }

  /**
   * The epochs, newest first, whose number modulo 256 this is. A sender learns of an epoch a moment before
   * its receivers do, so a frame of one of the next epochs waits a little for the key.
   */
  async find(epoch: number): Promise<readonly Epoch[]> {
    if (this.#matching(epoch).length === 0 && this.#isNear(epoch)) await this.#nextKey(epoch);
    return this.#matching(epoch);
  }

  #matching(epoch: number): readonly Epoch[] {
    return this.#epochs.filter((candidate) => candidate.epoch === epoch);
  }

  #isNear(epoch: number): boolean {
    if (this.#missed.has(epoch)) return false;
    if (this.newest === null) return true;
    const ahead = (epoch - this.newest.epoch) & 0xff;
    return ahead > 0 && ahead <= NEAR_EPOCHS;
  }

  async #nextKey(epoch: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#missed.add(epoch);
        resolve();
      }, PATIENCE_MS);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #forget(old: readonly Epoch[]): void {
    this.#epochs = this.#epochs.filter((epoch) => !old.includes(epoch));
  }
}
