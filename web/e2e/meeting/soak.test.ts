/**
 * People come and go for a long time, and nothing grows: `SEGEL_SOAK=20` makes it 20 minutes.
 *
 * Somebody who really leaks sits among them, so that a run shows that it would have seen it.
 */
import { attend, reaches } from "@segel/client/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { growth, serverMemory } from "../harness/growth.ts";
import type { Sample } from "../harness/growth.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

const MINUTES = Number(process.env["SEGEL_SOAK"] ?? "0");
/** Rounds that are seen at least, and so many in the short form. */
const ROUNDS = 7;
/** Milliseconds within which who leaves is gone: two seconds (meeting.md 8), and as many for a machine that is busy. */
const GONE = 4_000;
/** Caches fill and code is compiled: so many rounds are not judged. */
const WARM_UP = MINUTES >= 5 ? 20 : 2;
/** What one round (one line, one visit, one coming back) may add: kB, or numbers. So few rounds as the short form's do not show where a heap settles. */
const HEAP = MINUTES >= 5 ? 60 : 200;
const PAGE = { heap: HEAP, workers: HEAP, detached: 4, listeners: 1 };
/** The media process takes some 300 kB a round at first and nothing after twenty: the short form sees only what is far above. */
const SERVER = { resident: 150, media: MINUTES >= 5 ? 150 : 600, files: 0.5, stored: 100 };

let server: TestServer;
let browser: TestBrowser;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  browser = await launch("chromium", { picture: 180 });
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

/** What grows, without how much. */
function named(grown: readonly string[]): readonly (string | undefined)[] {
  return grown.map((words) => words.split(" ")[0]);
}

/** Holds on to a copy of each tile that goes, to some memory and to a listener with it. */
function leak(): void {
  const kept: unknown[] = [];
  const keep = (tile: Element): void => {
    const copy = tile.cloneNode(true);
    addEventListener("segel-leak", () => kept.push(copy));
    kept.push(copy, Array.from({ length: 30_000 }, () => Math.random()));
  };
  new MutationObserver((changes) => {
    for (const { removedNodes } of changes) {
      for (const node of removedNodes) {
        if (node instanceof Element && (node.matches("[data-testid=tile]") || node.querySelector("[data-testid=tile]"))) keep(node);
      }
    }
  }).observe(document, { childList: true, subtree: true });
}

test(
  "people come and go, and neither a page nor the server grows; of one that leaks the test says so",
  { timeout: (MINUTES + 3) * 60_000 },
  async () => {
    const [ayu, budi, citra] = await Promise.all(["Ayu", "Budi", "Citra"].map(async (name) => Guest.arrive(browser, name)));
    if (ayu === undefined || budi === undefined || citra === undefined) throw new Error("nobody came");
    await citra.page.beforeScripts(leak);
    const link = await ayu.start(server.url);
    await Promise.all([budi.join(link), citra.join(link)]);
    for (const person of [ayu, budi, citra]) await person.waitMoving(3);

    const samples: Record<"ayu" | "citra" | "server", Sample[]> = { ayu: [], citra: [], server: [] };
    const end = Date.now() + MINUTES * 60_000;
    for (let round = 0; round < ROUNDS || Date.now() < end; round++) {
      const dewi = await attend(server.url, link, "Dewi");
      await reaches(dewi.meeting, ({ people }) => people.length === 4);
      await ayu.write(`line ${round}`);
      await budi.read(`line ${round}`);
      const left = performance.now();
      await dewi.meeting.leave();
      await ayu.waitPeople(3, GONE);
      const between = performance.now();
      await budi.leave();
      await ayu.waitPeople(2, GONE);
      const gone = [between - left, performance.now() - between].map(Math.round);
      await budi.page.follow(() => budi.page.click({ testId: "rejoin" }));
      await budi.enter(true);
      await budi.waitInside();
      await ayu.waitPeople(3);
      for (const person of [ayu, budi, citra]) await person.waitMoving(3);
      samples.ayu.push({ ...(await ayu.page.memory()) });
      samples.citra.push({ ...(await citra.page.memory()) });
      samples.server.push(await serverMemory(server.pid, server.data));
      if (MINUTES > 0) console.info(`round ${round}: gone within ${gone.join(", ")} ms; ${JSON.stringify(Object.values(samples).map((each) => each.at(-1)))}`);
    }

    const grown = { ayu: growth(samples.ayu, PAGE, WARM_UP), server: growth(samples.server, SERVER, WARM_UP) };
    expect(grown).toEqual({ ayu: [], server: [] });
    const leaking = samples.server.map((each, round) => ({ ...each, resident: (each["resident"] ?? 0) + 300 * round, media: (each["media"] ?? 0) + 1_200 * round }));
    expect(named(growth(leaking, SERVER, WARM_UP))).toEqual(["resident", "media"]);
    expect(named(growth(samples.citra, PAGE, WARM_UP))).toEqual(["heap", "detached", "listeners"]);
  },
);
