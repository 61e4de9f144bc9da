import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BROWSERS, launch } from "./browsers.ts";
import type { TestBrowser } from "./browsers.ts";
import { serveFiles } from "./site.ts";
import type { Site } from "./site.ts";

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "media-src blob:",
  "require-trusted-types-for 'script'",
].join("; ");
const PAGE = `<!doctype html><html lang="en"><title>Harness</title><link rel="icon" href="/icon.svg">
<button>Join "now"</button><label>Name <input data-testid="name"></label><output></output>
<script src="/page.js"></script>`;
const ICON = `<svg xmlns="http://www.w3.org/2000/svg"/>`;
const SCRIPT = `document.querySelector("button").onclick = () => {
  document.querySelector("output").textContent = document.querySelector("input").value; };`;

describe.each(BROWSERS)("%s", (name) => {
  let browser: TestBrowser;
  let site: Site;

  beforeAll(async () => {
    site = await serveFiles({ "/": PAGE, "/page.js": SCRIPT, "/icon.svg": ICON }, { "Content-Security-Policy": POLICY });
    browser = await launch(name);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  test("clicks by role and name, types, and works under a strict policy", async () => {
    const person = await browser.person();
    const page = await person.page();
    await page.goto(site.url);
    await page.type({ testId: "name" }, "Ada");
    await page.type({ testId: "name" }, "Grace");
    await page.click({ role: "button", name: 'Join "now"' });
    expect(await page.waitFor(() => document.querySelector("output")?.textContent ?? null)).toBe("Grace");
    page.expectQuiet();
    await person.leave();
  });

  test("reports the errors of a page, and only those", async () => {
    const person = await browser.person();
    const page = await person.page();
    await page.goto(site.url);
    page.expectQuiet();
    await page.evaluate(() => console.error("planted"));
    await page.evaluate(() => void setTimeout(() => { throw new Error("thrown"); }));
    await expect.poll(() => { try { page.expectQuiet(); return ""; } catch (error) { return String(error); } })
      .toMatch(/console: planted[\s\S]*page: .*thrown/);
    page.expectQuiet(/planted/, /thrown/);
    await person.leave();
  });

  test("the camera shows moving pictures, also in a second tab", async () => {
    const person = await browser.person();
    const first = await person.page();
    await first.goto(site.url);
    const second = await person.page();
    await second.goto(site.url);
    for (const seen of await Promise.all([first, second].map((page) => page.evaluate(watchCamera, 3000)))) {
      expect(seen.height).toBe(360);
      expect(seen.pictures).toBeGreaterThan(30);
    }
    first.expectQuiet();
    second.expectQuiet();
    await person.leave();
  });

  test("the microphone speaks: above silence, and not a constant tone", async () => {
    const person = await browser.person();
    const page = await person.page();
    await page.goto(site.url);
    const levels = await page.evaluate(listen, 3000);
    expect(Math.max(...levels)).toBeGreaterThan(0.02);
    expect(Math.min(...levels)).toBeLessThan(Math.max(...levels) / 4);
    page.expectQuiet();
    await person.leave();
  });
});

/** In the page: plays the camera for `ms`; counts pictures that differ. */
async function watchCamera(ms: number): Promise<{ height: number; pictures: number }> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: true });
  const video = document.createElement("video");
  video.muted = true;
  video.srcObject = stream;
  await video.play();
  const canvas = document.createElement("canvas");
  canvas.width = 32;
  canvas.height = 18;
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  const pictures = new Set<string>();
  const end = performance.now() + ms;
  while (performance.now() < end) {
    context.drawImage(video, 0, 0, 32, 18);
    pictures.add(context.getImageData(0, 0, 32, 18).data.join());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const height = video.videoHeight;
  for (const track of stream.getTracks()) track.stop();
  return { height, pictures: pictures.size };
}

/**
 * In the page: the microphone's level at the far end of a call to itself (0 to 1), every 50 ms
 * for `ms`. Not by Web Audio, which stands still in Firefox where there is no sound card.
 */
async function listen(ms: number): Promise<number[]> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
  near.onicecandidate = ({ candidate }) => void (candidate && far.addIceCandidate(candidate));
  far.onicecandidate = ({ candidate }) => void (candidate && near.addIceCandidate(candidate));
  for (const track of stream.getTracks()) near.addTrack(track, stream);
  await near.setLocalDescription();
  await far.setRemoteDescription(near.localDescription!);
  await far.setLocalDescription();
  await near.setRemoteDescription(far.localDescription!);
  // Chromium decodes, and so measures, only what is played.
  const player = document.createElement("audio");
  player.srcObject = new MediaStream(far.getReceivers().map((receiver) => receiver.track));
  await player.play();
  const levels: number[] = [];
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const stats of (await far.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
      if (stats.type === "inbound-rtp" && stats.audioLevel !== undefined) levels.push(stats.audioLevel);
    }
  }
  near.close();
  far.close();
  for (const track of stream.getTracks()) track.stop();
  return levels;
}
