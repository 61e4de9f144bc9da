/** The page without its server, and with a server that has a newer one: kept, offered, never mixed, never planted. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { transformWithOxc } from "vite";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { writeShell } from "../../app/build/shell.ts";
import { launch } from "../harness/browsers.ts";
import type { Person, TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import type { TestPage } from "../harness/page.ts";
import { TestServer } from "../harness/server.ts";
import { Wiretap } from "../harness/wiretap.ts";

const BUILT = resolve(import.meta.dirname, "../../../src/segel/server/static");
const WORKER = resolve(import.meta.dirname, "../../app/src/shell/worker.ts");
/** What a browser says of a server that is not there. */
const GONE = /Failed to load resource|ERR_CONNECTION_REFUSED/u;

let browser: TestBrowser;
let tap: Wiretap;
let server: TestServer;
let person: Person;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "segel-shell-"));
  browser = await launch("chromium", { picture: 180 });
  server = await TestServer.start({ args: ["--media-port", "0"] });
  // It serves another folder than the build's.
  tap = await Wiretap.start(folder);
});

beforeEach(async () => {
  await cp(BUILT, folder, { recursive: true });
  person = await browser.person();
  return () => person.leave();
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await tap.forget();
});

/** The worker's code with one of its guards taken out: some text of its source. */
async function workerWithout(guard: string): Promise<string> {
  const source = await readFile(WORKER, "utf8");
  if (!source.includes(guard)) throw new Error(`the worker has no ${guard}`);
  return (await transformWithOxc(source.replace(guard, ""), WORKER)).code.replace(/^export \{\s*\};?$/mu, "");
}

/** Puts another build in the served one's place: a page with a mark, and a worker that lists it. */
async function newBuild(mark: string, without = ""): Promise<void> {
  const page = await readFile(join(BUILT, "index.html"), "utf8");
  await writeFile(join(folder, "index.html"), page.replace("<body>", `<body data-build="${mark}">`));
  await writeFile(join(folder, "shell.js"), await workerWithout(without));
  await writeShell(folder);
  for (const name of ["index.html", "shell.js"]) for (const end of ["br", "gz"]) await rm(join(folder, `${name}.${end}`), { force: true });
}

/** A window on the first screen, with the page kept for the next load, which is a second one. */
async function visit(url = tap.server.url): Promise<TestPage> {
  const page = await person.page();
  await page.goto(url);
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.goto(url);
  await page.waitFor(() => navigator.serviceWorker.controller !== null);
  return page;
}

async function build(page: TestPage): Promise<string | null> {
  return page.evaluate(() => document.body.getAttribute("data-build"));
}

async function kept(page: TestPage): Promise<readonly string[]> {
  return page.evaluate(async () => {
    const requests = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return requests.flat().map(({ url }) => new URL(url).pathname);
  });
}

test("a browser offers to install it", async () => {
  const page = await visit();
  // Each test's profile is a private one; in those no browser installs anything.
  expect((await page.installFaults()).filter((fault) => fault !== "in-incognito")).toEqual([]);
});

test("it opens without its server, says so, and goes on when the server is back", async () => {
  const page = await visit(server.url);
  expect((await kept(page)).filter((path) => path.startsWith("/v1"))).toEqual([]);
  await server.kill();
  await page.reload();
  expect(await page.text({ role: "status", within: "main" })).toContain("The server does not answer");
  await page.goto(`${server.url}/m#AQEAAAAAAAAAAAAAAAAAAAAA`);
  expect(await page.text({ role: "status", within: ".door-facts" })).toContain("The server does not answer");
  await server.restart();
  await page.waitFor(() => document.querySelector('[data-testid="server-facts"]') !== null);
  page.expectQuiet(GONE);
});

describe("a new build", () => {
  test("is said, waits for other windows, and comes at a press", async () => {
    const [other, page] = [await visit(), await visit()];
    await newBuild("2");
    await page.reload();
    expect(await page.text({ testId: "update" })).toContain("A new version of Segel is here");
    expect(await build(page)).toBe(null);
    await page.click({ testId: "renew" });
    await page.waitFor(() => document.querySelector('[data-testid="update"]')?.textContent.includes("other windows"));
    await other.close();
    await page.reload();
    await page.follow(() => page.click({ testId: "renew" }));
    expect(await build(page)).toBe("2");
    expect(await page.has({ testId: "update" })).toBe(false);
    page.expectQuiet();
  });

  test.each([
    { guard: "", state: "redundant" },
    { guard: " || await sha256(response.clone()) !== hash", state: "installed" },
  ])("is not taken where a file is not the one that its worker lists (without $guard)", async ({ guard, state }) => {
    const page = await visit();
    await newBuild("3", guard);
    const shown = await readFile(join(folder, "index.html"), "utf8");
    await writeFile(join(folder, "index.html"), shown.replace('"3"', '"planted"'));
    await page.reload();
    expect(await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration("/");
      await registration?.update().catch(() => undefined);
      const fresh = registration?.installing ?? null;
      if (fresh !== null) await new Promise((done) => fresh.addEventListener("statechange", done, { once: true }));
      return fresh?.state ?? (registration?.waiting === null ? "redundant" : "installed");
    })).toBe(state);
    await page.reload();
    await page.text({ testId: "start" });
    expect([await build(page), await page.has({ testId: "update" })]).toEqual([null, state === "installed"]);
  });
});

test.each([
  { guard: "", title: "Segel" },
  { guard: " && await sha256(kept.clone()) === files.get(path)", title: "planted" },
])("what a page plants among the kept files is not answered (without $guard)", async ({ guard, title }) => {
  await newBuild("5", guard);
  const page = await visit();
  await page.evaluate(async () => {
    const [name = ""] = await caches.keys();
    const planted = new Response("<title>planted</title>", { headers: { "Content-Type": "text/html" } });
    await (await caches.open(name)).put("/", planted);
  });
  await page.reload();
  expect(await page.evaluate(() => document.title)).toBe(title);
});

test("a first visit whose words do not arrive says so, and goes on when they do", async () => {
  const words = (await readdir(join(folder, "assets"))).filter((name) => name.startsWith("en-"));
  for (const name of words) await rm(join(folder, "assets", name));
  const page = await person.page();
  await page.goto(tap.server.url);
  expect(await page.text({ role: "alert" })).toContain("The server does not answer");
  await cp(BUILT, folder, { recursive: true });
  await page.follow(() => page.click({ testId: "again" }));
  expect(await page.text({ testId: "start" })).toBe("Start a meeting");
  page.expectQuiet(GONE);
});

test("a browser that cannot sign is told so at once, and asked for nothing", async () => {
  const page = await person.page();
  await page.beforeScripts(() => {
    Object.assign(SubtleCrypto.prototype, { generateKey: () => Promise.reject(new DOMException("no such algorithm", "NotSupportedError")) });
  });
  await page.goto(server.url);
  expect(await page.text({ role: "alert" })).toContain("This browser is too old for Segel");
  expect([await page.has({ testId: "start" }), await page.has({ testId: "join" })]).toEqual([false, false]);
});

test("a meeting whose server came back newer says so, and no sooner", async () => {
  const ayu = await Guest.arrive(browser, "Ayu");
  await ayu.page.beforeScripts(() => {
    const ask = window.fetch.bind(window);
    window.fetch = async (input, init) => (input === "/v1/server" && document.querySelector('[data-phase="inside"]') !== null ? Response.json({ protocol: 99 }) : ask(input, init));
  });
  await ayu.start(server.url, false);
  await server.kill();
  expect(await ayu.page.text({ role: "alert" })).toContain("This page is older than its server");
  await server.restart();
  await ayu.page.close();
});

test("a page that is older than its server says so, and loads the new one", async () => {
  const page = await visit();
  // A server of a later protocol: only its answer about itself is another.
  await page.beforeScripts(() => {
    const ask = window.fetch.bind(window);
    window.fetch = async (input, init) => {
      const response = await ask(input, init);
      return input === "/v1/server" ? Response.json({ ...((await response.json()) as object), protocol: 99 }) : response;
    };
  });
  await newBuild("4");
  await page.reload();
  await page.waitFor(() => document.querySelector('[data-phase="outdated"]') !== null);
  await page.follow(() => page.click({ testId: "renew", within: ".ways-row" }));
  expect(await build(page)).toBe("4");
});
