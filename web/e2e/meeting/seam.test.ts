/** A browser, the command line and a bot in one meeting: two implementations of everything, and nobody sees a seam. */
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, type TestBrowser } from "../harness/browsers.ts";
import { keepSaved, Samples, savedHash } from "../harness/files.ts";
import { Guest } from "../harness/guest.ts";
import { Program } from "../harness/program.ts";
import { TestServer } from "../harness/server.ts";

let server: TestServer;
let browser: TestBrowser;
let samples: Samples;
let folder: string;
let ayu: Guest;
let link: string;
let terminal: Program;
let bot: Program;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  [browser, samples, folder] = await Promise.all([launch("chromium"), Samples.make(), mkdtemp(join(tmpdir(), "segel-seam-"))]);
  ayu = await Guest.arrive(browser, "Ayu");
  await ayu.page.beforeScripts(keepSaved, true);
  await ayu.page.goto(server.url);
  await ayu.page.click({ testId: "start" });
  await ayu.page.click({ role: "DisclosureTriangle", name: "Who comes in Whoever has the link" });
  await ayu.page.click({ testId: "way-link" });
  await ayu.enter(false);
  link = await ayu.page.waitFor(() => document.querySelector<HTMLInputElement>("[data-testid=link]")?.value ?? null);
  terminal = Program.segel("join", link, "--name", "Terminal", "--json");
  bot = Program.lesson("bot", [link], { BOT_VAULT: join(folder, "bot.vault") });
  await ayu.waitPeople(3);
});

afterAll(async () => {
  await Promise.all([terminal.stop(), bot.stop()]);
  await browser.close();
  await Promise.all([server.stop(), samples.remove(), rm(folder, { recursive: true })]);
});

test("what each says, all read; and all see the same thirty digits", async () => {
  await ayu.read("I am a bot.");
  await terminal.prints(/"event": ?"in"/u);
  await ayu.write("time?");
  await ayu.read("It is ");
  await terminal.prints(/"text": ?"It is \d\d:\d\d"/u);
  terminal.type("from a terminal");
  await ayu.read("from a terminal");
  terminal.type("code?");
  await ayu.read("I see ");
  terminal.type("/code");
  const shown = (await terminal.prints(/"event": ?"code", "code": ?"([\d ]+)"/u))[1]?.replaceAll(" ", "");
  const said = (await terminal.prints(/"text": ?"I see ([\d ]+)"/u))[1]?.replaceAll(" ", "");
  expect(shown).toHaveLength(30);
  expect([shown, said]).toEqual([await ayu.code(), await ayu.code()]);
});

test("files go both ways, byte for byte", async () => {
  const [given, taken] = [await samples.random("from-python.bin", 3_000_000), await samples.random("from-browser.bin", 2_500_000)];
  await ayu.openPanel("chat");
  expect(await Program.segel("send", link, given.path, "--name", "Courier").ends()).toBe(0);
  const message = await ayu.page.waitFor(() => {
    const files = [...document.querySelectorAll<HTMLElement>('[data-testid="message"]')];
    return files.find((each) => each.querySelector(".file-name")?.textContent === "from-python.bin")?.dataset["id"] ?? null;
  });
  await ayu.page.click({ testId: "file-save", within: `[data-id="${message}"]` });
  expect(await savedHash(ayu, "from-python.bin", 3_000_000)).toBe(given.hash);
  const receiving = Program.segel("receive", link, "--to", folder, "--files", "1", "--name", "Receiver");
  await ayu.waitPeople(4);
  await ayu.openPanel("chat");
  await ayu.page.upload({ testId: "attach-field" }, taken.path);
  expect(await receiving.ends()).toBe(0);
  const saved = await readFile(join(folder, "from-browser.bin"));
  expect(createHash("sha256").update(saved).digest("hex")).toBe(taken.hash);
});

test("whom the host takes out is out in Python too, and reads nothing more", async () => {
  for (const name of ["Terminal", "Clock"]) {
    await ayu.openPanel("people");
    await ayu.page.click({ role: "button", name: `What to do about ${name}` });
    await ayu.page.click({ testId: "kick" });
    await ayu.page.click({ testId: "kick-yes" });
  }
  await ayu.waitPeople(1);
  await bot.prints(/over for us: kicked/u);
  expect(await terminal.ends()).toBe(3);
  await ayu.write("among those who are left");
  await ayu.read("among those who are left");
  expect(terminal.printed).toMatch(/"event": ?"ended", "reason": ?"kicked"/u);
  expect(terminal.printed).not.toContain("among those");
});
