/**
 * Somebody is in a meeting, records every key that a member has, and leaves: the recorded keys open what was
 * before, and nothing that follows. A member who stays and records as well shows that there was something to open.
 */
import { attend, reaches } from "@segel/client/testing";
import type { Attendee } from "@segel/client/testing";
import { expect, test, vi } from "vitest";
import { launch } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { Wiretap } from "../harness/wiretap.ts";
import { buildLasting } from "../unsealed/build.ts";
import { lastingKey } from "../unsealed/exports.ts";

// The clients of this file that have no page forget nothing: neither past epochs nor keys that were used.
vi.mock("../../packages/client/src/group/forget.ts", () => ({
  withoutPastEpochs: (state: unknown) => state,
  erase: () => undefined,
}));

const BEFORE = "said while Citra was here";
const AFTER = "said when Citra was gone";
/** Two seconds of the film: so soon the next key is to be in use (docs/protocol/meeting.md 8). */
const TWO_SECONDS = 30;

type Group = NonNullable<Attendee["meeting"]["session"]["group"]>;

/** A member without a page who keeps all that passes through its hands. */
class Recorder {
  readonly attendee: Attendee;
  readonly groups = new Set<Group>();

  private constructor(attendee: Attendee) {
    this.attendee = attendee;
    attendee.meeting.subscribe(() => this.#keep());
    this.#keep();
  }

  static async attend(server: string, link: string, name: string): Promise<Recorder> {
    return new Recorder(await attend(server, link, name));
  }

  #keep(): void {
    const { group } = this.attendee.meeting.session;
    if (group !== null) this.groups.add(group);
  }

  async waitPeople(count: number): Promise<void> {
    await reaches(this.attendee.meeting, ({ phase, people }) => phase === "inside" && people.length === count);
    this.#keep();
  }

  async waitMessage(text: string): Promise<void> {
    await reaches(this.attendee.meeting, ({ messages }) => messages.some((message) => message.text === text));
  }

  /** The frame keys of all epochs that it was in. */
  get keys(): readonly Uint8Array[] {
    return [...this.groups].map((group) => group.keys.baseKey);
  }

  /** What can be opened of the rows with everything that was kept. */
  async opened(rows: readonly Uint8Array[]): Promise<string> {
    const texts: string[] = [];
    for (const row of rows) {
      for (const group of this.groups) {
        const content = await group.open(row).then((opened) => opened.content, () => new Uint8Array());
        texts.push(Buffer.from(content).toString());
      }
    }
    return texts.join("\n");
  }
}

/** What was recorded on the server and by two members; `left` is a copy from when Citra had left. */
interface Departure {
  readonly tap: Wiretap;
  readonly left: string;
  readonly citra: Recorder;
  readonly dewi: Recorder;
}

async function moreFrames(guest: Guest): Promise<void> {
  const { frames } = await guest.arrived();
  await guest.waitFrames(Math.max(0, ...frames) + TWO_SECONDS);
}

async function depart(client: string | null): Promise<Departure> {
  const tap = await Wiretap.start(client);
  const browser = await launch("chromium", { picture: 180 });
  try {
    const [ayu, budi] = [await Guest.arrive(browser, "Ayu"), await Guest.arrive(browser, "Budi")];
    const link = await ayu.start(tap.server.url);
    const citra = await Recorder.attend(tap.server.url, link, "Citra");
    const dewi = await Recorder.attend(tap.server.url, link, "Dewi");
    await budi.join(link);
    for (const person of [citra, dewi, ayu, budi]) await person.waitPeople(4);
    for (const person of [ayu, budi]) await person.waitMoving(2);
    for (const person of [ayu, budi]) await person.waitHearing(1);
    for (const person of [ayu, budi]) await moreFrames(person);
    await ayu.write(BEFORE);
    await citra.waitMessage(BEFORE);

    await citra.attendee.meeting.leave();
    for (const person of [dewi, ayu, budi]) await person.waitPeople(3);
    for (const person of [ayu, budi]) await moreFrames(person);
    const left = await tap.copy();
    await budi.write(AFTER);
    await dewi.waitMessage(AFTER);
    await ayu.read(AFTER);
    for (const person of [ayu, budi]) await moreFrames(person);
    return { tap, left, citra, dewi };
  } finally {
    await browser.close();
    await tap.server.halt();
  }
}

test("the keys of somebody who left open what was before, and nothing that follows", async () => {
  const { tap, left, citra, dewi } = await depart(null);
  const before = await tap.check({ keys: citra.keys, media: true });
  expect(before.filter(({ sealed }) => sealed)).toEqual([]);
  const after = await tap.check({ keys: citra.keys, after: left });
  expect(after.map(({ question }) => question)).toEqual(["frames-in", "frames-out"]);
  expect(after.filter(({ sealed }) => !sealed)).toEqual([]);
  const stayed = await tap.check({ keys: dewi.keys, after: left });
  expect(stayed.filter(({ sealed }) => sealed)).toEqual([]);

  const rows = await tap.rows();
  const [opened, whole] = [await citra.opened(rows), await dewi.opened(rows)];
  expect([BEFORE, AFTER].map((text) => opened.includes(text))).toEqual([true, false]);
  expect([BEFORE, AFTER].map((text) => whole.includes(text))).toEqual([true, true]);
  for (const { attendee } of [citra, dewi]) attendee.client.close();
  await tap.forget();
});

test("guard: where the frame key outlives an epoch, they open it", async () => {
  const { tap, left, citra, dewi } = await depart(await buildLasting());
  const keys = [...citra.groups].map(({ groupId }) => lastingKey(groupId)).slice(0, 1);
  const after = await tap.check({ keys, after: left });
  expect(after.filter(({ sealed }) => sealed)).toEqual([]);
  for (const { attendee } of [citra, dewi]) attendee.client.close();
  await tap.forget();
});
