/** One track's way through the worker: frames in, one after the other, frames out or dropped. */

import type { Counts } from "./counts.js";
import { FrameRefused } from "./errors.js";
import { isKeyFrame } from "./frame.js";
import type { Keyring } from "./keyring.js";
import type { TransformOptions } from "./messages.js";
import { Opener } from "./opener.js";
import { Sealer } from "./sealer.js";

/** What an encoded frame is to the pipeline; browsers' RTCEncoded…Frame objects are such. */
export interface EncodedFrame {
  data: ArrayBuffer;
}

/** What all transforms of one worker share. */
export interface Shared {
  readonly keyring: Keyring;
  readonly owners: ReadonlyMap<number, number>;
  readonly counts: Counts;
}

/** At most one request for a key frame in this time, in milliseconds. */
const KEY_FRAME_REST_MS = 500;

/** The transformer that changes each frame's data in place; a refused frame is not passed on. */
export function pipeline(
  options: TransformOptions,
  shared: Shared,
  requestKeyFrame: () => void,
): Transformer<EncodedFrame, EncodedFrame> {
  return options.operation === "seal"
    ? sealing(new Sealer(shared.keyring, options.kind, options.context), shared.counts)
    : opening(options, shared, requestKeyFrame);
}

/** Runs `work`; where it refuses, counts the cause and gives it back. */
async function counted(counts: Counts, work: () => Promise<void>): Promise<FrameRefused | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof FrameRefused)) throw error;
    counts.drop(error.reason);
    return error;
  }
}

function sealing(sealer: Sealer, counts: Counts): Transformer<EncodedFrame, EncodedFrame> {
  return {
    async transform(frame, controller) {
      await counted(counts, async () => {
        frame.data = (await sealer.seal(new Uint8Array(frame.data))).buffer;
        controller.enqueue(frame);
      });
    },
  };
}

function opening(
  { kind, slot }: Extract<TransformOptions, { operation: "open" }>,
  { keyring, owners, counts }: Shared,
  requestKeyFrame: () => void,
): Transformer<EncodedFrame, EncodedFrame> {
  const opener = new Opener(keyring, kind, () => owners.get(slot));
  const picture = new PictureWatch(requestKeyFrame);
  return {
    async transform(frame, controller) {
      const refused = await counted(counts, async () => {
        const data = await opener.open(new Uint8Array(frame.data));
        frame.data = data.buffer;
        controller.enqueue(frame);
        counts.open(slot);
        if (kind === "video") picture.opened(isKeyFrame(data));
      });
      if (refused !== null) picture.dropped(refused);
    },
    flush: () => counts.forget(slot),
  };
}

/**
 * Asks for a key frame after frames were lost for want of a key or an owner: the depacketiser saw them
 * arrive whole, so the decoder would otherwise learn of the gap late.
 */
class PictureWatch {
  #broken = false;
  #resting = false;

  readonly #request: () => void;

  constructor(request: () => void) {
    this.#request = request;
  }

  dropped({ reason }: FrameRefused): void {
    this.#broken ||= reason === "unknown_key" || reason === "wrong_member";
  }

  opened(keyFrame: boolean): void {
    if (keyFrame) this.#broken = false;
    if (!this.#broken || this.#resting) return;
    this.#resting = true;
    setTimeout(() => (this.#resting = false), KEY_FRAME_REST_MS);
    this.#request();
  }
}
