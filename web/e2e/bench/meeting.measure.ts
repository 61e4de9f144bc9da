/** How long people wait: for the first picture after opening a link, and for a new key after somebody leaves. */
import { writeFile } from "node:fs/promises";
import { authenticator, attend, reaches } from "@segel/client/testing";
import { test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

const JOINS = Number(process.env["SEGEL_BENCH_JOINS"] ?? "20");
/** How many people are in the room once a new one has joined. */
const PEOPLE = (process.env["SEGEL_BENCH_PEOPLE"] ?? "2").split(",").map(Number);
const LEAVES = 5;

declare global {
  interface Window {
    segelFirstFrame?: Promise<number>;
  }
}

/**
 * Goes through the door as fast as the page allows, and notes when the first decoded frame of
 * somebody else is shown, in milliseconds since the navigation began.
 */
function hurry(name: string): void {
  let shown: (at: number) => void = () => undefined;
  window.segelFirstFrame = new Promise((resolve) => {
    shown = resolve;
  });
  let entered = false;
  const watched = new WeakSet<HTMLVideoElement>();
  const look = (): void => {
    const field = document.querySelector<HTMLInputElement>('[data-testid="name"]');
    if (!entered && field !== null) {
      entered = true;
      field.value = name;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      // The page takes the name at its next drawing.
      setTimeout(() => document.querySelector<HTMLElement>('[data-testid="join-quiet"]')?.click(), 50);
    }
    for (const video of document.querySelectorAll<HTMLVideoElement>('[data-testid="tile"] video')) {
      if (watched.has(video)) continue;
      watched.add(video);
      video.requestVideoFrameCallback(() => shown(performance.now()));
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
}

/** Milliseconds from opening the link to the first picture, for one new person after the other, in a room of `people` with them. */
async function measureJoins(browser: TestBrowser, ayu: Guest, link: string, people: number): Promise<number[]> {
  const joins: number[] = [];
  for (let number = 0; number < JOINS; number++) {
    const person = await browser.person();
    const page = await person.page();
    await page.beforeScripts(hurry, `Guest ${number}`);
    await page.goto(link);
    const first = await page.evaluate(async () =>
      Promise.race([window.segelFirstFrame, new Promise<undefined>((late) => setTimeout(() => late(undefined), 30_000))]),
    );
    if (first === undefined) throw new Error(`join ${number} showed no picture within 30 s`);
    joins.push(first);
    await page.click({ testId: "leave" });
    await ayu.waitPeople(people - 1);
    await person.leave();
  }
  return joins;
}

/** Milliseconds from one person's leaving to the next epoch at who stays. */
async function measureLeaves(origin: string, ayu: Guest, link: string): Promise<number[]> {
  const leaves: number[] = [];
  for (let number = 0; number < LEAVES; number++) {
    const stays = await attend(origin, link, "Stays");
    const goes = await attend(origin, link, "Goes");
    for (const { meeting } of [stays, goes]) await reaches(meeting, ({ people }) => people.length === 3);
    const before = authenticator(stays.meeting);
    const began = performance.now();
    await goes.meeting.leave();
    await reaches(stays.meeting, ({ people }) => people.length === 2 && authenticator(stays.meeting) !== before);
    leaves.push(performance.now() - began);
    await stays.meeting.leave();
    await ayu.waitPeople(1);
  }
  return leaves;
}

test("measure", async () => {
  const server = await TestServer.start({ args: ["--media-port", "0"] });
  try {
    const browser = await launch("chromium", { picture: 360 });
    try {
      const ayu = await Guest.arrive(browser, "Ayu");
      const link = await ayu.start(server.url);
      const joins: Record<number, number[]> = {};
      const leaves = PEOPLE.includes(2) ? await measureLeaves(server.url, ayu, link) : [];
      let present = 1;
      for (const people of PEOPLE) {
        for (; present < people - 1; present++) {
          const other = await Guest.arrive(browser, `Budi ${present}`);
          await other.join(link);
        }
        await ayu.waitPeople(present);
        joins[people] = await measureJoins(browser, ayu, link, people);
      }
      await writeFile(process.env["SEGEL_BENCH_OUT"] ?? "/dev/stdout", JSON.stringify({ joins, leaves }));
    } finally {
      await browser.close();
    }
  } finally {
    await server.stop();
  }
});
