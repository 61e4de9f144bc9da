/** A member who writes what should run, mislead or choke: it is shown as text, and nothing else happens. */
import { attend, reaches } from "@segel/client/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

declare global {
  interface Window {
    segelTestHarm?: string[];
  }
}

const NAME = "<img src=x onerror=segelTestHarm.push(1)>\u202eyduB";
const TEXTS = [
  "<script>segelTestHarm.push('script')</script>",
  "<svg onload=segelTestHarm.push('svg')><style>*{display:none}</style></svg>",
  "<img src=x onerror=segelTestHarm.push('img')>",
  "javascript:segelTestHarm.push('link') and data:text/html,<script>segelTestHarm.push(1)</script>",
  "\u202eneddih\u202c \u2066turned\u2069 over",
] as const;

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** Notes all that a policy stopped, and gives hostile code something to touch. */
function watchHarm(): void {
  const harm: string[] = [];
  window.segelTestHarm = harm;
  document.addEventListener("securitypolicyviolation", (event) => harm.push(`policy: ${event.violatedDirective}`));
}

test("hostile names and messages stay inert", async () => {
  const ayu = await Guest.arrive(browser, "Ayu");
  await ayu.page.beforeScripts(watchHarm);
  const link = await ayu.start(server.url, false);
  const mallory = await attend(server.url, link, NAME);
  await reaches(mallory.meeting, ({ people }) => people.length === 2);
  for (const text of TEXTS) await mallory.meeting.send(text);
  await mallory.meeting.send("That was the last one.");
  await ayu.read("That was the last one.");

  const shown = await ayu.messages("");
  for (const text of TEXTS) expect(shown).toContain(text);
  const found = await ayu.page.evaluate(() => ({
    harm: window.segelTestHarm,
    inside: document.querySelectorAll(".bubble script, .bubble svg, .bubble img, .bubble style").length,
    links: [...document.querySelectorAll<HTMLAnchorElement>(".bubble a")].map((link) => link.href),
  }));
  expect(found).toEqual({ harm: [], inside: 0, links: [] });

  await ayu.openPanel("people");
  const names = await ayu.page.evaluate(() => document.querySelector('[data-testid="phase"]')?.textContent ?? "");
  expect(names).toContain("<img src=x");
  expect(names).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  expect(await ayu.page.evaluate(() => document.querySelectorAll("main img").length)).toBe(0);
  ayu.page.expectQuiet();
});

test("a megabyte of text neither breaks the page nor hides what comes after", async () => {
  const ayu = await Guest.arrive(browser, "Ayu");
  await ayu.page.beforeScripts(watchHarm);
  const link = await ayu.start(server.url, false);
  const mallory = await attend(server.url, link, "Mallory");
  await reaches(mallory.meeting, ({ people }) => people.length === 2);
  await mallory.meeting.send("A".repeat(1_000_000));
  await mallory.meeting.send("Still there?");
  await ayu.read("Still there?");
  const before = performance.now();
  await ayu.write("Yes.");
  await ayu.read("Yes.");
  expect(performance.now() - before).toBeLessThan(10_000);
  expect(await ayu.page.evaluate(() => window.segelTestHarm)).toEqual([]);
});
