/** Seals and opens frames with AES-GCM as SFrame does, and times it. Runs in a module worker. */
interface TransformEvent extends Event {
  readonly transformer: {
    readonly options: { readonly side: "seal" | "open"; readonly clear: boolean };
    readonly readable: ReadableStream<Frame>;
    readonly writable: WritableStream<Frame>;
  };
}
interface Frame {
  data: ArrayBuffer;
  /** "key" or "delta" for pictures; absent for sound. */
  readonly type?: string;
}

const COUNTER = 8;
const totals = { frames: 0, failed: 0, ms: 0, worst: 0 };
const key = crypto.subtle.importKey("raw", new Uint8Array(16).fill(7), "AES-GCM", false, ["encrypt", "decrypt"]);
let counter = 0n;

/** Bytes of a VP8 frame that stay readable: the frame tag, and a key frame's start and size. */
const clearOf = (frame: Frame, clear: boolean): number => {
  if (!clear || frame.type === undefined) return 0;
  const first = new DataView(frame.data).getUint8(0);
  return (first & 1) === 0 ? 10 : 3;
};

const nonceOf = (count: bigint): Uint8Array<ArrayBuffer> => {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(4, count);
  return nonce;
};

async function seal(frame: Frame, clear: boolean): Promise<void> {
  const kept = clearOf(frame, clear);
  counter += 1n;
  // Taken before the first await: sound and pictures share the counter and overtake each other.
  const count = counter;
  const head = new Uint8Array(frame.data.slice(0, kept));
  const sealed = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv: nonceOf(count), additionalData: head }, await key, frame.data.slice(kept));
  const out = new Uint8Array(kept + COUNTER + sealed.byteLength);
  out.set(head);
  new DataView(out.buffer).setBigUint64(kept, count);
  out.set(new Uint8Array(sealed), kept + COUNTER);
  frame.data = out.buffer;
}

async function open(frame: Frame, clear: boolean): Promise<void> {
  const kept = clearOf(frame, clear);
  const head = new Uint8Array(frame.data.slice(0, kept));
  const count = new DataView(frame.data).getBigUint64(kept);
  const opened = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: nonceOf(count), additionalData: head }, await key, frame.data.slice(kept + COUNTER));
  const out = new Uint8Array(kept + opened.byteLength);
  out.set(head);
  out.set(new Uint8Array(opened), kept);
  frame.data = out.buffer;
}

addEventListener("rtctransform", (event) => {
  const { options, readable, writable } = (event as TransformEvent).transformer;
  const change = options.side === "seal" ? seal : open;
  const through = new TransformStream<Frame, Frame>({
    async transform(frame, controller) {
      const begun = performance.now();
      try {
        await change(frame, options.clear);
        controller.enqueue(frame);
        totals.frames += 1;
      } catch {
        totals.failed += 1;
      }
      const took = performance.now() - begun;
      totals.ms += took;
      totals.worst = Math.max(totals.worst, took);
    },
  });
  void readable.pipeThrough(through).pipeTo(writable);
});

addEventListener("message", () => postMessage(totals));
