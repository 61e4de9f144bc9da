/** Four people with cameras, for a while six, and a server that dies in the middle: the meeting goes on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import { TestServer } from "../harness/server.ts";

const NAMES = ["Ayu", "Budi", "Citra", "Dewi"] as const;

let server: TestServer;
let browser: TestBrowser;
let people: Guest[];
let link: string;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  browser = await launch("chromium", { picture: 180 });
  people = await Promise.all(NAMES.map(async (name) => Guest.arrive(browser, name)));
});

afterAll(async () => {
  await browser.close();
  await server.stop();
});

function first(): Guest {
  const [guest] = people;
  if (guest === undefined) throw new Error("nobody came");
  return guest;
}

test("four people see and hear each other", async () => {
  link = await first().start(server.url);
  await Promise.all(people.slice(1).map(async (person) => person.join(link)));
  for (const person of people) await person.waitPeople(4);
  for (const person of people) await person.waitMoving(4);
  for (const person of people) await person.waitHearing(3);
});

test("two more come, one with a phone; six see each other move and read a line; one leaves, one is taken out", async () => {
  const [eka, fajar] = await Promise.all(["Eka", "Fajar"].map(async (name) => Guest.arrive(browser, name)));
  if (eka === undefined || fajar === undefined) throw new Error("nobody came");
  await fajar.page.viewport(360, 740);
  for (const person of [eka, fajar]) await person.join(link);
  const six = [...people, eka, fajar];
  for (const person of six) await person.waitPeople(6);
  for (const person of [...people, eka]) await person.waitMoving(6);
  const inWindow = await fajar.page.evaluate(
    () => [...document.querySelectorAll("[data-testid=tile]")].filter((tile) => tile.getBoundingClientRect().top < innerHeight).length,
  );
  expect(inWindow).toBeGreaterThan(2);
  await fajar.waitMoving(inWindow);
  await fajar.write("six are here");
  for (const person of six) await person.read("six are here");
  await eka.leave();
  await first().waitPeople(5);
  await first().page.click({ role: "button", name: "What to do about Fajar" });
  await first().page.click({ testId: "kick" });
  await first().page.click({ testId: "kick-yes" });
  await fajar.page.waitFor(() => document.querySelector("[data-testid=phase][data-phase=kicked]") !== null);
  for (const person of people) await person.waitPeople(4);
  for (const person of people) await person.waitMoving(4);
  for (const person of [eka, fajar]) await person.page.close();
});

test("a server killed during chat loses nothing, removes nobody, and the pictures come back", async () => {
  const before = await first().code();
  const said: string[] = [];
  for (let number = 0; number < 6; number++) {
    if (number === 3) await server.kill();
    const text = `line ${number} of the minutes`;
    said.push(text);
    await first().write(text);
    if (number === 4) await server.restart();
  }
  for (const person of people) {
    for (const text of said) await person.read(text);
  }
  for (const person of people) {
    expect(await person.messages("of the minutes")).toEqual(said);
    await person.waitPeople(4);
  }
  for (const person of people) await person.waitMoving(4);
  for (const person of people) await person.waitPeople(4);
  expect(await first().code()).toBe(before);
  for (const person of people) person.page.expectQuiet(/WebSocket connection to/, /ERR_CONNECTION_REFUSED/);
});
