import { expect, test } from "vitest";
import type { Entry } from "../src/meeting/conversation.js";
import { History } from "../src/meeting/history.js";
import { memoryStore } from "../src/runtime/memory-store.js";
import { bytes } from "./people.js";

const ALIAS = bytes(16, 1);

function entry(at: number): Entry {
  return { account: "ada", name: "Ada", at, content: bytes(3, at) };
}

test("what was not stored yet comes back in the order in which it was written, not in that of its ids", async () => {
  const store = memoryStore();
  const history = new History(store, ALIAS);
  const written = ["f0", "03", "a1", "00"].map((id, index) => [id, entry(100 + index)] as const);
  for (const [id, each] of written) await history.keepPending(id, each);
  expect((await new History(store, ALIAS).load()).pending).toEqual(written);
});

test("what is stored moves from the pending ones to the end of the log, over reloads too", async () => {
  const store = memoryStore();
  const history = new History(store, ALIAS);
  await history.keepPending("aa", entry(1));
  await history.keep("bb", entry(2));
  await history.keep("aa", entry(1));
  const again = new History(store, ALIAS);
  expect(await again.load()).toEqual({ sent: [entry(2), entry(1)], pending: [] });
  await again.keep("cc", entry(3));
  expect((await new History(store, ALIAS).load()).sent).toEqual([entry(2), entry(1), entry(3)]);
});
