/** The languages on a running server: each fits a phone and a desktop, and a meeting goes on under a change. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { faults } from "../harness/looks.ts";
import { TestServer } from "../harness/server.ts";

/** Each language with the words of its two ways in, as its speakers read them. */
const LANGUAGES = [
  { tag: "en", start: "Start a meeting", quiet: "Go in without camera and microphone" },
  { tag: "id", start: "Mulai rapat", quiet: "Masuk tanpa kamera dan mikrofon" },
  { tag: "vi", start: "Bắt đầu cuộc họp", quiet: "Vào không cần camera và micro" },
  { tag: "de", start: "Treffen beginnen", quiet: "Ohne Kamera und Mikrofon eintreten" },
  { tag: "zh-Hant", start: "開始會議", quiet: "不開攝影機和麥克風，直接進入" },
] as const;
const PHONE = [360, 640] as const;
const DESKTOP = [1280, 800] as const;

let server: TestServer;
let browser: TestBrowser;
const here: Guest[] = [];

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0", "--operator", "Klinik Sehat", "--location", "Bandung, Indonesia"] });
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

afterEach(async () => {
  for (const guest of here.splice(0)) await guest.page.close();
});

async function arrive(name: string): Promise<Guest> {
  const guest = await Guest.arrive(browser, name);
  here.push(guest);
  return guest;
}

/** In the page: controls and headings whose words do not fit into them. */
function cutTexts(): readonly string[] {
  return [...document.querySelectorAll("button, summary, label, h1, .brand, .home-facts li")]
    .filter((part) => part.checkVisibility({ visibilityProperty: true }) && part.querySelector(".visually-hidden") === null)
    .filter((part) => {
      const range = document.createRange();
      range.selectNodeContents(part);
      const [text, box] = [range.getBoundingClientRect(), part.getBoundingClientRect()];
      return part.scrollWidth > part.clientWidth + 1 || text.left < box.left - 1 || text.right > box.right + 1 || (part.localName === "button" && text.bottom > box.bottom + 1);
    })
    .map((part) => part.textContent);
}

async function expectFits(guest: Guest, window: readonly [number, number]): Promise<void> {
  await guest.page.viewport(...window);
  expect(await guest.page.evaluate(cutTexts)).toEqual([]);
  expect(await guest.page.evaluate(() => document.documentElement.scrollWidth)).toBe(window[0]);
}

async function documentLanguage(guest: Guest): Promise<readonly [string, string]> {
  return guest.page.evaluate(() => [document.documentElement.lang, document.documentElement.dir] as const);
}

/** Chooses by the picker and waits for its words. */
async function choose(guest: Guest, tag: string, testId: string, words: string): Promise<void> {
  await guest.page.select({ testId: "language" }, tag);
  await guest.page.waitFor((id, wanted) => document.querySelector(`[data-testid="${id}"]`)?.textContent === wanted, {}, testId, words);
}

describe("each language", () => {
  test("stands on the first screen and at the door, whole, on a phone and on a desktop", async () => {
    const ayu = await arrive("Ayu");
    await ayu.page.goto(server.url);
    for (const door of [false, true]) {
      if (door) {
        await ayu.page.click({ testId: "start" });
        await ayu.page.waitFor(() => document.querySelector('[data-testid="server-facts"]') !== null);
      }
      for (const { tag, start, quiet } of LANGUAGES) {
        await choose(ayu, tag, door ? "join-quiet" : "start", door ? quiet : start);
        expect(await documentLanguage(ayu)).toEqual([tag, "ltr"]);
        await expectFits(ayu, DESKTOP);
        await expectFits(ayu, PHONE);
        expect(await faults(ayu.page, "#app"), tag).toEqual([]);
      }
    }
    ayu.page.expectQuiet();
  });

  test("is not loaded before it is chosen, and is kept for the next visit", async () => {
    const ayu = await arrive("Ayu");
    await ayu.page.goto(server.url);
    await ayu.page.text({ testId: "start" });
    const loaded = (): Promise<readonly string[]> =>
      ayu.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => /\/(en|id|vi|de|zh-hant)-[\w-]+\.js/u.exec(name)?.[1] ?? "").filter((name) => name !== ""));
    expect(await loaded()).toEqual(["en"]);
    await choose(ayu, "vi", "start", "Bắt đầu cuộc họp");
    await ayu.page.reload();
    expect(await ayu.page.text({ testId: "start" })).toBe("Bắt đầu cuộc họp");
    expect(await loaded()).toEqual(["vi"]);
  });
});

describe("the page that says what is kept", () => {
  const KEPT: Readonly<Record<string, string>> = {
    en: "What this server keeps",
    id: "Apa yang disimpan server ini",
    vi: "Máy chủ này lưu giữ những gì",
    de: "Was dieser Server aufbewahrt",
    "zh-Hant": "這台伺服器保存什麼",
  };

  test("lists every stored value in each language, whole, on a phone and on a desktop", async () => {
    const ayu = await arrive("Ayu");
    await ayu.page.goto(`${server.url}/keeps`);
    const declared = (await (await fetch(`${server.url}/v1/ledger`)).json()) as { stored: { tables: Record<string, object> }[] };
    const columns = declared.stored.flatMap(({ tables }) => Object.values(tables)).flatMap((table) => Object.keys(table)).length;
    for (const [tag, title] of Object.entries(KEPT)) {
      await ayu.page.select({ testId: "language" }, tag);
      await ayu.page.waitFor((wanted) => document.querySelector("h1")?.textContent === wanted, {}, title);
      await ayu.page.waitFor((all) => document.querySelectorAll("tbody tr").length === all, {}, columns);
      for (const window of [DESKTOP, PHONE]) await expectFits(ayu, window);
    }
    await ayu.page.evaluate(() => document.querySelectorAll("details").forEach((each) => { each.open = true; }));
    expect(await faults(ayu.page, "#app")).toEqual([]);
    ayu.page.expectQuiet();
  });

  test("is reached from the first screen, and erases what this browser keeps", async () => {
    const ayu = await arrive("Ayu");
    await ayu.start(server.url);
    await ayu.page.goto(server.url);
    await ayu.page.follow(() => ayu.page.click({ testId: "keeps" }));
    const kept = (): Promise<readonly [number, number]> =>
      ayu.page.evaluate(async () => [localStorage.length, (await indexedDB.databases()).length] as const);
    expect(Math.min(...(await kept()))).toBeGreaterThan(0);
    await ayu.page.click({ testId: "erase" });
    await ayu.page.click({ testId: "erase-no" });
    expect(Math.min(...(await kept()))).toBeGreaterThan(0);
    await ayu.page.click({ testId: "erase" });
    await ayu.page.click({ testId: "erase-yes" });
    await ayu.page.text({ testId: "erased" });
    expect(await kept()).toEqual([0, 0]);
    ayu.page.expectQuiet();
  });
});

test("a meeting goes on while its language changes", async () => {
  const [ayu, budi] = [await arrive("Ayu"), await arrive("Budi")];
  const link = await ayu.start(server.url);
  await budi.join(link);
  await ayu.waitMoving(2);
  await ayu.openPanel("chat");
  await ayu.page.type({ testId: "chat-input" }, "Half a sen");
  await ayu.page.evaluate(() => document.querySelector('[data-testid="tile"] video')?.setAttribute("data-before", "yes"));
  const before = await ayu.arrived();

  await ayu.page.click({ testId: "devices" });
  await ayu.page.select({ testId: "language" }, "de");
  await ayu.page.waitFor(() => document.documentElement.lang === "de");
  expect(await ayu.page.text({ testId: "seal-toggle" })).toBe("Versiegelt");
  // The same picture in the same element, still moving; what was half written, still there.
  expect(await ayu.page.evaluate(() => document.querySelectorAll('[data-before="yes"]').length)).toBe(1);
  expect(await ayu.page.evaluate(() => document.querySelector<HTMLTextAreaElement>('[data-testid="chat-input"]')?.value)).toBe("Half a sen");
  await ayu.waitMoving(2);
  expect((await ayu.arrived()).frames.length).toBe(before.frames.length);
  await budi.write("Noch da?");
  await ayu.read("Noch da?");
  ayu.page.expectQuiet();
});
