import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Keyring, OLD_EPOCH_MS, PATIENCE_MS } from "../src/keyring.js";
import { epochKey, keyring } from "./support.js";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("seals under the newest epoch at once", async () => {
  const ring = await keyring([1]);
  await ring.put(epochKey(2));
  expect(ring.newest?.epoch).toBe(2);
});

it("opens an old epoch for 10 s, then no more", async () => {
  const ring = await keyring([1, 2]);
  await vi.advanceTimersByTimeAsync(OLD_EPOCH_MS - 1);
  expect(await ring.find(1)).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await ring.find(1)).toHaveLength(0);
  expect(await ring.find(2)).toHaveLength(1);
});

it("takes a node once only, also after it was forgotten: its counters must not start again", async () => {
  const ring = await keyring([1, 2]);
  await vi.advanceTimersByTimeAsync(OLD_EPOCH_MS);
  await ring.put(epochKey(1));
  expect(ring.newest?.epoch).toBe(2);
  expect(await ring.find(1)).toHaveLength(0);
});

it("keeps two groups' epochs of one number apart, newest first", async () => {
  const ring = await keyring([3]);
  const other = epochKey(3 + 256);
  await ring.put(other);
  const found = await ring.find(3);
  expect(found).toHaveLength(2);
  expect(found[0]).toBe(ring.newest);
});

it("lets a frame of the next epoch wait for its key", async () => {
  const ring = await keyring([1]);
  const found = ring.find(2);
  await ring.put(epochKey(2));
  expect(await found).toHaveLength(1);
});

it("waits in vain only once, and never for a far or past epoch", async () => {
  const ring = await keyring([10]);
  const found = ring.find(11);
  await vi.advanceTimersByTimeAsync(PATIENCE_MS);
  expect(await found).toHaveLength(0);
  for (const epoch of [11, 9, 20]) expect(await ring.find(epoch)).toHaveLength(0);
  expect(vi.getTimerCount()).toBe(1);
});

it("has nothing to seal with before its first key", () => {
  expect(new Keyring().newest).toBeNull();
});
