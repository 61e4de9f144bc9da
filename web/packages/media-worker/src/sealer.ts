/** Seals the frames of one own track. */

import { FrameRefused } from "./errors.js";
import { clearLength, type Kind } from "./frame.js";
import type { Epoch, Keyring } from "./keyring.js";
import { deriveFrameKey, type FrameKey, seal } from "./sframe.js";

/** What an epoch's frames are sealed with: made once, its counter only rises. */
interface Sealing {
  readonly epoch: Epoch;
  readonly kid: bigint;
  readonly key: FrameKey;
  counter: bigint;
}

/**
 * One own track, under one context that no other track had or will have. Frames are given one after
 * the other: the next one once the last one's promise settled.
 */
export class Sealer {
  #sealing: Sealing | null = null;

  readonly #keyring: Keyring;
  readonly #kind: Kind;
  readonly #context: number;

  constructor(keyring: Keyring, kind: Kind, context: number) {
    this.#keyring = keyring;
    this.#kind = kind;
    this.#context = context;
  }

  /** The frame for the wire. FrameRefused("unsent") before there is a key, ("malformed") if too short. */
  async seal(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const clear = clearLength(this.#kind, frame);
    const sealing = await this.#newest();
    const counter = sealing.counter++;
    const prefix = frame.subarray(0, clear);
    return seal(sealing.key, sealing.kid, counter, prefix, frame.subarray(clear));
  }

  async #newest(): Promise<Sealing> {
    const epoch = this.#keyring.newest;
    if (epoch === null) throw new FrameRefused("unsent");
    if (this.#sealing?.epoch === epoch) return this.#sealing;
    const kid = epoch.ownKid(this.#context);
    const key = await deriveFrameKey(epoch.base, kid);
    this.#sealing = { epoch, kid, key, counter: 0n };
    return this.#sealing;
  }
}
