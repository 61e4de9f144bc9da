/** Every screen, drawn from fixtures: no accessibility violation, nothing wider than a phone, light and dark. */

import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";
import type { AddressInfo } from "node:net";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "./harness/axe.ts";

const APP = resolve(import.meta.dirname, "../app");
/** Where each screen is kept as a picture, for whoever changes one to look at; git does not hold it. */
const PICTURES = resolve(import.meta.dirname, "pictures");
/**
 * Each screen is drawn in every size and in every scheme, not in every pair of them. `press` is the least side of a control in
 * CSS pixels: for a mouse more than WCAG 2.2, 2.5.8 asks for, for a finger what 2.5.5 does.
 */
const WINDOWS = [
  { name: "desktop", scheme: "light", width: 1280, height: 800, press: 32 },
  { name: "phone", scheme: "dark", width: 360, height: 740, press: 44 },
] as const;

declare global {
  interface Window {
    /** web/app/gallery/gallery.tsx. */
    gallery?: { readonly names: readonly string[]; draw(name: string, language: string, dir: "ltr" | "rtl"): Promise<void> };
  }
}

let gallery: ViteDevServer;
let browser: Browser;
let base = "";

beforeAll(async () => {
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

/** A page with the gallery, in which one screen is drawn after another. */
async function open(width: number, height: number, scheme: "light" | "dark" = "light"): Promise<Page> {
  const page = await browser.newPage();
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.setViewport({ width, height });
  await page.goto(base, { waitUntil: "load" });
  await page.waitForFunction(() => window.gallery !== undefined);
  return page;
}

async function names(page: Page): Promise<readonly string[]> {
  return (await page.evaluate(() => window.gallery?.names)) ?? [];
}

function draw(page: Page, screen: string, language = "en", dir: "ltr" | "rtl" = "ltr"): Promise<void> {
  return page.evaluate((...asked) => window.gallery?.draw(...asked), screen, language, dir);
}

/** In the page: what a screen must not be, in words. */
function faults(width: number, least: number): readonly string[] {
  const found: string[] = [];
  if (document.documentElement.scrollWidth > width) found.push(`is ${document.documentElement.scrollWidth} wide`);
  // The fixtures' names and messages hold markup: it is text and nothing else.
  if (document.querySelector("#app :is(img:not([data-testid=picture]), script, iframe, object)") !== null) found.push("runs what is text");
  for (const control of document.querySelectorAll("button, input, select, textarea, summary")) {
    const { width: across, height: down } = control.getBoundingClientRect();
    if (across > 0 && Math.round(Math.min(across, down)) < least) found.push(`${control.getAttribute("aria-label") ?? control.textContent} is too small`);
  }
  return found;
}

describe.each(WINDOWS)("on a $name in $scheme colours", ({ name, scheme, width, height, press }) => {
  it("draws every screen for everybody", async () => {
    const page = await open(width, height, scheme);
    await mkdir(resolve(PICTURES, name), { recursive: true });
    const wrong: Record<string, readonly string[]> = {};
    for (const screen of await names(page)) {
      await draw(page, screen);
      const found = [...(await violations(page)), ...(await page.evaluate(faults, width, press))];
      if (found.length > 0) wrong[screen] = found;
      await page.screenshot({ path: resolve(PICTURES, name, `${screen}.png`) });
    }
    expect(wrong).toEqual({});
    await page.close();
  });

  // The language with the longest words, and the one with the most signs above and below its letters.
  it.each(["de", "vi"])("draws every screen in %s", async (language) => {
    const page = await open(width, height, scheme);
    const wrong: Record<string, readonly string[]> = {};
    for (const screen of await names(page)) {
      await draw(page, screen, language);
      const found = [...(await page.evaluate(faults, width, press)), ...(await page.evaluate(spilled))];
      if (found.length > 0) wrong[screen] = found;
    }
    expect(wrong).toEqual({});
    await page.close();
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
    const page = await open(360, 740);
    const turned = new Set<number>();
    for (const screen of await names(page)) {
      await draw(page, screen, "en", "rtl");
      expect(await page.evaluate(() => [document.dir, document.documentElement.scrollWidth]), screen).toEqual(["rtl", 360]);
      expect(await page.evaluate(spilled), screen).toEqual([]);
      for (const scale of await page.evaluate(pointing)) turned.add(scale);
    }
    expect([...turned]).toEqual([-1]);
    await page.close();
  });
});

describe("for whoever needs other colours", () => {
  /** A page that says what the person asked their system for; puppeteer's own way knows only some of it. */
  async function asking(name: "prefers-contrast" | "forced-colors", value: string, scheme: "light" | "dark"): Promise<Page> {
    const page = await open(1280, 800);
    const devtools = await page.createCDPSession();
    const features = { [name]: value, "prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce" };
    await devtools.send("Emulation.setEmulatedMedia", { features: Object.entries(features).map(([feature, wanted]) => ({ name: feature, value: wanted })) });
    return page;
  }

  /** In the page: controls without an edge, and chosen ones that are not all alike, or look like the others. */
  function flat(): readonly string[] {
    const chosen = ".primary, .active, [aria-expanded=true], [aria-pressed=true]";
    const shown = [...document.querySelectorAll<HTMLElement>(".button, .round")].filter((each) => each.checkVisibility());
    const ground = (each: Element): string => getComputedStyle(each).backgroundColor;
    const plain = new Set(shown.filter((each) => !each.matches(chosen)).map(ground));
    const [first, ...more] = new Set(shown.filter((each) => each.matches(chosen)).map(ground));
    const edgeless = shown.filter((each) => getComputedStyle(each).borderTopWidth === "0px" || getComputedStyle(each).borderTopColor === ground(document.body));
    return [...edgeless.map((each) => each.getAttribute("aria-label") ?? each.innerText), ...more, ...(first !== undefined && plain.has(first) ? [first] : [])];
  }

  it.each(["light", "dark"] as const)("has 7 to 1 for all text where more contrast is asked for, and an edge where colours are forced, %s", async (scheme) => {
    await mkdir(resolve(PICTURES, "colours"), { recursive: true });
    for (const [name, value] of [["prefers-contrast", "more"], ["forced-colors", "active"]] as const) {
      const page = await asking(name, value, scheme);
      for (const screen of ["door", "host"]) {
        await draw(page, screen);
        await page.screenshot({ path: resolve(PICTURES, "colours", `${screen}-${value}-${scheme}.png`) });
        expect(value === "more" ? await violations(page, "color-contrast-enhanced") : await page.evaluate(flat), screen).toEqual([]);
      }
      await page.close();
    }
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

describe("the longest list of people", () => {
  /** So many are in a meeting at most, and so many before its door. */
  const [MEMBERS, WAITERS] = [64, 256];

  /** Buttons that a screen reader is told of, each with a person's name. */
  async function named(page: Page): Promise<number> {
    const devtools = await page.createCDPSession();
    const { nodes } = await devtools.send("Accessibility.getFullAXTree");
    await devtools.detach();
    return nodes.filter(({ ignored, role, name }) => !ignored && role?.value === "button" && /^(?:Let in|Send away|What to do about)/u.test(String(name?.value))).length;
  }

  it("is drawn whole, in no time, and each row is in the accessibility tree", async () => {
    const page = await open(360, 740);
    try {
      const before = await page.metrics();
      await draw(page, "crowd");
      const after = await page.metrics();
      const spent = ["RecalcStyleDuration", "LayoutDuration"].map((metric) => Math.round(((after[metric as keyof typeof after] ?? 0) - (before[metric as keyof typeof before] ?? 0)) * 1_000));
      console.log(`${MEMBERS} people and ${WAITERS} who wait: style and layout took ${spent.join(" and ")} ms`);
      // Far above what it takes: a bound on how it is drawn, not on the machine.
      expect(spent.reduce((sum, each) => sum + each)).toBeLessThan(500);
      expect(await page.$$eval(".people > li", (rows) => rows.length)).toBe(MEMBERS + WAITERS);
      expect(await named(page)).toBe(MEMBERS - 1 + 2 * WAITERS);
      // What is not drawn is not told: this is why rows out of sight are not skipped.
      await page.addStyleTag({ content: ".people > li { content-visibility: auto; contain-intrinsic-block-size: 60px; }" });
      await draw(page, "crowd");
      expect(await named(page)).toBeLessThan(100);
    } finally {
      await page.close();
    }
  });
});
