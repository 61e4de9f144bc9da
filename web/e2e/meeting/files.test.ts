/** Files in real browsers: given, shown, saved; through kill -9 of the server; hostile ones stay inert. */
import { attend, reaches, sendFile } from "@segel/client/testing";
import { statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { keepSaved, png, Samples, savedHash, type Sample } from "../harness/files.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

/** `SEGEL_FILES_LARGE=1` sends half a gigabyte. */
const LARGE = process.env["SEGEL_FILES_LARGE"] === undefined ? 40_000_000 : 500_000_000;

let server: TestServer;
let browsers: TestBrowser[];
let samples: Samples;
let ayu: Guest;
let budi: Guest;
let link: string;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  samples = await Samples.make();
  browsers = await Promise.all([launch("chromium"), launch("firefox")]);
  [ayu, budi] = await Promise.all([Guest.arrive(browsers[0]!, "Ayu"), Guest.arrive(browsers[1]!, "Budi")]);
  await ayu.page.beforeScripts(keepSaved, true);
  await budi.page.beforeScripts(keepSaved, false);
  await ayu.page.beforeScripts(watchHarm);
  link = await ayu.start(server.url, false);
  await budi.join(link, false);
  for (const guest of [ayu, budi]) await guest.openPanel("chat");
});

afterAll(async () => {
  for (const browser of browsers) await browser.close();
  await samples.remove();
  await server.stop();
});

/** Notes what ran, and what a policy stopped. */
function watchHarm(): void {
  const harm: string[] = [];
  window.segelTestHarm = harm;
  document.addEventListener("securitypolicyviolation", (event) => harm.push(`policy: ${event.violatedDirective}`));
}

const give = (guest: Guest, { path }: Sample): Promise<void> => guest.page.upload({ testId: "attach-field" }, path);

/** Waits until the file of the name is in the chat; the selector of its message. */
async function arrived(guest: Guest, name: string): Promise<string> {
  const id = await guest.page.waitFor((wanted) => {
    const files = [...document.querySelectorAll<HTMLElement>('[data-testid="message"]')];
    return files.find((each) => each.querySelector(".file-name")?.textContent === wanted)?.dataset["id"] ?? null;
  }, { patience: 120_000 }, name);
  return `[data-id="${id}"]`;
}

async function save(guest: Guest, message: string): Promise<void> {
  await guest.page.click({ testId: "file-save", within: message });
}

test("a picture is shown to both, and saved by each as it was", async () => {
  const bytes = png(120, 80);
  const sample = await samples.write("holiday.png", bytes);
  await give(ayu, sample);
  for (const guest of [ayu, budi]) {
    const message = await arrived(guest, "holiday.png");
    const width = await guest.page.waitFor((at) => {
      const picture = document.querySelector<HTMLImageElement>(`${at} [data-testid=picture]`);
      return picture?.complete === true ? picture.naturalWidth : null;
    }, {}, message);
    expect(width).toBe(120);
    await save(guest, message);
    expect(await savedHash(guest, "holiday.png", bytes.length)).toBe(sample.hash);
  }
  for (const guest of [ayu, budi]) guest.page.expectQuiet();
});

test("kill -9 of the server in the middle of an upload and of a download: the file is whole", async () => {
  const sample = await samples.random("large.bin", LARGE);
  await give(ayu, sample);
  const at = (state: string): Promise<true> => ayu.page.waitFor((wanted) => {
    const { state, done } = document.querySelector<HTMLElement>('[data-testid="upload"]')?.dataset ?? {};
    return (state === wanted && Number(done) > 0) || null;
  }, {}, state);
  await at("running");
  await server.kill();
  await at("waiting");
  await server.restart();
  const message = await arrived(budi, "large.bin");
  await save(budi, message);
  await budi.page.waitFor((within) => (document.querySelector<HTMLProgressElement>(`${within} progress`)?.value ?? 0) > 0 || null, {}, message);
  await server.kill();
  await server.restart();
  expect(await savedHash(budi, "large.bin", statSync(sample.path).size)).toBe(sample.hash);
}, LARGE > 100_000_000 ? 400_000 : 60_000);

const HTML = "<script>parent.segelTestHarm.push('html')</script><img src=x onerror=segelTestHarm.push(1)>";
const SVG = `<svg xmlns="http://www.w3.org/2000/svg"><script>segelTestHarm.push("svg")</script></svg>`;
const HOSTILE = [
  { name: "drawing.svg", shown: "drawing.svg", content: SVG, type: "image/svg+xml" },
  { name: "drawing.png", shown: "drawing.png", content: SVG, type: "image/png" },
  { name: "page.png", shown: "page.png", content: HTML, type: "image/png" },
  { name: "bomb.png", shown: "bomb.png", content: png(1, 1, [30_000, 30_000]), type: "image/png" },
  { name: "../../x/photo\u202egnp.exe", shown: "_.._x_photognp.exe", content: "MZ", type: "text/html" },
  { name: "<img src=x onerror=segelTestHarm.push(2)>.html", shown: "_img src=x onerror=segelTestHarm.push(2)_.html", content: HTML, type: "text/html" },
] as const;

test("hostile files are inert: nothing runs, nothing but pictures is shown, names show what they are", async () => {
  const mallory = await attend(server.url, link, "Mallory");
  await reaches(mallory.meeting, ({ phase, people }) => phase === "inside" && people.length === 3);
  for (const { name, content, type } of HOSTILE) await sendFile(mallory.meeting, new Blob([content], { type }), name);
  for (const guest of [ayu, budi]) {
    for (const { shown } of HOSTILE) {
      const message = await arrived(guest, shown);
      if (shown.endsWith(".png")) await guest.page.text({ testId: "not-shown", within: message });
      expect(await guest.page.has({ testId: "picture", within: message })).toBe(false);
    }
  }
  await save(ayu, await arrived(ayu, "page.png"));
  await savedHash(ayu, "page.png", HTML.length);
  expect(await ayu.page.evaluate(() => window.segelTestHarm)).toEqual([]);
  mallory.client.close();
});
