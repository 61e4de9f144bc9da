/** Hosts in real browsers: a door with a lobby, taking out, ending, and a link for later. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { launch, type TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { faults } from "../harness/looks.ts";
import { TestServer } from "../harness/server.ts";

let server: TestServer;
let chromium: TestBrowser;
let firefox: TestBrowser;
const here: Guest[] = [];

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  [chromium, firefox] = await Promise.all([launch("chromium", { picture: 180 }), launch("firefox", { picture: 180 })]);
});

afterAll(async () => {
  await Promise.all([chromium.close(), firefox.close()]);
  await server.stop();
});

afterEach(async () => {
  for (const guest of here.splice(0)) await guest.page.close();
});

async function arrive(browser: TestBrowser, name: string): Promise<Guest> {
  const guest = await Guest.arrive(browser, name);
  here.push(guest);
  return guest;
}

/** A meeting of this kind, with its host in it. */
async function hosted(way: "link" | "lobby"): Promise<{ host: Guest; link: string }> {
  const host = await arrive(chromium, "Ayu");
  await host.page.goto(server.url);
  await host.page.click({ testId: "start" });
  await host.page.click({ role: "DisclosureTriangle", name: "Who comes in Whoever has the link" });
  await host.page.click({ testId: `way-${way}` });
  await host.enter(true);
  const link = await host.page.waitFor(() => document.querySelector<HTMLInputElement>("[data-testid=link]")?.value ?? null);
  return { host, link };
}

function phase(guest: Guest, wanted: string): Promise<unknown> {
  return guest.page.waitFor((name) => document.querySelector(`[data-testid=phase][data-phase=${name}]`) !== null, {}, wanted);
}

/** Opens the link anew. The address may be the same: without leaving it a browser loads nothing. */
async function again(guest: Guest, link: string): Promise<void> {
  await guest.page.goto(server.url);
  await guest.page.goto(link);
  await guest.enter(false);
}

/** Presses something in the row of a person. */
async function about(host: Guest, name: string, testId: string): Promise<void> {
  await host.openPanel("people");
  await host.page.click({ role: "button", name: `What to do about ${name}` });
  await host.page.click({ testId });
}

test("who waits in the lobby comes in by the host's word, is asked to mute, and is taken out for good", async () => {
  const { host, link } = await hosted("lobby");
  const guest = await arrive(firefox, "Budi");
  await guest.page.goto(link);
  await guest.enter(true);
  await guest.page.waitFor(() => document.querySelector("h1")?.textContent === "A host lets you in");
  await host.page.click({ role: "button", name: "Let in: Budi" });
  await guest.waitInside();
  await host.waitPeople(2);
  await about(host, "Budi", "ask-mute");
  await guest.page.waitFor(() => document.querySelector("[data-testid=asked]")?.textContent?.startsWith("Ayu, a host, asked you to mute.") === true);
  await guest.page.waitFor(() => document.querySelector("[data-testid=mic]")?.getAttribute("aria-label") === "Unmute microphone");
  await host.page.click({ testId: "kick" });
  expect(await faults(host.page, "dialog")).toEqual([]);
  await host.page.click({ testId: "kick-yes" });
  await phase(guest, "kicked");
  // The light of the camera goes out with it.
  await guest.page.waitFor(() => document.querySelector("video") === null);
  expect(await guest.page.has({ testId: "rejoin" })).toBe(false);
  await host.waitPeople(1);
  await again(guest, link);
  await guest.page.waitFor(() => document.querySelector("h1")?.textContent === "You cannot come back into this meeting");
});

test("a host ends the meeting for everybody, and opens it again", async () => {
  const { host, link } = await hosted("link");
  const guest = await arrive(firefox, "Budi");
  await guest.join(link, false);
  await host.waitPeople(2);
  await host.page.click({ testId: "leave" });
  await host.page.click({ testId: "end-all" });
  await Promise.all([phase(host, "ended"), phase(guest, "ended")]);
  expect(await guest.page.has({ testId: "rejoin" })).toBe(true);
  await again(guest, link);
  await guest.page.waitFor(() => document.querySelector("h1")?.textContent === "The meeting has not begun");
  await again(host, link);
  await guest.waitInside();
});

test("a link for later is made without a word to the server, with a file for the calendar, and opens on its day", async () => {
  const host = await arrive(chromium, "Ayu");
  await host.page.viewport(360, 740);
  await host.page.beforeScripts(() => {
    const url = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      void blob.text().then((text) => { window.name = text; });
      return url(blob);
    };
  });
  await host.page.goto(server.url);
  await host.page.click({ testId: "plan" });
  await host.page.type({ role: "textbox", name: "What it is about" }, "Budget, part 2; with a name that is so long that its line has to be folded");
  expect(await faults(host.page, "main")).toEqual([]);
  await host.page.click({ testId: "make-link" });
  const link = await host.page.waitFor(() => document.querySelector<HTMLInputElement>("[data-testid=plan-link]")?.value ?? null);
  await host.page.click({ testId: "calendar" });
  const file = await host.page.waitFor(() => (window.name.startsWith("BEGIN:VCALENDAR") ? window.name : null));
  const unfolded = file.replaceAll("\r\n ", "");
  expect(unfolded).toContain(`URL:${link}\r\n`);
  expect(unfolded).toContain("SUMMARY:Budget\\, part 2\\; with a name");
  const guest = await arrive(firefox, "Budi");
  await guest.page.goto(link);
  await guest.enter(false);
  await guest.page.waitFor(() => document.querySelector("h1")?.textContent === "The meeting has not begun");
  await host.page.click({ testId: "go" });
  await phase(host, "door");
  await host.enter(false);
  await host.waitInside();
  await host.page.click({ role: "button", name: "Let in: Budi" });
  await guest.waitInside();
});
