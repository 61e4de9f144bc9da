/** Shared screens: their pictures and their sound arrive, in both browsers, beside the cameras; twice, and from two people at once. */
import { afterAll, beforeAll, test } from "vitest";
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

/** Waits until so many shared screens of others are on this person's stage, and each of them moves. */
async function waitScreens(guest: Guest, count: number): Promise<void> {
  await guest.page.waitFor(
    async (wanted) => {
      const screens = [...document.querySelectorAll<HTMLVideoElement>('[data-screen="true"] video')];
      const before = screens.map((video) => video.currentTime);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return screens.length === wanted && screens.every((video, at) => video.currentTime > (before[at] ?? 0));
    },
    {},
    count,
  );
}

test("a screen is seen and heard, ends for everybody, and can be shared again, also by two at once", async () => {
  const [ayu, budi, citra] = [
    await Guest.arrive(chromium, "Ayu"),
    await Guest.arrive(chromium, "Budi"),
    await Guest.arrive(firefox, "Citra"),
  ];
  const link = await ayu.start(server.url);
  await budi.join(link, false);
  await citra.join(link, false);
  for (const person of [budi, citra]) await person.waitMoving(1);

  await ayu.page.click({ testId: "share" });
  await ayu.page.waitFor(() => document.querySelector('[data-testid="sharing"]') !== null);
  for (const person of [budi, citra]) {
    await waitScreens(person, 1);
    await person.waitHearing(2);
    await person.waitMoving(2);
  }

  await ayu.page.click({ testId: "stop-sharing" });
  for (const person of [budi, citra]) await waitScreens(person, 0);
  // The same sections again: what they carry must be sealed as before, or nobody would open it.
  await ayu.page.click({ testId: "share" });
  await budi.page.click({ testId: "share" });
  await waitScreens(citra, 2);
  await waitScreens(ayu, 1);
  await waitScreens(budi, 1);
  for (const person of [ayu, budi, citra]) person.page.expectQuiet();
});
