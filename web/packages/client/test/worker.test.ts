import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocal } from "../src/local.js";
import { openRemote } from "../src/remote.js";
import { nodeSurroundings } from "../src/testing/node.js";
import { serve } from "../src/worker.js";
import type { EpochKey } from "../src/api.js";
import { Server } from "./server.js";
import { count, Someone, until } from "./meetings.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start();
}, 30_000);
afterAll(() => server.stop());

test("the page starts a meeting through its worker, sees it, and hands on keys that it never reads", async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port1, (origin) => openLocal({ origin, around: nodeSurroundings(), tier: "C" }));
  const page = await openRemote(port2, server.origin, () => undefined);
  const meeting = await page.startMeeting({ name: "Ada", suite: "classic" });
  const keys: EpochKey[] = [];
  const two = new Promise<void>((resolve) => {
    meeting.media.keyPort.onmessage = ({ data }: MessageEvent<EpochKey>) => void (keys.push(data) === 2 && resolve());
  });
  const shown = new Promise<void>((resolve) => meeting.subscribe((state) => void (state.people.length === 2 && resolve())));
  const bea = await Someone.at(server.origin, "Bea");
  const atBea = await bea.join(meeting.link);
  await Promise.all([two, shown, until(atBea, "both", count(2))]);
  expect(keys.map(({ epoch }) => epoch)).toEqual([0, 1]);
  expect(keys[1]?.baseKey).toHaveLength(16);
  await expect(meeting.media.watch(["00".repeat(16)])).rejects.toHaveProperty("code");
  expect(page.account).toBe(meeting.state.me.account);
  page.close();
  bea.client.close();
  port1.close();
  port2.close();
}, 30_000);
