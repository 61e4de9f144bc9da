/** What two people can do with messages, in two browsers: each sees what the other does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import type { TestPage } from "../harness/page.ts";
import { TestServer } from "../harness/server.ts";

const UNREACHABLE = [/WebSocket connection to/, /ERR_CONNECTION_REFUSED/, /establish a connection to the server/];

let server: TestServer;
let browsers: TestBrowser[];
let ayu: Guest;
let budi: Guest;

beforeAll(async () => {
  server = await TestServer.start({ args: ["--media-port", "0"] });
  browsers = await Promise.all([launch("chromium"), launch("firefox")]);
  const [chromium, firefox] = browsers;
  if (chromium === undefined || firefox === undefined) throw new Error("a browser is missing");
  [ayu, budi] = await Promise.all([Guest.arrive(chromium, "Ayu"), Guest.arrive(firefox, "Budi")]);
  await budi.join(await ayu.start(server.url, false), false);
  await ayu.waitPeople(2);
  await budi.openPanel("chat");
});

afterAll(async () => {
  for (const browser of browsers) await browser.close();
  await server.stop();
});

/** A message on the screen, as a test looks at it. */
interface Shown {
  readonly delivery: string;
  readonly text: string;
  readonly quoted: string;
  readonly reactions: readonly string[];
}

/** Waits until the message that holds `part` is shown as wanted; returns the selector of its article. */
async function shows(page: TestPage, part: string, wanted: Partial<Shown> = {}): Promise<string> {
  const id = await page.waitFor(
    (text, expected) => {
      for (const article of document.querySelectorAll<HTMLElement>('[data-testid="message"]')) {
        const bubble = article.querySelector(".bubble")?.textContent ?? "";
        if (!bubble.includes(text)) continue;
        const shown: Shown = {
          delivery: article.dataset["delivery"] ?? "",
          text: bubble,
          quoted: article.querySelector(".quoted")?.textContent ?? "",
          reactions: [...article.querySelectorAll(".reaction")].map((each) => each.textContent ?? ""),
        };
        const same = (Object.keys(expected) as (keyof Shown)[]).every(
          (key) => JSON.stringify(shown[key]) === JSON.stringify(expected[key]),
        );
        if (same) return article.dataset["id"] ?? null;
      }
      return null;
    },
    {},
    part,
    wanted,
  );
  return `[data-id="${id}"]`;
}

/** Opens the tools of the message that holds `part`, and presses one of them. */
async function act(page: TestPage, part: string, tool: string): Promise<void> {
  const within = await shows(page, part);
  await page.click({ testId: "message-actions", within });
  await page.click({ role: "button", name: tool, within });
}

async function focused(page: TestPage): Promise<string> {
  return page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.tagName ?? "");
}

test("a message is shown at once, and marked when it is stored", async () => {
  await ayu.write("Good morning");
  await shows(ayu.page, "Good morning", { delivery: "sent" });
  await shows(budi.page, "Good morning");
});

test("an answer quotes what it answers", async () => {
  await act(budi.page, "Good morning", "Reply");
  expect(await focused(budi.page)).toBe("chat-input");
  await budi.write("And to you");
  for (const { page } of [ayu, budi]) await shows(page, "And to you", { quoted: "Ayu: Good morning" });
});

test("a change is shown to both, and says that it is one", async () => {
  await act(ayu.page, "Good morning", "Edit");
  await ayu.write("Good evening");
  for (const { page } of [ayu, budi]) await shows(page, "Good evening (changed)");
  expect(await budi.messages("Good morning")).toEqual([]);
});

test("only one's own messages can be changed or deleted", async () => {
  const within = await shows(budi.page, "Good evening");
  await budi.page.click({ testId: "message-actions", within });
  const tools = await budi.page.evaluate(
    (article) => [...document.querySelectorAll(`${article} .message-tools button`)].map((each) => each.getAttribute("aria-label")),
    within,
  );
  expect(tools).toContain("Reply");
  expect(tools).not.toContain("Edit");
  expect(tools).not.toContain("Delete");
  await budi.page.press("Escape");
});

test("reactions are counted, and can be taken back", async () => {
  await act(budi.page, "Good evening", "React with 👍");
  await shows(ayu.page, "Good evening", { reactions: ["👍 1"] });
  const within = await shows(ayu.page, "Good evening");
  await ayu.page.click({ role: "button", name: "👍, 1 person", within });
  for (const { page } of [ayu, budi]) await shows(page, "Good evening", { reactions: ["👍 2"] });
  await act(budi.page, "Good evening", "React with 👍");
  await shows(ayu.page, "Good evening", { reactions: ["👍 1"] });
  await ayu.page.click({ role: "button", name: "👍, 1 person", within });
  for (const { page } of [ayu, budi]) await shows(page, "Good evening", { reactions: [] });
});

test("a deleted message leaves only the place where it was", async () => {
  await ayu.write("Not for here");
  await shows(budi.page, "Not for here");
  await act(ayu.page, "Not for here", "Delete");
  for (const { page } of [ayu, budi]) await shows(page, "This message was deleted");
  for (const guest of [ayu, budi]) expect(await guest.messages("Not for here")).toEqual([]);
});

test("addresses of the web become links that tell nobody where they were; others stay text", async () => {
  await ayu.write("See https://example.org/a?b=1 and javascript:alert(1) and data:text/html,x");
  const within = await shows(budi.page, "https://example.org");
  const links = await budi.page.evaluate(
    (article) => [...document.querySelectorAll<HTMLAnchorElement>(`${article} a`)].map(({ href, target, rel }) => ({ href, target, rel })),
    within,
  );
  expect(links).toEqual([{ href: "https://example.org/a?b=1", target: "_blank", rel: "noopener noreferrer" }]);
});

test("what came while the chat was closed is said aloud, and counted until it is opened", async () => {
  await budi.page.click({ testId: "panel-close" });
  const label = async (): Promise<string> =>
    budi.page.evaluate(() => document.querySelector('[data-testid="chat-toggle"]')?.getAttribute("aria-label") ?? "");
  expect(await label()).toBe("Chat");
  await ayu.write("First");
  await ayu.write("Second");
  await budi.page.waitFor(() => document.querySelector('[data-testid="chat-toggle"] .badge')?.textContent === "2");
  expect(await label()).toBe("Chat, 2 unread messages");
  await budi.page.waitFor(() => (document.querySelector('p[role="status"][aria-live="polite"]')?.textContent ?? "").includes("Second"));
  await budi.openPanel("chat");
  await shows(budi.page, "Second");
  expect(await label()).toBe("Chat");
});

test("a keyboard alone answers and reacts, and never loses its place", async () => {
  const within = await shows(ayu.page, "And to you");
  await ayu.page.evaluate((article) => document.querySelector<HTMLElement>(`${article} [data-testid="message-actions"]`)?.focus(), within);
  await ayu.page.press("Enter");
  await ayu.page.press("Tab");
  await ayu.page.press("Enter");
  await shows(budi.page, "And to you", { reactions: ["👍 1"] });
  expect(await focused(ayu.page)).toBe("message-actions");
  await ayu.page.press("Enter");
  await ayu.page.waitFor((article) => document.querySelector(`${article} .message-tools`) !== null, {}, within);
  await ayu.page.press("Tab");
  await ayu.page.press("Escape");
  await ayu.page.waitFor((article) => document.querySelector(`${article} .message-tools`) === null, {}, within);
  expect(await focused(ayu.page)).toBe("message-actions");
});

test("what is written while the server is away waits, and is sent when it is back", async () => {
  await server.kill();
  await ayu.write("Said into the void");
  await shows(ayu.page, "Said into the void", { delivery: "sending" });
  await server.restart();
  await shows(ayu.page, "Said into the void", { delivery: "sent" });
  await shows(budi.page, "Said into the void");
  for (const { page } of [ayu, budi]) page.expectQuiet(...UNREACHABLE);
});
