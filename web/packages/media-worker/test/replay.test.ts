import { expect, it } from "vitest";

import { ReplayWindow } from "../src/replay.js";
import { Random } from "./support.js";

it("accepts every counter once, in any order within the window", () => {
  const window = new ReplayWindow();
  const random = new Random(2);
  const seen = new Set<bigint>();
  let highest = -1n;
  for (let round = 0; round < 20_000; round++) {
    const counter = BigInt(Math.max(0, Math.floor(round / 2) + random.integer(3_000) - 1_500));
    const fresh = !seen.has(counter) && counter > highest - 1_024n;
    if (fresh) window.accept(counter);
    else expect(() => window.accept(counter)).toThrow("replayed");
    if (fresh) seen.add(counter);
    if (counter > highest) highest = counter;
  }
});

it("takes a jump over the whole range without walking through it", () => {
  const window = new ReplayWindow();
  window.accept(0n);
  window.accept(2n ** 64n - 1n);
  expect(() => window.accept(0n)).toThrow("replayed");
  expect(() => window.accept(2n ** 64n - 1n)).toThrow("replayed");
  window.accept(2n ** 64n - 1_024n);
});
