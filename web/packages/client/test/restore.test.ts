/** A server that lost its disk and was put back to an earlier moment: what its people see. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MeetingState } from "../src/state.js";
import { count, inside, sent, Someone, until } from "./meetings.js";
import { Server } from "./server.js";

let server: Server;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "segel-backup-"));
  server = await Server.start();
}, 30_000);
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

const warned = ({ seal }: MeetingState): boolean => seal.alarms.some(({ kind }) => kind === "forgotten");

test("after a restore people meet again under the same link, keep what was said, and are told", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start();
  const atBea = await bea.join(atAda.link);
  await until(atAda, "two people", count(2));
  await atAda.send("before the backup");
  await until(atBea, "the first message", sent("before the backup"));
  await server.backUp(join(folder, "backup.tar"));
  await atBea.send("after the backup");
  await until(atAda, "the second message", sent("after the backup"));

  await server.restore(join(folder, "backup.tar"));
  for (const meeting of [atAda, atBea]) {
    await until(meeting, "told", warned, 20_000);
    await until(meeting, "inside again", (state) => inside(state) && count(2)(state), 20_000);
    expect(meeting.state.messages.map(({ text }) => text)).toEqual(["before the backup", "after the backup"]);
    // It signed no second history, so nobody has evidence of one.
    expect(new Set(meeting.state.seal.alarms.map(({ kind }) => kind))).toEqual(new Set(["forgotten"]));
  }
  await atAda.send("and on");
  await until(atBea, "a message in the new group", sent("and on"));

  const cid = await Someone.at(server.origin, "Cid");
  await cid.join(atAda.link);
  await until(atAda, "three people", count(3));
  for (const { client } of [ada, bea, cid]) client.close();
}, 60_000);
