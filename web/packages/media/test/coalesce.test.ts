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
  const asked = [coalesced.run()];
  await expect.poll(() => gates.length).toBe(1);
  asked.push(coalesced.run(), coalesced.run());
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

it("does not run within itself when its work asks for more", async () => {
  const order: string[] = [];
  const coalesced: Coalesced = new Coalesced(async () => {
    order.push("begins");
    if (order.length === 1) void coalesced.run();
    await Promise.resolve();
    order.push("ends");
  });
  await coalesced.run();
  expect(order).toEqual(["begins", "ends", "begins", "ends"]);
});
