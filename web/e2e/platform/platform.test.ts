/** What the design takes for granted of browsers: when one of these fails, a browser changed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSERS, launch } from "../harness/browsers.ts";
import type { BrowserName, TestBrowser } from "../harness/browsers.ts";
import type { TestPage } from "../harness/page.ts";
import type { Site } from "../harness/site.ts";
import type { Platform, Totals } from "./page.ts";
import { serveBuild } from "../harness/built.ts";

declare const platform: Platform;

let site: Site;
let browsers: Record<BrowserName, TestBrowser>;

beforeAll(async () => {
  site = await serveBuild(new URL("./", import.meta.url));
  browsers = {
    chromium: await launch("chromium", { picture: 180 }),
    firefox: await launch("firefox", { picture: 180 }),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(browsers).map((browser) => browser.close()));
  await site.close();
});

async function open(name: BrowserName): Promise<TestPage> {
  const page = await (await browsers[name].person()).page();
  await page.goto(site.url);
  return page;
}

/** Sets up one call from `near` to `far`; returns the far end's number. */
async function call(near: TestPage, far: TestPage): Promise<number> {
  const offer = await near.evaluate((options) => platform.offer(options), { clear: true });
  const answer = await far.evaluate((sdp, options) => platform.answer(sdp, options), offer.sdp, { clear: true });
  await near.evaluate((end, sdp) => platform.accept(end, sdp), offer.end, answer.sdp);
  return answer.end;
}

/** In the page: the end's report once it has decoded `frames` pictures and heard speech. */
async function decoded(end: number, frames: number): Promise<{ keys: number; worker: Totals } | undefined> {
  const { rtp, worker } = await platform.report(end);
  const of = (kind: string) => rtp.find((stats) => stats["type"] === "inbound-rtp" && stats["kind"] === kind);
  const [picture, sound] = [of("video"), of("audio")];
  if (Number(picture?.["framesDecoded"] ?? 0) < frames) return undefined;
  if (Number(sound?.["totalAudioEnergy"] ?? 0) < 0.01) return undefined;
  return { keys: Number(picture?.["keyFramesDecoded"]), worker };
}

/** Between two of one kind it is the four senders' test that shows it. */
const PAIRS = BROWSERS.flatMap((from) => BROWSERS.filter((to) => to !== from).map((to) => [from, to] as const));
/** A receiver that takes sealed bytes for the key-frame bit counts dozens. */
const FEW_KEYS = 5;

test.each(PAIRS)("%s seals for %s: VP8 with 10 or 3 bytes clear, and Opus", async (from, to) => {
  const [near, far] = [await open(from), await open(to)];
  const end = await call(near, far);
  const seen = await far.waitFor(decoded, {}, end, 60);
  expect(seen.worker.failed).toBe(0);
  expect(seen.keys).toBeLessThan(FEW_KEYS);
  for (const page of [near, far]) {
    page.expectQuiet();
    await page.evaluate(() => platform.hangUp());
    await page.close();
  }
});

describe.each(BROWSERS)("%s", (name) => {
  test("seals for itself, and opens four senders' frames without a backlog", async () => {
    const page = await open(name);
    const ends = [];
    for (let sender = 0; sender < 4; sender += 1) ends.push(await call(page, page));
    for (const end of ends) {
      const { keys, worker } = await page.waitFor(decoded, {}, end, 60);
      expect(worker.failed).toBe(0);
      expect(keys).toBeLessThan(FEW_KEYS);
      // Sound comes every 20 ms: what takes longer on average piles up.
      expect(worker.ms / worker.frames).toBeLessThan(5);
    }
    await page.evaluate(() => platform.hangUp());
    page.expectQuiet();
    await page.close();
  });

  test("makes, uses and keeps keys that cannot leave it", async () => {
    const page = await open(name);
    const keys = await page.evaluate(() => platform.keys());
    expect(keys).toEqual({ secure: true, signed: true, agreed: true, kept: true, sealed: true });
    page.expectQuiet();
    await page.close();
  });

  test("refuses a worker that did not pass the policy", async () => {
    const page = await open(name);
    expect(await page.evaluate(() => platform.refusesPlainWorker())).toBe(true);
    page.expectQuiet(/TrustedScriptURL|trusted/i);
    await page.close();
  });
});
