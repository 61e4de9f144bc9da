/** The door: what it says before anything is asked for, and the ways in that go around trouble. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

declare global {
  interface Window {
    segelTestAsked?: number;
  }
}

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await TestServer.start({
    args: ["--media-port", "0", "--operator", "Klinik Sehat", "--location", "Bandung, Indonesia"],
  });
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

function countAsking(): void {
  window.segelTestAsked = 0;
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    window.segelTestAsked = (window.segelTestAsked ?? 0) + 1;
    return ask(constraints);
  };
}

function deny(): void {
  navigator.mediaDevices.getUserMedia = async () => Promise.reject(new DOMException("no", "NotAllowedError"));
}

function withoutTransforms(): void {
  Reflect.deleteProperty(window, "RTCRtpScriptTransform");
}

async function asked(guest: Guest): Promise<number> {
  return guest.page.evaluate(() => window.segelTestAsked ?? -1);
}

/** Presses Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(guest: Guest, testId: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    const there = await guest.page.evaluate(
      (wanted) => document.activeElement?.getAttribute("data-testid") === wanted,
      testId,
    );
    if (there) return;
    await guest.page.press("Tab");
  }
  throw new Error(`Tab does not lead to ${testId}`);
}

describe("the door", () => {
  test("says who runs the server before it asks for a camera, and asks only when told to", async () => {
    const ayu = await Guest.arrive(browser, "Ayu");
    await ayu.page.beforeScripts(countAsking);
    await ayu.page.goto(server.url);
    await ayu.page.click({ testId: "start" });
    const facts = await ayu.page.text({ testId: "server-facts" });
    expect(facts).toContain("Klinik Sehat");
    expect(facts).toContain("Bandung, Indonesia");
    expect(await asked(ayu)).toBe(0);
    await ayu.enter(false);
    await ayu.waitInside();
    expect(await asked(ayu)).toBe(0);
    ayu.page.expectQuiet();
  });

  test("lets somebody in whose browser was told not to give the camera", async () => {
    const ayu = await Guest.arrive(browser, "Ayu");
    await ayu.page.beforeScripts(deny);
    await ayu.page.goto(server.url);
    await ayu.page.click({ testId: "start" });
    await ayu.page.click({ testId: "use-devices" });
    await ayu.page.waitFor(() => document.querySelector(".notice") !== null);
    await ayu.enter(true);
    await ayu.waitInside();
    await ayu.write("I can write");
    await ayu.read("I can write");
  });

  test("says plainly that a browser cannot seal pictures, and lets it write", async () => {
    const ayu = await Guest.arrive(browser, "Ayu");
    await ayu.page.beforeScripts(withoutTransforms);
    await ayu.page.goto(server.url);
    await ayu.page.click({ testId: "start" });
    await ayu.page.waitFor(() => document.querySelector(".notice") !== null);
    expect(await ayu.page.has({ testId: "use-devices" })).toBe(false);
    await ayu.enter(true);
    await ayu.waitInside();
    await ayu.write("Only in words");
    await ayu.read("Only in words");
    expect(await ayu.page.evaluate(() => window.segelTestConnections?.length ?? 0)).toBe(0);
  });

  test("opens by keyboard alone", async () => {
    const ayu = await Guest.arrive(browser, "Ayu");
    await ayu.page.goto(server.url);
    await tabTo(ayu, "start");
    await ayu.page.press("Enter");
    await ayu.page.text({ testId: "server-facts" });
    await tabTo(ayu, "name");
    for (const letter of ["A", "y", "u"] as const) await ayu.page.press(letter);
    await tabTo(ayu, "join-quiet");
    await ayu.page.press("Enter");
    await ayu.waitInside();
  });

  test("a person who loads the page again is the same person, and has the messages of before", async () => {
    const ayu = await Guest.arrive(browser, "Ayu");
    const budi = await Guest.arrive(browser, "Budi");
    const link = await ayu.start(server.url, false);
    await budi.join(link, false);
    await ayu.write("before the reload");
    await budi.read("before the reload");
    await budi.page.reload();
    await budi.enter(false);
    await budi.waitInside();
    await budi.read("before the reload");
    await ayu.waitPeople(2);
    await budi.waitPeople(2);
  });

  test("has nothing wider than a phone, and nothing that axe complains of", async () => {
    const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    const ayu = await Guest.arrive(browser, "Ayu");
    await ayu.page.viewport(360, 740);
    await ayu.page.goto(server.url);
    const look = async (): Promise<void> => {
      expect(await ayu.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
      expect(await ayu.page.axe(axe)).toEqual([]);
    };
    await look();
    await ayu.page.click({ testId: "start" });
    await ayu.page.text({ testId: "server-facts" });
    await look();
    await ayu.enter(false);
    await ayu.waitInside();
    await look();
  });
});
