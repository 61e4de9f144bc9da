/** The product's media in both browsers: devices, the sealing worker, and a session with another member. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { serveBuild } from "./harness/built.ts";
import { BROWSERS, launch } from "./harness/browsers.ts";
import type { Person, TestBrowser } from "./harness/browsers.ts";
import type { TestPage } from "./harness/page.ts";
import type { Site } from "./harness/site.ts";
import type { MediaPage } from "./media/page.ts";

declare const media: MediaPage;

const AUDIO = { id: "aa", kind: "audio" } as const;
const VIDEO = { id: "bb", kind: "video" } as const;
const FAR = 2;

describe.each(BROWSERS)("%s", (name) => {
  let browser: TestBrowser;
  let site: Site;
  let person: Person;
  let page: TestPage;

  beforeAll(async () => {
    site = await serveBuild(new URL("./media/", import.meta.url));
    browser = await launch(name, { picture: 180 });
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  beforeEach(async () => {
    person = await browser.person();
    page = await person.page();
    await page.goto(site.url);
  });

  afterEach(async () => {
    const arrived = await page.evaluate(() => media.farDropped());
    await page.evaluate(() => media.close());
    // Whatever this browser sent was sealed by this member: anything else would have been counted.
    expect(arrived.malformed + arrived.forged + arrived.wrong_member).toBe(0);
    page.expectQuiet();
    await person.leave();
  });

  /** Both ends have their devices on and the far member's streams are known to be theirs. */
  async function meet(): Promise<void> {
    await page.evaluate(async () => media.start());
    await page.evaluate((audio, video, leaf) => {
      media.far().rekey(1);
      media.far().addStream(audio);
      media.far().addStream(video);
      media.setPeople([{ leaf, streams: [audio, video] }]);
    }, AUDIO, VIDEO, FAR);
    await page.evaluate(async () => media.local.useDevices({ microphone: true, camera: true }));
    await bothWays();
  }

  /** Wait until sound and pictures move on both ends, from now on. */
  async function bothWays(): Promise<void> {
    const before = await page.evaluate(() => media.times());
    const counts = await page.evaluate(async () => media.far().received());
    await page.waitFor(
      async (then: Record<string, number>, frames: number) => {
        const flowing = media.state().streams.filter(({ flowing }) => flowing).map(({ stream }) => stream);
        const now = media.times();
        const moved = flowing.filter((id) => Object.entries(now).some(([name, at]) => name.startsWith(id) && at > (then[name] ?? 0)));
        const { video } = await media.far().received();
        return moved.length === 2 && (video?.frames ?? 0) > frames + 5;
      },
      {},
      before,
      counts["video"]?.frames ?? 0,
    );
  }

  test("two members see and hear each other, nothing dropped", async () => {
    await meet();
    await page.waitFor(() => media.state().streams.some(({ kind, level }) => kind === "audio" && level > 0));
    const { connection, published, camera } = await page.evaluate(() => media.state());
    expect(connection).toBe("connected");
    expect(published).toEqual({ audio: "near-0-audio", video: "near-0-video", screen: null, "screen-audio": null });
    expect(camera.state).toBe("on");
    const dropped = await page.evaluate(() => media.state().dropped);
    expect(dropped.forged + dropped.malformed + dropped.replayed).toBe(0);
    // Codecs that do not survive sealing are not even offered.
    const answer = await page.evaluate(() => media.far().lastAnswer);
    expect(answer).toMatch(/opus/);
    expect(answer).toMatch(/VP8/);
    expect(answer).not.toMatch(/VP9|H264|AV1|red\//);
  });

  test("a new epoch goes unnoticed; a member without its key is not heard until it has it", async () => {
    await meet();
    await page.evaluate(() => media.far().rekey(2));
    await bothWays();
    expect(await page.evaluate(() => media.far().dropped)).toBe(0);
    await page.evaluate(() => media.far().rekey(3, "far"));
    await page.waitFor(() => media.state().dropped.unknown_key > 10);
    await page.evaluate(() => media.far().rekey(3, "near"));
    await bothWays();
    expect(await page.evaluate(() => media.far().dropped)).toBeGreaterThan(10);
  });

  test("frames of another member than the stream's are dropped", async () => {
    await meet();
    await page.evaluate((video) => media.setPeople([{ leaf: 5, streams: [video] }]), VIDEO);
    await page.waitFor(() => media.state().dropped.wrong_member > 10);
    await page.waitFor(() => media.state().streams.every(({ flowing }) => !flowing));
  });

  test("muted sends nothing; unmuted is heard again; a camera that is off is released", async () => {
    await meet();
    await page.evaluate(async () => media.local.setMicrophone(false));
    await page.evaluate(async () => media.local.setCamera(false));
    expect(await page.evaluate(() => media.local.outgoing)).toEqual({ audio: null, video: null, screen: null, "screen-audio": null });
    const still = await page.waitFor(async () => {
      const count = async () => (await media.far().received())["audio"]?.packets ?? 0;
      const first = await count();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (await count()) === first ? first : null;
    });
    await page.evaluate(async () => media.local.useDevices({ microphone: true, camera: true }));
    await page.waitFor(async (before: number) => ((await media.far().received())["audio"]?.packets ?? 0) > before, {}, still);
    await bothWays();
  });

  test("a stream that ends frees its place for the next one", async () => {
    await meet();
    await page.evaluate((video) => media.far().removeStream(video), VIDEO.id);
    await page.waitFor(() => media.state().streams.length === 1);
    await page.evaluate((audio, leaf) => {
      media.far().addStream({ id: "cc", kind: "video" });
      media.setPeople([{ leaf, streams: [audio, { id: "cc", kind: "video" }] }]);
    }, AUDIO, FAR);
    await bothWays();
  });

  test("a session that ends is made anew within two seconds", async () => {
    await meet();
    const begun = performance.now();
    await page.evaluate(() => media.far().end());
    await page.waitFor(() => media.far().restarts === 1 && media.state().connection === "connected");
    expect(performance.now() - begun).toBeLessThan(2_000);
    await bothWays();
  });

  test("a server that was away is asked at once when it is back", async () => {
    await meet();
    await page.evaluate(() => media.setOnline(false));
    // By the fifth try the wait for the next one has grown to 8 s.
    await page.waitFor(() => media.far().missed >= 5);
    expect(await page.evaluate(() => media.state().connection)).toBe("lost");
    const begun = performance.now();
    await page.evaluate(() => media.setOnline(true));
    await page.waitFor(() => media.state().connection === "connected");
    expect(performance.now() - begun).toBeLessThan(1_500);
    await bothWays();
  });

  test("sealing costs little", async () => {
    const audio = await page.evaluate(async () => media.cost("audio", 80, 2_000));
    const video = await page.evaluate(async () => media.cost("video", 3_000, 1_000));
    console.log(name, { audio, video });
    await page.evaluate(async () => media.start());
    // Four members' sound and pictures are 4 x (50 + 24) frames a second: half a core at most.
    expect(Math.max(audio.open, video.open) * 4 * 74).toBeLessThan(500_000);
  });
});
