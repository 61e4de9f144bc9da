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
  await expect(meeting.media.watch(["00".repeat(16)], [])).rejects.toHaveProperty("code");
  expect(page.account).toBe(meeting.state.me.account);
  page.close();
  bea.client.close();
  port1.close();
  port2.close();
}, 30_000);

test("a page that is closed without a word has its goodbye brought by the browser: the others change keys within two seconds", async () => {
  const { port1, port2 } = new MessageChannel();
  serve(port1, (origin) => openLocal({ origin, around: nodeSurroundings(), tier: "C" }));
  const page = await openRemote(port2, server.origin, () => port1.close());
  const meeting = await page.startMeeting({ name: "Ada", suite: "classic" });
  const bea = await Someone.at(server.origin, "Bea");
  const atBea = await bea.join(meeting.link);
  await until(atBea, "both", count(2));
  await new Promise<void>((resolve) => {
    const end = meeting.subscribe(({ people }) => {
      if (people.every(({ present }) => present)) resolve(end());
    });
  });
  port1.onmessage = null;
  const began = performance.now();
  page.close();
  await until(atBea, "Bea alone", count(1));
  expect(performance.now() - began).toBeLessThan(2000);
  bea.client.close();
  port2.close();
}, 30_000);
