/**
 * A sender's bitrate follows the network by the relay's feedback alone: it rises quickly, falls
 * below a narrow link's rate, and rises again.
 */
import { attend } from "@segel/client/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";
import { freePort, redirect, Shaper } from "../harness/shaper.ts";

const NARROW = 300_000;

let server: TestServer;
let shaper: Shaper;
let browser: TestBrowser;

beforeAll(async () => {
  const port = await freePort();
  server = await TestServer.start({ args: ["--media-port", String(port), "--media-address", "127.0.0.1"] });
  shaper = await Shaper.before(port);
  browser = await launch("chromium", { picture: 360 });
});

afterAll(async () => {
  await browser.close();
  await shaper.close();
  await server.stop();
});

/** The bits per second that leave the page, half second by half second, until `enough` of them hold. */
async function until(enough: (rates: readonly number[]) => boolean, seconds: number): Promise<readonly number[]> {
  const rates: number[] = [];
  while (rates.length < 2 * seconds && !enough(rates)) rates.push((await shaper.rates()).offered);
  return rates;
}

const above = (rate: number) => (rates: readonly number[]) => (rates.at(-1) ?? 0) >= rate;

test("1 Mbit/s within 3 s; below 330 kbit/s within 3 s of a 300 kbit/s bottleneck; back again after", async () => {
  const ayu = await Guest.arrive(browser, "Ayu");
  await ayu.page.beforeScripts(redirect, shaper.port);
  const link = await ayu.start(server.url);
  await attend(server.url, link, "Budi");
  // Counted from the first half second that holds pictures, not only checks and handshakes.
  await until(above(100_000), 20);

  const rising = await until(above(1_000_000), 10);
  expect(rising.length, `kbit/s each half second: ${rising.map((rate) => Math.round(rate / 1000)).join(" ")}`).toBeLessThanOrEqual(6);

  shaper.set({ rate: NARROW });
  await until((rates) => rates.length === 6, 3);
  const narrow = await until((rates) => rates.length === 6, 3);
  const mean = narrow.reduce((sum, rate) => sum + rate, 0) / narrow.length;
  expect(mean, `bit/s each half second: ${narrow.map(Math.round).join(" ")}`).toBeLessThan(330_000);

  shaper.set({ rate: 1e9 });
  const back = await until(above(2 * NARROW), 40);
  expect(back.at(-1)).toBeGreaterThanOrEqual(2 * NARROW);
});
