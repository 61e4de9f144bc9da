import { afterAll, beforeAll, expect, test } from "vitest";
import { count, sent, Someone, until } from "./meetings.js";
import { Server } from "./server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start();
}, 30_000);
afterAll(() => server.stop());

test("two people meet, agree on the code, and read each other", async () => {
  const [ada, bea] = [await Someone.at(server.origin, "Ada"), await Someone.at(server.origin, "Bea")];
  const atAda = await ada.start("hybrid");
  const atBea = await bea.join(atAda.link);
  await until(atAda, "two people", count(2));
  await atAda.send("good morning");
  await until(atBea, "Ada's message", sent("good morning"));
  await atBea.send("and to you");
  await until(atAda, "Bea's message", sent("and to you"));
  expect(await atAda.computeCode()).toEqual(await atBea.computeCode());
  expect(atAda.state.seal).toMatchObject({ suite: "hybrid", alarms: [] });
  ada.client.close();
  bea.client.close();
}, 30_000);
