/** Two people in Chromium and one in Firefox meet on a real server: they see, hear and write. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

let server: TestServer;
let chromium: TestBrowser;
let firefox: TestBrowser;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  chromium = await launch("chromium", { picture: 180 });
  firefox = await launch("firefox", { picture: 180 });
});

afterAll(async () => {
  await chromium.close();
  await firefox.close();
  await server.stop();
});

test("three people see, hear and write to each other, and two go on when one leaves", async () => {
  const ayu = await Guest.arrive(chromium, "Ayu");
  const budi = await Guest.arrive(chromium, "Budi");
  const citra = await Guest.arrive(firefox, "Citra");
  const people = [ayu, budi, citra];
  const link = await ayu.start(server.url);
  await budi.join(link);
  await citra.join(link);

  for (const person of people) await person.waitPeople(3);
  for (const person of people) await person.waitMoving(3);
  for (const person of people) await person.waitHearing(2);

  for (const person of people) await person.write(`Good morning from ${person.name}`);
  for (const reader of people) {
    for (const writer of people) await reader.read(`Good morning from ${writer.name}`);
  }

  const codes = await Promise.all(people.map(async (person) => person.code()));
  expect(new Set(codes).size).toBe(1);

  await citra.leave();
  for (const person of [ayu, budi]) await person.waitPeople(2);
  const later = await Promise.all([ayu.code(), budi.code()]);
  expect(later[0]).toBe(later[1]);
  expect(later[0]).not.toBe(codes[0]);
  for (const person of [ayu, budi]) await person.waitMoving(2);
  for (const person of people) person.page.expectQuiet();
});
