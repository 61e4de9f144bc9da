import { expect, it } from "vitest";

import { nextContext } from "../src/context.js";
import { MemoryStorage, OneLock } from "./support.js";

const locks = (): LockManager => new OneLock() as unknown as LockManager;

it("never gives a context twice, however many tabs ask at once, and after a page load", async () => {
  const storage = new MemoryStorage();
  const shared = locks();
  const first = await Promise.all(Array.from({ length: 20 }, async () => nextContext(storage, shared)));
  const later = await Promise.all(Array.from({ length: 20 }, async () => nextContext(storage, locks())));
  expect(new Set([...first, ...later]).size).toBe(40);
});

it("has stored a context before it is given out", async () => {
  const storage = new MemoryStorage();
  const context = await nextContext(storage, locks());
  expect(storage.getItem("segel.media-context")).toBe(String(context));
});

it("refuses to start again from nothing when what was stored is no number", async () => {
  const storage = new MemoryStorage();
  storage.setItem("segel.media-context", "much");
  await expect(nextContext(storage, locks())).rejects.toThrow(RangeError);
});
