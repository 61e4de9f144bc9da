/**
 * All that the server receives, stores, logs and sends shows nothing of a meeting; on a build that
 * does not seal, the same questions must all be answered.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { attend } from "@segel/client/testing";
import type { Attendee } from "@segel/client/testing";
import { describe, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { fakeMedia } from "../harness/media.ts";
import { TestServer } from "../harness/server.ts";
import { buildUnsealed } from "../unsealed/build.ts";

const PYTHON = resolve(import.meta.dirname, "../../../.venv/bin/python");
const NAMES = ["Ayu Kartika Lestari", "Budi Santoso Wijaya"] as const;
const TEXT = "the blue folder is under the stairs";

/** One question to the recording, as `segel.testing.wiretap check` prints it. */
interface Verdict {
  readonly question: string;
  readonly found: readonly string[];
  readonly sealed: boolean;
}

/** What was recorded, and what the members know. */
interface Recording {
  readonly folder: string;
  readonly server: TestServer;
  readonly link: string;
  readonly keys: readonly string[];
}

async function record(client: string | null): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), "segel-tap-"));
  const other = client === null ? [] : ["--client", client];
  const leading = ["-m", "segel.testing.wiretap", "record", ...other, folder, "--"];
  const server = await TestServer.start({ program: PYTHON, leading, args: ["--media-port", "0"] });
  const browser = await launch("chromium", { picture: 180 });
  try {
    const [ayu, budi] = await Promise.all(NAMES.map(async (name) => Guest.arrive(browser, name)));
    if (ayu === undefined || budi === undefined) throw new Error("nobody came");
    const link = await ayu.start(server.url);
    // A member without a page, who tells the test what members know; it cannot follow an unsealed group.
    const witness = client === null ? await attend(server.url, link, "Witness") : null;
    await budi.join(link);
    await ayu.waitPeople(witness === null ? 2 : 3);
    await ayu.waitMoving(2);
    await budi.waitHearing(1);
    await ayu.write(TEXT);
    await budi.read(TEXT);
    await budi.waitFrames(60);
    const keys = witness === null ? [] : baseKeys(witness);
    return { folder, server, link, keys };
  } finally {
    await browser.close();
    await server.halt();
  }
}

function baseKeys(witness: Attendee): readonly string[] {
  const keys = witness.meeting.session.group?.keys;
  if (keys === undefined) throw new Error("the witness is not in the group");
  return [Buffer.from(keys.baseKey).toString("hex")];
}

async function check(recording: Recording, ...extra: readonly string[]): Promise<readonly Verdict[]> {
  const { stdout } = await promisify(execFile)(
    PYTHON,
    ["-m", "segel.testing.wiretap", "check", recording.folder, "--data", recording.server.data, ...extra],
    { maxBuffer: 1 << 26 },
  );
  return stdout.trim().split("\n").map((line) => JSON.parse(line) as Verdict);
}

async function questions(): Promise<readonly string[]> {
  const media = await fakeMedia();
  return ["--film", media.y4m180, "--speech", media.wav];
}

async function forget(recording: Recording): Promise<void> {
  await recording.server.stop();
  await rm(recording.folder, { recursive: true, force: true });
}

describe("a wiretap on the server", () => {
  test("shows nothing of a sealed meeting, and with its keys shows that it was there", async () => {
    const recording = await record(null);
    const secret = new URL(recording.link).hash.slice(1);
    const markers = [...NAMES, TEXT, secret].flatMap((marker) => ["--marker", marker]);
    const verdicts = await check(recording, ...(await questions()), ...markers);
    expect(verdicts.filter((verdict) => !verdict.sealed)).toEqual([]);
    expect(verdicts.map((verdict) => verdict.question)).toEqual([
      "pictures-in", "speech-in", "pictures-out", "speech-out", "markers",
    ]);

    const opened = await check(recording, ...(await questions()), ...recording.keys.flatMap((key) => ["--key", key]));
    expect(opened.filter((verdict) => verdict.sealed)).toEqual([]);
    await forget(recording);
  });

  test("shows everything of the build that does not seal: each question can be failed", async () => {
    const recording = await record(await buildUnsealed());
    const verdicts = await check(recording, ...(await questions()));
    const marked = await Promise.all([...NAMES, TEXT].map(async (marker) => check(recording, "--marker", marker)));
    expect([...verdicts, ...marked.flat()].filter((verdict) => verdict.sealed)).toEqual([]);
    await forget(recording);
  });
});
