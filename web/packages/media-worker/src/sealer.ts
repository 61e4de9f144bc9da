/** Seals the frames of one own track. */

import { FrameRefused } from "./errors.js";
import { clearLength, type Kind } from "./frame.js";
import type { Epoch, Keyring } from "./keyring.js";
import { deriveFrameKey, type FrameKey, seal } from "./sframe.js";

/** What an epoch's frames are sealed with: made once, its counter only rises. */
interface Sealing {
  readonly kid: bigint;
  readonly key: FrameKey;
  counter: bigint;
}

/** One own track, under one context that no other track had or will have. */
export class Sealer {
  #epoch: Epoch | null = null;
  #sealing: Promise<Sealing> | null = null;

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

  /** Begun once for an epoch, also where two frames come at once: two counters would repeat nonces. */
  async #newest(): Promise<Sealing> {
    const epoch = this.#keyring.newest;
    if (epoch === null) throw new FrameRefused("unsent");
    if (this.#sealing === null || this.#epoch !== epoch) this.#sealing = this.#begin(epoch);
    this.#epoch = epoch;
    return this.#sealing;
  }

  async #begin(epoch: Epoch): Promise<Sealing> {
    const kid = epoch.ownKid(this.#context);
    return { kid, key: await deriveFrameKey(epoch.base, kid), counter: 0n };
  }
}
