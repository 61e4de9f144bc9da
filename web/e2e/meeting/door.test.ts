/** The door: what it says before anything is asked for, and the ways in that go around trouble. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { host } from "@segel/client/testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { faults } from "../harness/looks.ts";
import { PROGRAM, TestServer } from "../harness/server.ts";

const PHONE = { width: 360, height: 640 } as const;

declare global {
  interface Window {
    segelTestAsked?: number;
  }
}

let server: TestServer;
let browser: TestBrowser;
const here: Guest[] = [];

beforeAll(async () => {
  server = await TestServer.start({
    args: [
      "--media-port", "0",
      "--operator", "Klinik Sehat", "--location", "Bandung, Indonesia", "--contact", "it@sehat.example",
    ],
  });
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

// Who stays in a meeting takes from the time of the next test.
afterEach(async () => {
  for (const guest of here.splice(0)) await guest.page.close();
});

async function arrive(name: string): Promise<Guest> {
  const guest = await Guest.arrive(browser, name);
  here.push(guest);
  return guest;
}

function countAsking(): void {
  if (location.protocol === "about:") return;
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

/** At the door of a new meeting, with what the server says of itself on the screen. */
async function atDoor(prepare: () => void = () => undefined): Promise<Guest> {
  const ayu = await arrive("Ayu");
  await ayu.page.beforeScripts(prepare);
  await ayu.page.goto(server.url);
  await ayu.page.click({ testId: "start" });
  await ayu.page.text({ testId: "server-facts" });
  return ayu;
}

/** Presses Tab until the element has the focus, as somebody without a mouse does; each stop on the way is seen. */
async function tabTo(guest: Guest, testId: string): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await guest.page.press("Tab");
    const { here, seen } = await guest.page.evaluate(() => {
      const focused = document.activeElement;
      const outline = focused === null ? "none" : getComputedStyle(focused).outlineStyle;
      return { here: focused?.getAttribute("data-testid"), seen: focused === document.body || outline !== "none" };
    });
    expect(seen, `the focus on ${here}`).toBe(true);
    if (here === testId) return;
  }
  throw new Error(`Tab does not lead to ${testId}`);
}

/** Whether the keyboard is still somewhere: not thrown back to the beginning of the page by what was done. */
async function held(guest: Guest): Promise<boolean> {
  return guest.page.evaluate(() => document.activeElement !== null && document.activeElement !== document.body);
}

describe("the notice", () => {
  test("says who runs the server, where, and what it keeps, before the camera is asked for", async () => {
    const ayu = await atDoor(countAsking);
    const facts = (await ayu.page.text({ testId: "server-facts" })).split(/\s*\n\s*/u);
    expect(facts).toEqual([
      "Run by", "Klinik Sehat", "Contact: it@sehat.example",
      "Says it is in", "Bandung, Indonesia",
      "Keeps", "8 things, each for a time",
      "Who and where are the operator's own words. Segel cannot check them.",
    ]);

    await ayu.page.click({ role: "DisclosureTriangle" });
    const kept = await ayu.page.evaluate(() => [...document.querySelectorAll<HTMLElement>(".keeps li")].map((each) => each.innerText));
    expect(kept).toHaveLength(8);
    expect(kept[2]).toMatch(/^Sealed messages .*ciphertext.*\nSo that .* gets them\. For how long: The meeting's days .* is destroyed\.$/u);
    expect(kept.join("\n")).toContain("In memory only: The network address of who is connected");
    expect(await asked(ayu)).toBe(0);

    await ayu.page.click({ testId: "use-devices" });
    await ayu.page.text({ testId: "door-mic" });
    expect(await asked(ayu)).toBeGreaterThan(0);
    ayu.page.expectQuiet();
  });
});

describe("the way in", () => {
  test("needs no camera, and does not ask for one then", async () => {
    const ayu = await atDoor(countAsking);
    await ayu.enter(false);
    await ayu.waitInside();
    expect(await asked(ayu)).toBe(0);
    await ayu.page.click({ testId: "mic" });
    await expect.poll(async () => asked(ayu)).toBe(1);
    ayu.page.expectQuiet();
  });

  test("is open to a browser that was told not to give the camera", async () => {
    const ayu = await atDoor(deny);
    await ayu.page.click({ testId: "use-devices" });
    await ayu.page.waitFor(() => document.querySelector(".notice") !== null);
    await ayu.enter(true);
    await ayu.waitInside();
    await ayu.write("I can write");
    await ayu.read("I can write");
  });

  test("is open to a browser that cannot seal pictures, plainly and for writing", async () => {
    const ayu = await atDoor(withoutTransforms);
    await ayu.page.waitFor(() => document.querySelector(".notice") !== null);
    expect(await ayu.page.has({ testId: "use-devices" })).toBe(false);
    await ayu.enter(true);
    await ayu.waitInside();
    await ayu.write("Only in words");
    await ayu.read("Only in words");
    expect(await ayu.page.evaluate(() => window.segelTestConnections?.length ?? 0)).toBe(0);
  });

  test("and all of a meeting work by keyboard alone, which never loses its place, with a name for each control", async () => {
    const ayu = await arrive("Ayu");
    const { page } = ayu;
    const press = async (key: Parameters<typeof page.press>[0], then: string, from?: string): Promise<void> => {
      if (from !== undefined) await tabTo(ayu, from);
      await page.press(key);
      await page.waitFor((selector) => document.querySelector(selector) !== null, {}, then);
      expect(await held(ayu), `${key} at ${from ?? "where it was"}, then ${then}`).toBe(true);
      expect(await page.unnamed(), then).toEqual([]);
    };
    await page.goto(server.url);
    await page.text({ testId: "start" });
    await press("Enter", '[data-testid="server-facts"]', "start");
    await tabTo(ayu, "name");
    for (const letter of ["A", "y", "u"] as const) await page.press(letter);
    await press("Enter", '[data-testid="door-mic"]', "use-devices");
    await press("Enter", '[data-phase="inside"] [data-testid="link"]', "join");
    await press("c", '[data-panel="chat"]');
    await tabTo(ayu, "chat-input");
    for (const letter of ["h", "i"] as const) await page.press(letter);
    await press("Enter", '[data-testid="message"]');
    await press("Escape", '[data-panel="none"]');
    await press("p", '[data-panel="people"] [data-testid="person"]');
    await press("Enter", '[data-panel="none"]', "panel-close");
    await press("Enter", '[data-panel="seal"]', "seal-toggle");
    await press("Escape", '[data-panel="none"]');
    await press("m", '[data-testid="mic"].off');
    await press("Enter", '[data-testid="mic"]:not(.off)', "mic");
    await press("h", '[data-testid="tile-hand"]');
    await press("Enter", '.stage:not(:has([data-testid="tile-hand"]))', "hand");
    await press("Enter", '[data-testid="devices-menu"]', "devices");
    await press("Escape", 'main:not(:has([data-testid="devices-menu"]))');
    await press("?", "dialog[open]");
    await press("Escape", "main:not(:has(dialog[open]))");
    await press("Enter", '[data-phase="left"]', "leave");
    expect(await page.text({ role: "heading", within: '[data-phase="left"]' })).toBe("You left the meeting");
    page.expectQuiet();
  });

  test("leads back to oneself after a reload, with the messages of before", async () => {
    const ayu = await arrive("Ayu");
    const budi = await arrive("Budi");
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
});

/** Whether the middle of each lies in the window, with nothing over it and without scrolling. */
function inSight(...testIds: readonly string[]): readonly boolean[] {
  return testIds.map((testId) => {
    const control = document.querySelector(`[data-testid="${testId}"]`);
    const { left, top, bottom, width, height } = control?.getBoundingClientRect() ?? new DOMRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return control !== null && scrollY === 0 && top >= 0 && bottom <= innerHeight && control.contains(hit);
  });
}

describe("on a phone", () => {
  test("each screen fits, is in reach of a thumb and keeps axe's rules, in light and in dark", async () => {
    const ayu = await arrive("Ayu");
    const { page } = ayu;
    await page.viewport(PHONE.width, PHONE.height);
    await page.goto(server.url);
    await page.text({ testId: "start" });
    expect(await faults(page, "main")).toEqual([]);
    await page.click({ testId: "start" });
    await page.text({ testId: "server-facts" });
    expect(await page.evaluate(inSight, "use-devices", "name", "join", "join-quiet")).toEqual([true, true, true, true]);
    expect(await faults(page, "main")).toEqual([]);
    await page.click({ testId: "use-devices" });
    await page.text({ testId: "door-mic" });
    expect(await page.evaluate(inSight, "door-mic", "door-camera", "name", "join")).toEqual([true, true, true, true]);
    expect(await faults(page, "main")).toEqual([]);
    await ayu.enter(true);
    await ayu.waitInside();
    expect(await faults(page, "main")).toEqual([]);
    await ayu.write("https://segel.example/a-link-that-is-longer-than-a-phone-is-wide/and/goes/on");
    await ayu.read("goes/on");
    expect(await faults(page, ".panel")).toEqual([]);
    for (const panel of ["people", "seal"] as const) {
      await page.click({ testId: "panel-close" });
      await ayu.openPanel(panel);
      if (panel === "seal") await ayu.code();
      expect(await faults(page, ".panel")).toEqual([]);
    }
    page.expectQuiet();
  });

  test("a panel covers the meeting for the keyboard as well, and gives the focus back", async () => {
    const ayu = await atDoor();
    await ayu.enter(false);
    await ayu.waitInside();
    await ayu.page.viewport(PHONE.width, PHONE.height);
    await tabTo(ayu, "people-toggle");
    await ayu.page.press("Enter");
    await ayu.page.text({ testId: "person" });
    await expect(tabTo(ayu, "leave")).rejects.toThrow("does not lead");
    await ayu.page.press("Escape");
    const focused = await ayu.page.evaluate(() => document.activeElement?.getAttribute("data-testid"));
    expect(focused).toBe("people-toggle");
    await tabTo(ayu, "leave");
  });

  test("faults of a page are found", async () => {
    const { page } = await atDoor();
    await page.viewport(PHONE.width, PHONE.height);
    await page.evaluate(() => {
      const wide = document.createElement("p");
      wide.style.width = "400px";
      const small = document.createElement("button");
      small.textContent = "Small";
      small.style.color = "#888888";
      small.style.background = "#777777";
      const covered = document.createElement("button");
      covered.style.cssText = "position: absolute; z-index: -1; top: 0; left: 0; width: 44px; height: 44px";
      covered.textContent = "Covered";
      const nameless = document.createElement("button");
      document.querySelector("main")?.append(wide, small, covered, nameless);
    });
    const found = (await faults(page, "main")).join("\n");
    expect(found).toMatch(/the page is 4\d\d wide/u);
    expect(found).toMatch(/p "" lies from/u);
    expect(found).toMatch(/"Small" measures/u);
    expect(found).toMatch(/"Covered" is out of reach/u);
    expect(found).toMatch(/color-contrast: .* in light/su);
    expect(found).toMatch(/color-contrast: .* in dark/su);
    expect(await page.unnamed()).toEqual(["button"]);
  });
});

/** Waits for the end of the way, and returns what it says: a title, and what to do. */
async function closed(guest: Guest, phase: "failed" | "not-found"): Promise<readonly string[]> {
  const said = await guest.page.text({ role: "alert", within: `[data-phase="${phase}"]` });
  return said.split(/\s*\n\s*/u);
}

/** From the end of a way, the one button leads to the start page. */
async function goHome(guest: Guest): Promise<void> {
  await guest.page.follow(async () => guest.page.click({ testId: "home" }));
  await guest.page.text({ testId: "start" });
  expect(new URL(guest.page.url).pathname).toBe("/");
}

describe("where only the invited start meetings", () => {
  const refused = [
    "This server asks for an invitation",
    "Whoever runs it decides who may start meetings. The invitation that you gave is not whole, or is used up: ask them for another.",
  ];
  let folder = "";
  let club: TestServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "segel-door-"));
    const config = join(folder, "segel.toml");
    await writeFile(config, 'operator = "Rumah Baca"\nstarters = "invited"\nmedia_port = 0\n');
    club = await TestServer.start({ args: ["--config", config] });
  });

  afterAll(async () => {
    await club.stop();
    await rm(folder, { recursive: true });
  });

  /** `segel invitation new`, as the operator runs it beside the server. */
  async function invite(): Promise<string> {
    const { stdout } = await promisify(execFile)(PROGRAM, ["invitation", "new", "--data", club.data]);
    return stdout.trim();
  }

  async function startWith(invitation: string): Promise<Guest> {
    const ayu = await arrive("Ayu");
    await ayu.page.goto(`${club.url}/#invite=${invitation}`);
    await ayu.page.click({ testId: "start" });
    await ayu.enter(false);
    return ayu;
  }

  test("the start page asks for the invitation, and the door tells what the file says and what it does not", async () => {
    const ayu = await arrive("Ayu");
    await ayu.page.goto(club.url);
    await ayu.page.text({ testId: "invitation" });
    await ayu.page.click({ testId: "start" });
    expect(await ayu.page.text({ role: "alert" })).toBe("Enter the invitation that you were given.");
    expect(await ayu.page.has({ testId: "name" })).toBe(false);
    await ayu.page.type({ testId: "invitation" }, await invite());
    await ayu.page.click({ testId: "start" });
    const facts = await ayu.page.text({ testId: "server-facts" });
    expect(facts).toContain("Rumah Baca");
    expect(facts).toContain("It has not said where it is.");
    await ayu.enter(false);
    await ayu.waitInside();
  });

  test("a link with an invitation starts one meeting, which anybody joins who has its link", async () => {
    const invitation = await invite();
    const ayu = await startWith(invitation);
    await ayu.waitInside();
    const budi = await arrive("Budi");
    await budi.join(await ayu.page.waitFor(() => document.querySelector<HTMLInputElement>('[data-testid="link"]')?.value), false);
    await ayu.waitPeople(2);

    const late = await startWith(invitation);
    expect(await closed(late, "failed")).toEqual(refused);
    expect(await late.page.has({ testId: "rejoin" })).toBe(false);
    await goHome(late);
    await late.page.text({ testId: "invitation" });
  });

  test("an invitation that is cut, or that nobody gave, is refused in words that help", async () => {
    const whole = await invite();
    for (const invitation of [whole.slice(0, -3), whole.replace(/^./u, (first) => (first === "A" ? "B" : "A"))]) {
      const ayu = await startWith(invitation);
      expect(await closed(ayu, "failed")).toEqual(refused);
      await goHome(ayu);
      ayu.page.expectQuiet();
    }
  });
});

describe("a link that leads nowhere", () => {
  const cut = [
    "This link is not whole",
    "Part of it is missing or changed, or it is for a newer Segel. Ask for it again, and copy all of it.",
    "To the start page",
  ];
  const gone = ["This meeting is not here", "It may be over, or the link belongs to another server. Ask for a new link."];

  test("says at once that it is cut or changed, and asks for no name and no camera", async () => {
    const { meeting, client } = await host(server.url, "classic");
    client.close();
    const { link } = meeting;
    const address = link.slice(0, link.indexOf("#"));
    const guest = await arrive("Budi");
    await guest.page.beforeScripts(countAsking);
    for (const broken of [address, `${address}#`, link.slice(0, -3), link.slice(0, address.length + 4), `${link}AAA`, `${address}#hello%20you`]) {
      await guest.page.goto("about:blank");
      await guest.page.goto(broken);
      expect((await guest.page.text({ testId: "saying" })).split(/\s*\n\s*/u), broken).toEqual(cut);
      expect(await asked(guest)).toBe(0);
    }
    await goHome(guest);
    guest.page.expectQuiet();
  });

  test("says of a whole secret that is not a meeting's that there is no meeting", async () => {
    const { meeting, client } = await host(server.url, "classic");
    client.close();
    const guest = await arrive("Budi");
    await guest.page.goto(meeting.link.replace(/.(?=.{10}$)/u, (letter) => (letter === "A" ? "B" : "A")));
    await guest.enter(false);
    expect(await closed(guest, "failed")).toEqual(gone);
    await goHome(guest);
    guest.page.expectQuiet();
  });

  test("says of a meeting that the server has no more that it is not here", async () => {
    const other = await TestServer.start({ args: ["--media-port", "0"] });
    try {
      const { meeting, client } = await host(other.url, "classic");
      const budi = await arrive("Budi");
      await budi.join(meeting.link, false);
      await budi.page.goto("about:blank");
      client.close();
      await other.halt();
      for (const name of await readdir(other.data)) await rm(join(other.data, name), { recursive: true });
      await other.restart();
      const citra = await arrive("Citra");
      await citra.page.goto(meeting.link);
      await citra.enter(false);
      expect(await closed(citra, "failed")).toEqual(gone);
      await goHome(citra);
    } finally {
      await other.stop();
    }
  });
});

describe("an address where nothing is", () => {
  test("is a 404 under the same strict policy, and a page that leads home", async () => {
    const get = async (path: string): Promise<Response> => fetch(server.url + path, { headers: { Accept: "text/html" } });
    const [start, nope] = [await get("/"), await get("/nope/at/all")];
    expect(nope.status).toBe(404);
    expect(nope.headers.get("content-security-policy")).toBe(start.headers.get("content-security-policy"));
    expect(nope.headers.get("content-security-policy")).toMatch(/default-src 'none'; script-src 'self'; style-src 'self';/u);

    const ayu = await arrive("Ayu");
    await ayu.page.goto(`${server.url}/nope/at/all`);
    expect(await closed(ayu, "not-found")).toEqual([
      "There is nothing here",
      "This address leads nowhere on this server. If it was a link to a meeting, ask for it again, and copy all of it.",
    ]);
    expect(await faults(ayu.page, "main")).toEqual([]);
    // The card stands in the middle of the window, with its button on it.
    const card = await ayu.page.evaluate(() => document.querySelector('[data-testid="home"]')?.closest(".card")?.getBoundingClientRect().toJSON() as DOMRect);
    expect(Math.abs(card.left + card.right - 1280)).toBeLessThan(4);
    expect(Math.abs(card.top + card.bottom - 800)).toBeLessThan(80);
    expect(card.height).toBeLessThan(400);
    await goHome(ayu);
    ayu.page.expectQuiet(/status of 404/u);
  });
});
