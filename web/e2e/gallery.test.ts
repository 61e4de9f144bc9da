/** Every screen, drawn from fixtures: no accessibility violation, nothing wider than a phone, light and dark. */

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { AddressInfo } from "node:net";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const APP = resolve(import.meta.dirname, "../app");
const SCREENS = [
  "home", "home-invited", "door", "door-silent", "door-on", "door-denied", "door-unsupported", "waiting", "waiting-nobody",
  "alone", "two", "four", "twelve", "fifty", "speaker", "pinned", "hands", "talking", "weak", "keys", "chat", "files", "long", "people",
  "seal", "alarm", "away", "left", "removed", "bad-link",
  "unreached", "insecure", "too-old", "outdated", "not-found", "host", "host-waiter", "asked", "plan", "door-start",
  "waiting-host", "kicked", "ended", "locked",
] as const;
/**
 * Each screen is drawn in every size and in every scheme, not in every pair of them. `press` is the least side of a control in
 * CSS pixels: for a mouse more than WCAG 2.2, 2.5.8 asks for, for a finger what 2.5.5 does.
 */
const WINDOWS = [
  { name: "desktop", scheme: "light", width: 1280, height: 800, press: 32 },
  { name: "phone", scheme: "dark", width: 360, height: 740, press: 44 },
] as const;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: unknown; readonly failureSummary?: string }[];
}

let gallery: ViteDevServer;
let browser: Browser;
let base = "";
let axe = "";

beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  gallery = await createServer({
    configFile: resolve(APP, "vite.config.ts"),
    // Nobody edits while a test looks: a reload in the middle would be drawn half.
    server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
    logLevel: "error",
  });
  await gallery.listen();
  const { port } = gallery.httpServer?.address() as AddressInfo;
  base = `http://127.0.0.1:${port}/gallery/`;
  browser = await puppeteer.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless=new", "--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"],
  });
});

afterAll(async () => {
  await browser.close();
  await gallery.close();
});

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = (await page.evaluate("axe.run().then((result) => result.violations)")) as readonly Violation[];
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ""}`).join("; ")}`);
}

/** Controls with a side under `least`, by name. */
function smallControls(least: number): readonly string[] {
  return [...document.querySelectorAll("button, input, select, textarea, summary")]
    .filter((control) => {
      const { width, height } = control.getBoundingClientRect();
      return width > 0 && Math.round(Math.min(width, height)) < least;
    })
    .map((control) => control.getAttribute("aria-label") ?? control.textContent);
}

describe.each(WINDOWS)("on a $name in $scheme colours", ({ scheme, width, height, press }) => {
  it.each(SCREENS)("draws %s for everybody", async (screen) => {
    const page = await browser.newPage();
    try {
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      await page.setViewport({ width, height });
      await page.goto(`${base}?screen=${screen}`, { waitUntil: "load" });
      await page.waitForSelector("[data-testid=phase]");
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      // The fixtures' names and messages hold markup: it is text and nothing else.
      expect(await page.$("#app :is(img:not([data-testid=picture]), script, iframe, object)")).toBeNull();
      expect(await page.evaluate(smallControls, press)).toEqual([]);
    } finally {
      await page.close();
    }
  });
});

/** Parts that lie outside of the window, by name. Side by side is how they are read; up and down one scrolls. */
function spilled(): readonly string[] {
  const { clientWidth } = document.documentElement;
  return [...document.querySelectorAll("#app *")]
    .filter((part) => {
      const { left, right, width } = part.getBoundingClientRect();
      return part.checkVisibility({ visibilityProperty: true }) && width > 0 && (left < -1 || right > clientWidth + 1);
    })
    .map((part) => part.getAttribute("data-testid") ?? `${part.localName}.${part.getAttribute("class") ?? ""}`);
}

/** Icons that point, each with whether it is turned round: the sign of its horizontal scale. */
function pointing(): readonly number[] {
  return [...document.querySelectorAll(".pointing")].map((icon) => new DOMMatrix(getComputedStyle(icon).transform).a);
}

describe("from right to left", () => {
  it("fits a phone on every screen, with the icons that point turned round", async () => {
    const page = await browser.newPage();
    await page.setViewport({ width: 360, height: 740 });
    const turned = new Set<number>();
    for (const screen of SCREENS) {
      await page.goto(`${base}?screen=${screen}&dir=rtl`, { waitUntil: "load" });
      await page.waitForSelector("[data-testid=phase]");
      expect(await page.evaluate(() => [document.dir, document.documentElement.scrollWidth]), screen).toEqual(["rtl", 360]);
      expect(await page.evaluate(spilled), screen).toEqual([]);
      for (const scale of await page.evaluate(pointing)) turned.add(scale);
    }
    expect([...turned]).toEqual([-1]);
    await page.close();
  });
});

describe("a conversation of 5 000 messages", () => {
  /** In the page: the numbers of the messages that can be seen now, first and last. */
  function seen(): readonly [number, number] {
    const box = document.querySelector("[role=log]")?.getBoundingClientRect();
    const numbers = [...document.querySelectorAll("[role=log] article")]
      .filter((message) => {
        const { top, bottom } = message.getBoundingClientRect();
        return box !== undefined && bottom > box.top && top < box.bottom;
      })
      .map((message) => Number(message.getAttribute("aria-posinset")));
    return [Math.min(...numbers), Math.max(...numbers)];
  }

  /** In the page: scrolls up from the end, a window a frame, through some 800 messages; the longest frame in ms, and the most elements at once. */
  async function scrollUp(): Promise<{ readonly slowest: number; readonly most: number }> {
    const box = document.querySelector("[role=log]");
    if (box === null) throw new Error("there is no conversation");
    let [slowest, most, before] = [0, 0, performance.now()];
    for (let frames = 0; frames < 150; frames += 1) {
      box.scrollTop -= box.clientHeight;
      const now = await new Promise<number>(requestAnimationFrame);
      slowest = Math.max(slowest, now - before);
      most = Math.max(most, document.querySelectorAll("*").length);
      before = now;
    }
    return { slowest, most };
  }

  it("is read from end to beginning by the keyboard, with few elements drawn at once", async () => {
    const page = await browser.newPage();
    try {
      await page.setViewport({ width: 360, height: 740 });
      await page.goto(`${base}?screen=long`, { waitUntil: "load" });
      await page.waitForSelector("[role=log] article");
      expect((await page.evaluate(seen))[1]).toBe(5_000);
      expect(await page.$$eval("[role=log] article", (messages) => messages.every((message) => message.ariaSetSize === "5000"))).toBe(true);

      const { slowest, most } = await page.evaluate(scrollUp);
      console.log(`5 000 messages: the slowest of 150 frames took ${Math.round(slowest)} ms, at most ${most} elements`);
      expect((await page.evaluate(seen))[0]).toBeLessThan(4_500);
      expect(most).toBeLessThan(4_000);

      await page.focus("[role=log]");
      await page.keyboard.press("End");
      await page.waitForFunction(() => document.querySelector('[role=log] article:last-of-type[aria-posinset="5000"]') !== null);
      await page.keyboard.press("Home");
      await page.waitForFunction(() => {
        const box = document.querySelector("[role=log]");
        return box?.scrollTop === 0 && box.querySelector('[aria-posinset="1"]') !== null;
      });
      // What the keyboard is on stays, however far one scrolls.
      await page.focus('[aria-posinset="1"] button');
      await page.evaluate(() => document.querySelector("[role=log]")?.scrollTo(0, 100_000));
      await page.waitForFunction(() => document.querySelector('[aria-posinset="60"]') === null);
      expect(await page.evaluate(() => document.activeElement?.closest("article")?.ariaPosInSet)).toBe("1");
    } finally {
      await page.close();
    }
  });
});
