import { expect, it } from "vitest";

import { Coalesced } from "../src/coalesce.js";

it("runs once at a time, and once more for all who asked meanwhile", async () => {
  const gates: (() => void)[] = [];
  let running = 0;
  const coalesced = new Coalesced(async () => {
    expect(++running).toBe(1);
    await new Promise<void>((resolve) => gates.push(resolve));
    running--;
  });
  const asked = [coalesced.run(), coalesced.run(), coalesced.run()];
  gates[0]?.();
  await expect.poll(() => gates.length).toBe(2);
  gates[1]?.();
  await Promise.all(asked);
  expect(gates).toHaveLength(2);
});

it("starts anew after a run that failed", async () => {
  let fail = true;
  const coalesced = new Coalesced(async () => {
    if (fail) throw new Error("refused");
  });
  await expect(coalesced.run()).rejects.toThrow("refused");
  fail = false;
  await coalesced.run();
});
