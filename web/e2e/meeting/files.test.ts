/** Files in real browsers: given, shown, saved; through kill -9 of the server; hostile ones stay inert. */
import { attend, reaches, sendFile, type Attendee } from "@segel/client/testing";
import { statSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { pdf } from "../harness/pdf.ts";
import { keepSaved, png, Samples, savedHash, type Sample } from "../harness/files.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";
import { Wiretap } from "../harness/wiretap.ts";
import { buildCredulous } from "../unsealed/build.ts";

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

/** How wide the message's picture is, once it is decoded. */
function widthShown(guest: Guest, message: string): Promise<number> {
  return guest.page.waitFor((at) => {
    const picture = document.querySelector<HTMLImageElement>(`${at} [data-testid=picture]`);
    return picture?.complete === true ? picture.naturalWidth : null;
  }, {}, message);
}

async function save(guest: Guest, message: string): Promise<void> {
  await guest.page.click({ testId: "file-save", within: message });
}

test("a picture that is dropped is shown to both, and saved by each as it was", async () => {
  const bytes = png(120, 80);
  const sample = await samples.write("holiday.png", bytes);
  await ayu.page.drop({ testId: "phase" }, sample.path);
  for (const guest of [ayu, budi]) {
    const message = await arrived(guest, "holiday.png");
    expect(await widthShown(guest, message)).toBe(120);
    await save(guest, message);
    expect(await savedHash(guest, "holiday.png", bytes.length)).toBe(sample.hash);
  }
  for (const guest of [ayu, budi]) guest.page.expectQuiet();
});

test("a picture that is pasted is sent, and shown", async () => {
  await ayu.page.click({ testId: "chat-input" });
  await ayu.page.pastePicture(png(64, 48));
  expect(await widthShown(budi, await arrived(budi, "image.png"))).toBe(64);
});

/** How much of the drawn page is black, in hundredths. */
function blackness(): number {
  const canvas = document.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas?.width ?? 1, canvas?.height ?? 1);
  const context = copy.getContext("2d");
  if (canvas === null || context === null) return -1;
  context.drawImage(canvas, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  let black = 0;
  for (let i = 0; i < data.length; i += 4) if ((data[i] ?? 255) < 64) black += 1;
  return Math.round((400 * black) / data.length);
}

const drawn = (guest: Guest, page: number): Promise<true> =>
  guest.page.waitFor((wanted) => document.querySelector<HTMLElement>("[data-testid=document]")?.dataset["drawn"] === wanted || null, {}, String(page));

test("a PDF is read page by page, by keys and buttons, in a frame that has no origin", async () => {
  await give(ayu, await samples.write("minutes.pdf", pdf({ pages: ["Bread", "Salt"] })));
  for (const guest of [ayu, budi]) {
    const message = await arrived(guest, "minutes.pdf");
    await guest.page.click({ testId: "file-show", within: message });
    await drawn(guest, 1);
    expect(await guest.page.within("/preview.html", blackness)).toBeGreaterThan(10);
    expect(await guest.page.within("/preview.html", () => self.origin)).toBe("null");
    expect(await guest.page.text({ testId: "document-text" })).toBe("Bread");
    await guest.page.press("ArrowRight");
    await drawn(guest, 2);
    expect(await guest.page.text({ testId: "document-text" })).toBe("Salt");
    expect(await guest.page.text({ testId: "document-number" })).toMatch(/2.*2/u);
    await guest.page.click({ testId: "document-previous" });
    await drawn(guest, 1);
    await guest.page.press("Escape");
    await guest.page.waitFor(() => document.querySelector("[data-testid=document]") === null || null);
    guest.page.expectQuiet();
  }
});

/** Unpacks to two hundred times what it takes. */
const BOMB = Buffer.alloc(200_000_000, " ");
const RUN = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); parent.segelTestHarm.push\\('pdf'\\)) >>";
const LINK = "/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 300 400] /A << /S /URI /URI (https://evil.example/) >> >>] /AA << /O << /S /URI /URI (https://evil.example/) >> >>";
const BAD_DOCUMENTS = [
  { name: "acts.pdf", content: pdf({ pages: ["Acts"], catalogue: RUN, page: LINK }), outcome: "Acts" },
  { name: "huge.pdf", content: pdf({ pages: ["Huge"], size: [14_400, 14_400] }), outcome: "Huge" },
  { name: "many.pdf", content: pdf({ pages: Array.from({ length: 3_000 }, () => "Many") }), outcome: "Many" },
  { name: "page.pdf", content: Buffer.from("<script>parent.segelTestHarm.push('html')</script>"), outcome: "none" },
  { name: "cut.pdf", content: pdf({ pages: ["Cut"] }).slice(0, 60), outcome: "broken" },
  { name: "bomb.pdf", content: pdf({ pages: ["Bomb"], content: BOMB }), outcome: "anything" },
] as const;

test("hostile documents are drawn or refused: nothing of them runs, follows a link, or asks for anything", async () => {
  for (const [i, { name, content, outcome }] of BAD_DOCUMENTS.entries()) {
    await give(budi, await samples.write(name, content));
    const guest = i % 2 === 0 ? ayu : budi;
    await guest.page.click({ testId: "file-show", within: await arrived(guest, name) });
    const seen = await guest.page.waitFor(() => {
      const view = document.querySelector<HTMLElement>("[data-testid=document]");
      return view?.querySelector("[data-testid=document-trouble]")?.textContent ?? (view?.dataset["drawn"] === "1" ? view.querySelector("[data-testid=document-text]")?.textContent ?? "" : null);
    }, { patience: 40_000 });
    if (outcome === "none") expect(seen).toContain("not a PDF");
    else if (outcome === "broken") expect(seen).toContain("cannot be shown");
    else if (outcome !== "anything") expect(seen).toBe(outcome);
    await guest.page.click({ testId: "document-close" });
    await guest.page.waitFor(() => document.querySelector("[data-testid=document]") === null || null);
  }
  expect(await ayu.page.evaluate(() => window.segelTestHarm)).toEqual([]);
  for (const guest of [ayu, budi]) guest.page.expectQuiet();
}, 60_000);

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
  { name: "bomb.png", shown: "bomb.png", content: png(20_000, 2_100), type: "image/png" },
  { name: "<img src=x onerror=segelTestHarm.push(2)>.html", shown: "_img src=x onerror=segelTestHarm.push(2)_.html", content: HTML, type: "text/html" },
] as const;

/** Nothing that a member of ours sends: its own client would have cleaned it. */
const HIDING = { name: "../../x/photo\u202egnp.exe", shown: "_.._x_photognp.exe" };

/** Mallory, with everything above sent. */
async function hostile(origin: string, to: string, people: number): Promise<Attendee> {
  const mallory = await attend(origin, to, "Mallory");
  const { meeting } = mallory;
  await reaches(meeting, (state) => state.phase === "inside" && state.people.length === people);
  for (const { name, content, type } of HOSTILE) await sendFile(meeting, new Blob([content], { type }), name);
  const file = (length: number): Uint8Array => new Uint8Array(length).fill(1);
  await meeting.session.chat.share({ capability: file(32), key: file(32), prefix: file(7), hash: file(32), size: 2, name: HIDING.name, type: "text/html", expires: 4_000_000_000 });
  return mallory;
}

test("hostile files are inert: nothing runs, nothing but pictures is shown, names show what they are", async () => {
  const mallory = await hostile(server.url, link, 3);
  for (const guest of [ayu, budi]) {
    for (const { shown } of [...HOSTILE, HIDING]) {
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

test("on a build that believes what files claim, each is shown as its sender wants it", async () => {
  const tap = await Wiretap.start(await buildCredulous());
  const cici = await Guest.arrive(browsers[0]!, "Cici");
  await cici.page.beforeScripts(watchHarm);
  const mallory = await hostile(tap.server.url, await cici.start(tap.server.url, false), 2);
  await cici.openPanel("chat");
  // A path, and a name whose end is not where it is seen.
  await arrived(cici, HIDING.name);
  expect(await widthShown(cici, await arrived(cici, "bomb.png"))).toBe(20_000);
  expect(await widthShown(cici, await arrived(cici, "drawing.png"))).toBeGreaterThan(0);
  // The last line: a page that was made one all the same, under the policy of this one.
  await cici.page.evaluate((html) => {
    const address = URL.createObjectURL(new Blob([html], { type: "text/html" }));
    document.body.append(Object.assign(document.createElement("iframe"), { src: address }));
  }, HTML);
  await cici.page.waitFor(() => window.segelTestHarm?.some((each) => each.startsWith("policy: frame-src")));
  mallory.client.close();
  await tap.server.halt();
  await tap.forget();
});
