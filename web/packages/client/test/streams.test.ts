/** What is told of streams at the relay, by a real server and its relay. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RelayEvent, TrackRole } from "../src/api.js";
import { Someone } from "./meetings.js";
import { Server } from "./server.js";

const OFFER = new URL("../../../../vectors/media/chromium-156.sdp", import.meta.url);
const TRACKS = new Map<string, TrackRole>([
  ["0", { role: "publish", kind: "audio" }],
  ["1", { role: "publish", kind: "video" }],
]);

let server: Server;

beforeAll(async () => {
  server = await Server.start();
});

afterAll(async () => {
  await server.stop();
});

/** The relay tells changes to those who are in the newest epoch: who gets there later is told all at once. */
test("who comes into an epoch late is told what others began to send meanwhile", async () => {
  const ada = await (await Someone.at(server.origin, "Ada")).start();
  const ben = await (await Someone.at(server.origin, "Ben")).join(ada.link);
  const offer = await readFile(OFFER, "utf8");
  const { published } = await ada.media.offer(offer, TRACKS, false);

  const told = new Promise<RelayEvent>((resolve) => {
    ben.media.subscribe((event) => {
      if (event.event === "streams") resolve(event);
    });
  });
  const own = new Promise<RelayEvent>((resolve) => {
    ada.media.subscribe((event) => {
      if (event.event === "streams") resolve(event);
    });
  });
  await (await Someone.at(server.origin, "Cem")).join(ada.link);
  const streams = [...published.values()].map((id, at) => ({ id, kind: at === 0 ? "audio" : "video" }));
  expect(await told).toEqual({ event: "streams", streams: expect.arrayContaining(streams) as unknown });
  expect(await own).toEqual({ event: "streams", streams: [] });
});
