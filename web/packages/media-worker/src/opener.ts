/** Opens the frames of one stream that comes from the relay. */

import { FrameRefused } from "./errors.js";
import { clearLength, type Kind } from "./frame.js";
import { type ParsedHeader, parseHeader } from "./header.js";
import type { Epoch, Keyring } from "./keyring.js";
import { unpackKid } from "./kid.js";
import { open, TAG_LENGTH } from "./sframe.js";

/** One stream of one member. Frames are given one after the other, which keeps their order. */
export class Opener {
  readonly #keyring: Keyring;
  readonly #kind: Kind;
  /** The leaf whose stream it is, or undefined while nobody said so. */
  readonly #owner: () => number | undefined;

  constructor(keyring: Keyring, kind: Kind, owner: () => number | undefined) {
    this.#keyring = keyring;
    this.#kind = kind;
    this.#owner = owner;
  }

  /** The codec's frame. FrameRefused, with the cause, and never anything else. */
  async open(frame: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const clear = clearLength(this.#kind, frame);
    const header = parseHeader(frame, clear);
    if (frame.length < clear + header.length + TAG_LENGTH) throw new FrameRefused("malformed");
    const { leaf, epoch } = unpackKid(header.kid);
    const epochs = await this.#keyring.find(epoch);
    if (leaf !== this.#owner()) throw new FrameRefused("wrong_member");
    const plaintext = await this.#openUnder(epochs, header, frame, clear);
    if (clear === 0) return plaintext;
    const whole = new Uint8Array(clear + plaintext.length);
    whole.set(frame.subarray(0, clear));
    whole.set(plaintext, clear);
    return whole;
  }

  /** Two groups' epochs can have one number (a new generation counts from 0), so each is tried. */
  async #openUnder(
    epochs: readonly Epoch[],
    header: ParsedHeader,
    frame: Uint8Array<ArrayBuffer>,
    clear: number,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let refusal = new FrameRefused("unknown_key");
    for (const epoch of epochs) {
      try {
        const sender = await epoch.sender(header.kid);
        sender.window.check(header.counter);
        const plaintext = await open(sender.key, header, frame, clear);
        epoch.keep(header.kid, sender, header.counter);
        return plaintext;
      } catch (error) {
        if (!(error instanceof FrameRefused)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }
}
