import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Counts } from "../src/counts.js";
import type { TransformOptions, WorkerReport } from "../src/messages.js";
import { type EncodedFrame, pipeline } from "../src/pipeline.js";
import type { Keyring } from "../src/keyring.js";
import { epochKey, keyring, OWN_LEAF, Random } from "./support.js";

const SLOT = 4;
const SEAL: TransformOptions = { operation: "seal", kind: "video", context: 1 };
const OPEN: TransformOptions = { operation: "open", kind: "video", slot: SLOT };

let reports: WorkerReport[];
let counts: Counts;

beforeEach(() => {
  vi.useFakeTimers();
  reports = [];
  counts = new Counts((report) => reports.push(report));
});
afterEach(() => {
  vi.useRealTimers();
});

/** One track's pipeline, fed frame by frame. */
function track(
  options: TransformOptions,
  ring: Keyring,
  owners: ReadonlyMap<number, number>,
  request = (): void => undefined,
): (data: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer> | null> {
  const { transform } = pipeline(options, { keyring: ring, owners, counts }, request);
  return async (data) => {
    const out: EncodedFrame[] = [];
    const controller = { enqueue: (frame?: EncodedFrame) => frame && out.push(frame) };
    const frame: EncodedFrame = { data: data.buffer };
    await transform?.(frame, controller as unknown as TransformStreamDefaultController<EncodedFrame>);
    return out[0] === undefined ? null : new Uint8Array(out[0].data);
  };
}

function picture(first: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(new Random(6).bytes(50), (byte, index) => (index === 0 ? first : byte));
}

async function sealed(first: number): Promise<Uint8Array<ArrayBuffer>> {
  const frame = await track(SEAL, await keyring([1]), new Map())(picture(first));
  if (frame === null) throw new Error("not sealed");
  return frame;
}

it("passes sealed frames on, opened, and drops all others", async () => {
  const open = track(OPEN, await keyring([1]), new Map([[SLOT, OWN_LEAF]]));
  const frame = await sealed(0);
  expect(await open(Uint8Array.from(frame))).toEqual(picture(0));
  expect(await open(frame)).toBeNull();
  expect(await open(Uint8Array.of(1))).toBeNull();
});

it("reports what it did at most once a second", async () => {
  const open = track(OPEN, await keyring([1]), new Map([[SLOT, OWN_LEAF]]));
  for (let round = 0; round < 20; round++) await open(Uint8Array.of(1));
  expect(reports).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1_000);
  await open(await sealed(0));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(reports).toHaveLength(3);
  expect(reports[1]?.dropped.malformed).toBe(20);
  expect(reports[2]?.opened).toEqual(new Map([[SLOT, 1]]));
});

it("asks for a key frame once a picture flows after frames were lost for want of an owner", async () => {
  const owners = new Map<number, number>();
  const request = vi.fn();
  const ring = await keyring([1]);
  const open = track(OPEN, ring, owners, request);
  const send = track(SEAL, await keyring([1]), new Map());
  const pass = async (first: number): Promise<boolean> =>
    (await open((await send(picture(first))) ?? picture(0))) !== null;
  expect(await pass(0)).toBe(false);
  expect(request).not.toHaveBeenCalled();
  owners.set(SLOT, OWN_LEAF);
  expect([await pass(1), await pass(1)]).toEqual([true, true]);
  expect(request).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(500);
  expect([await pass(0), await pass(1)]).toEqual([true, true]);
  expect(request).toHaveBeenCalledTimes(1);
});

it("counts its own frames that found no key, and sends none of them", async () => {
  const ring = await keyring([]);
  const send = track(SEAL, ring, new Map());
  expect(await send(picture(0))).toBeNull();
  await ring.put(epochKey(1));
  expect(await send(picture(0))).not.toBeNull();
  expect(reports[0]?.dropped.unsent).toBe(1);
});
