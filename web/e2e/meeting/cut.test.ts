/** A network that carries nothing for some seconds: pictures flow again soon after, in the same session at the relay. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";
import { freePort, redirect, Shaper } from "../harness/shaper.ts";

/** Longer than the silence after which browsers call a path lost, in milliseconds. */
const CUT_MS = 4_000;
const CUTS = Number(process.env["SEGEL_CUTS"] ?? 3);
/** Milliseconds from the path's return to the next picture, at most. */
const BACK_WITHIN = 2_000;

let server: TestServer;
let shaper: Shaper;
let browser: TestBrowser;

beforeAll(async () => {
  const port = await freePort();
  server = await TestServer.start({ args: ["--media-port", String(port), "--media-address", "127.0.0.1"] });
  shaper = await Shaper.before(port);
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await shaper.close();
  await server.stop();
});

/** Waits until more pictures than `before` were opened and decoded. */
async function moreThan(guest: Guest, before: number): Promise<void> {
  for (;;) {
    const { frames } = await guest.arrived();
    if (Math.max(0, ...frames) > before) return;
  }
}

async function decoded(guest: Guest): Promise<number> {
  return Math.max(0, ...(await guest.arrived()).frames);
}

/** How many connections the page has made so far. */
async function connections(guest: Guest): Promise<number> {
  return guest.page.evaluate(() => window.segelTestConnections?.length ?? 0);
}

test("pictures flow both ways within two seconds of the path's return, without a new session", async () => {
  const [ayu, budi] = [await Guest.arrive(browser, "Ayu"), await Guest.arrive(browser, "Budi")];
  await ayu.page.beforeScripts(redirect, shaper.port);
  const link = await ayu.start(server.url);
  await budi.join(link);
  for (const person of [ayu, budi]) await person.waitMoving(2);

  const waits: number[] = [];
  for (let cut = 0; cut < CUTS; cut++) {
    shaper.set({ loss: 1 });
    await new Promise((resolve) => setTimeout(resolve, CUT_MS));
    const before = [await decoded(ayu), await decoded(budi)] as const;
    shaper.set({ loss: 0 });
    const back = performance.now();
    await Promise.all([moreThan(ayu, before[0]), moreThan(budi, before[1])]);
    waits.push(performance.now() - back);
    await ayu.waitMoving(2);
  }
  const median = waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)] ?? Infinity;
  expect(median, `milliseconds: ${waits.map(Math.round).join(" ")}`).toBeLessThan(BACK_WITHIN);
  expect(await connections(ayu)).toBe(1);
});
