/** Ways to look and to be heard, between two browsers: large and pinned, a hand that is raised, speaking while a key is held. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

let server: TestServer;
let chromium: TestBrowser;
let firefox: TestBrowser;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  [chromium, firefox] = await Promise.all([launch("chromium", { picture: 180 }), launch("firefox", { picture: 180 })]);
});

afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  await server.stop();
});

/** Waits until the page has, or no longer has, what the selector names. */
async function waitFor(guest: Guest, selector: string, there = true): Promise<void> {
  await guest.page.waitFor((wanted, is) => (document.querySelector(wanted) !== null) === is, { patience: 20_000 }, selector, there);
}

test("one is made large, pinned and let go; a hand goes up at the others; a held key opens the microphone", async () => {
  const [ayu, budi] = [await Guest.arrive(chromium, "Ayu"), await Guest.arrive(firefox, "Budi")];
  await budi.join(await ayu.start(server.url));
  for (const person of [ayu, budi]) await person.waitMoving(2);

  for (const person of [ayu, budi]) {
    await person.page.press("g");
    await waitFor(person, '[data-view="speaker"] [data-large="true"] video');
    await person.waitMoving(2);
    await person.page.press("g");
    await waitFor(person, '[data-view="grid"]');
    await person.page.click({ testId: "pin" });
    await waitFor(person, '[data-view="speaker"] [data-large="true"] [data-testid="pin"][aria-pressed="true"]');
    await person.page.click({ testId: "pin" });
    await waitFor(person, '[data-view="grid"]');
  }

  await ayu.page.press("h");
  for (const person of [ayu, budi]) await waitFor(person, '[data-testid="tile-hand"]');
  await budi.page.click({ testId: "hand" });
  await budi.page.press("p");
  await budi.page.waitFor(() => [...document.querySelectorAll('[data-testid="person-hand"] span[aria-hidden]')].map((each) => each.textContent).sort().join() === "1,2");
  await budi.page.press("Escape");
  await ayu.page.press("h");
  await budi.page.waitFor(() => document.querySelectorAll('[data-testid="tile-hand"]').length === 1, { patience: 20_000 });

  const heard = '[aria-label*="Ayu"]:not([aria-label*="Microphone is off"])';
  await ayu.page.press("m");
  await waitFor(budi, `[data-testid="tile"]${heard}`, false);
  await ayu.page.hold("Space", true);
  await waitFor(ayu, '[data-testid="talking"]');
  await waitFor(budi, `[data-testid="tile"]${heard}`);
  await ayu.page.hold("Space", false);
  await waitFor(ayu, '[data-testid="talking"]', false);
  await waitFor(budi, `[data-testid="tile"]${heard}`, false);

  // Switched off, keys belong to others; the list of keys says so and closes by Escape.
  await ayu.page.press("?");
  await ayu.page.click({ testId: "shortcuts" });
  await ayu.page.press("Escape");
  await waitFor(ayu, "dialog[open]", false);
  await ayu.page.press("g");
  const view = await ayu.page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return document.querySelector(".stage")?.getAttribute("data-view");
  });
  expect(view).toBe("grid");
  for (const person of [ayu, budi]) person.page.expectQuiet();
});
