/**
 * The dedicated worker through which every frame of a meeting passes: `rtctransform` events bring the
 * tracks, the page's messages the keys' port and the slots' owners. There is no way around sealing:
 * what cannot be sealed or opened is dropped.
 */

import { Counts } from "./counts.js";
import { Keyring } from "./keyring.js";
import type { EpochKey, TransformOptions, WorkerCommand } from "./messages.js";
import { type EncodedFrame, pipeline } from "./pipeline.js";

declare const self: DedicatedWorkerGlobalScope;

const keyring = new Keyring();
const owners = new Map<number, number>();
const counts = new Counts((report) => self.postMessage(report));

/** Keys are taken over in the order in which they came, also where an import takes longer. */
let lastKey: Promise<void> = Promise.resolve();

function listenForKeys(port: MessagePort): void {
  port.onmessage = ({ data }: MessageEvent<EpochKey>) => {
    lastKey = lastKey.then(async () => keyring.put(data));
  };
}

function setOwners(next: ReadonlyMap<number, number>): void {
  owners.clear();
  for (const [slot, leaf] of next) owners.set(slot, leaf);
}

self.onmessage = ({ data }: MessageEvent<WorkerCommand>) => {
  if (data.command === "keys") listenForKeys(data.port);
  else setOwners(data.owners);
};

self.onrtctransform = ({ transformer }) => {
  const options = transformer.options as TransformOptions;
  const requestKeyFrame = (): void => {
    // Rejected where the track has ended meanwhile: then no picture is wanted.
    transformer.sendKeyFrameRequest().catch(() => undefined);
  };
  const readable = transformer.readable as ReadableStream<EncodedFrame>;
  const stream = pipeline(options, { keyring, owners, counts }, requestKeyFrame);
  // Rejected when the connection closes in mid-frame, which ends the track like a regular close.
  readable
    .pipeThrough(new TransformStream(stream))
    .pipeTo(transformer.writable as WritableStream<EncodedFrame>)
    .catch(() => undefined);
};
