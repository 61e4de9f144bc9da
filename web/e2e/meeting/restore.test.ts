/** A server loses its disk and is put back to an earlier moment: what two people see of it, in their browsers. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { PROGRAM, TestServer } from "../harness/server.ts";

const run = promisify(execFile);
const UNREACHABLE = [/WebSocket connection to/, /ERR_CONNECTION_(REFUSED|RESET)/];

let server: TestServer;
let browser: TestBrowser;
let folder: string;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  browser = await launch("chromium");
  folder = await mkdtemp(join(tmpdir(), "segel-backup-"));
});

afterAll(async () => {
  await browser.close();
  await server.stop();
  await rm(folder, { recursive: true });
});

test("a restore is told, and the meeting goes on under its link with all that was read", async () => {
  const [ayu, budi] = [await Guest.arrive(browser, "Ayu"), await Guest.arrive(browser, "Budi")];
  await budi.join(await ayu.start(server.url, false), false);
  await ayu.waitPeople(2);
  for (const guest of [ayu, budi]) await guest.openPanel("chat");
  await ayu.write("before the backup");
  await budi.read("before the backup");
  const file = join(folder, "backup.tar");
  await run(PROGRAM, ["backup", "--data", server.data, file]);
  await budi.write("after the backup");
  await ayu.read("after the backup");

  await server.kill();
  await rm(server.data, { recursive: true });
  await run(PROGRAM, ["restore", file, "--data", server.data]);
  await server.restart();

  for (const guest of [ayu, budi]) {
    await guest.page.waitFor(() => document.body.textContent.includes("This server lost sight of the meeting"));
    await guest.waitPeople(2);
  }
  await ayu.write("and on");
  await budi.read("and on");
  for (const { page } of [ayu, budi]) page.expectQuiet(...UNREACHABLE);
  expect(await budi.messages("the backup")).toEqual(["before the backup", "after the backup"]);
});
