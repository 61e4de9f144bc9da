/** What two people can do with messages, in two browsers: each sees what the other does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "../harness/browsers.ts";
import type { TestBrowser } from "../harness/browsers.ts";
import { Guest } from "../harness/guest.ts";
import type { TestPage } from "../harness/page.ts";
import { TestServer } from "../harness/server.ts";

const UNREACHABLE = [/WebSocket connection to/, /ERR_CONNECTION_REFUSED/, /ERR_SOCKET_NOT_CONNECTED/, /establish a connection to the server/];

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
  /** The name of the mark that says how far it got; others' messages have none. */
  readonly mark: string;
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
          mark: article.querySelector(".delivery")?.getAttribute("aria-label") ?? "",
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

/** The names of the tools of the message that holds `part`; they are closed again. */
async function tools(page: TestPage, part: string): Promise<readonly string[]> {
  const within = await shows(page, part);
  await page.click({ testId: "message-actions", within });
  const names = await page.waitFor((article) => {
    const all = [...document.querySelectorAll(`${article} .message-tools button`)];
    return all.length === 0 ? null : all.map((each) => each.getAttribute("aria-label") ?? "");
  }, {}, within);
  await page.press("Escape");
  await page.waitFor((article) => document.querySelector(`${article} .message-tools`) === null, {}, within);
  return names;
}

/** Where the keyboard is: a data-testid, or else a role or an element's name. */
async function focused(page: TestPage): Promise<string> {
  return page.evaluate(() => {
    const at = document.activeElement;
    return at?.getAttribute("data-testid") ?? at?.getAttribute("role") ?? at?.tagName ?? "";
  });
}

/** Presses Tab until the keyboard is on what the selector names. */
async function tabTo(page: TestPage, wanted: string): Promise<void> {
  for (let steps = 0; steps < 80; steps += 1) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, wanted)) return;
    await page.press("Tab");
  }
  throw new Error(`the keyboard does not get to ${wanted}`);
}

async function waitPanel(page: TestPage, panel: "chat" | "none"): Promise<void> {
  await page.waitFor((wanted) => document.querySelector(`[data-panel="${wanted}"]`) !== null, {}, panel);
}

test("a message is marked when it is stored, on the screen of who wrote it", async () => {
  await ayu.write("Good morning");
  await shows(ayu.page, "Good morning", { mark: "Sent" });
  await shows(budi.page, "Good morning", { mark: "" });
});

test("an answer quotes what it answers", async () => {
  await act(budi.page, "Good morning", "Reply");
  expect(await focused(budi.page)).toBe("chat-input");
  await budi.write("And to you");
  for (const { page } of [ayu, budi]) await shows(page, "And to you", { quoted: "Ayu: Good morning" });
});

test("a change is shown to both, says that it is one, and leaves alone what was being written", async () => {
  await ayu.page.type({ testId: "chat-input" }, "Half a thought");
  await act(ayu.page, "Good morning", "Edit");
  await ayu.write("Good evening");
  for (const { page } of [ayu, budi]) await shows(page, "Good evening (changed)");
  expect(await budi.messages("Good morning")).toEqual([]);
  expect(await ayu.page.evaluate(() => document.querySelector("textarea")?.value)).toBe("Half a thought");
});

test("only one's own messages can be changed or deleted", async () => {
  expect(await tools(ayu.page, "Good evening")).toEqual(expect.arrayContaining(["Reply", "Edit", "Delete"]));
  const offered = await tools(budi.page, "Good evening");
  expect(offered).toContain("Reply");
  expect(offered).not.toContain("Edit");
  expect(offered).not.toContain("Delete");
});

test("reactions are counted, say whose they are, and can be taken back", async () => {
  await act(budi.page, "Good evening", "React with 👍");
  const within = await shows(ayu.page, "Good evening", { reactions: ["👍 1"] });
  await ayu.page.click({ role: "button", name: "👍 1", within });
  for (const [reader, name] of [[ayu, "👍 from Budi and you"], [budi, "👍 from Ayu and you"]] as const) {
    await shows(reader.page, "Good evening", { reactions: ["👍 2"] });
    expect(await reader.page.evaluate(() => document.querySelector<HTMLElement>(".reaction")?.title)).toBe(name);
  }
  await act(budi.page, "Good evening", "React with 👍");
  await shows(ayu.page, "Good evening", { reactions: ["👍 1"] });
  await ayu.page.click({ role: "button", name: "👍 1", within });
  for (const { page } of [ayu, budi]) await shows(page, "Good evening", { reactions: [] });
});

test("a deleted message leaves only the place where it was, in answers too", async () => {
  await ayu.write("Not for here");
  await act(budi.page, "Not for here", "Reply");
  await budi.write("What is that?");
  await act(budi.page, "Not for here", "React with 👀");
  await shows(ayu.page, "Not for here", { reactions: ["👀 1"] });
  await act(ayu.page, "Not for here", "Delete");
  await ayu.page.press("Escape");
  await shows(ayu.page, "Not for here");
  await act(ayu.page, "Not for here", "Delete");
  await ayu.page.click({ testId: "remove-yes" });
  for (const { page } of [ayu, budi]) {
    const within = await shows(page, "This message was deleted", { text: "This message was deleted", reactions: [] });
    expect(await page.has({ role: "button", within })).toBe(false);
    await shows(page, "What is that?", { quoted: "Ayu: This message was deleted" });
    expect(await page.evaluate(() => document.body.innerText)).not.toContain("Not for here");
  }
  expect(await focused(ayu.page)).toBe("log");
});

test("addresses of the web open in another tab and tell it nothing; other text is no link", async () => {
  const address = `${server.url}/v1/server`;
  const text = `See ${address}, javascript:alert(1) and data:text/html,x`;
  await ayu.write(text);
  await ayu.write("See https://example.org/a?b=1.");
  await ayu.write("See https://example.org@example.com/ and https://ex\u0430mple.org/ too");
  for (const { page } of [ayu, budi]) {
    const within = await shows(page, text);
    await shows(page, "too");
    const links = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('[data-testid="message"] a')].map(({ href, textContent, dir, target, rel }) => ({ href, text: textContent, dir, target, rel })),
    );
    expect(links).toEqual(
      [address, "https://example.org/a?b=1", "https://xn--exmple-4nf.org/"].map((href) => ({
        href, text: href, dir: "ltr", target: "_blank", rel: "noopener noreferrer",
      })),
    );
    const before = page.url;
    expect(await page.opens(async () => page.click({ role: "link", within }))).toBe(address);
    expect(page.url).toBe(before);
  }
});

test("what came while the chat was closed is counted until it is opened", async () => {
  await budi.page.click({ testId: "panel-close" });
  const unread = async (): Promise<readonly string[]> =>
    budi.page.evaluate(() => {
      const button = document.querySelector('[data-testid="chat-toggle"]');
      return [button?.getAttribute("aria-label") ?? "", button?.querySelector(".badge")?.textContent ?? ""];
    });
  const badge = async (count: string): Promise<unknown> =>
    budi.page.waitFor((wanted) => document.querySelector('[data-testid="chat-toggle"] .badge')?.textContent === wanted, {}, count);
  expect(await unread()).toEqual(["Chat", ""]);
  await ayu.write("First");
  await badge("1");
  expect(await unread()).toEqual(["Chat, 1 unread message", "1"]);
  await ayu.write("Second");
  await badge("2");
  expect(await unread()).toEqual(["Chat, 2 unread messages", "2"]);
  await budi.page.reload();
  await budi.page.click({ testId: "join-quiet" });
  await budi.waitInside();
  await badge("2");
  await budi.openPanel("chat");
  await shows(budi.page, "Second");
  expect(await unread()).toEqual(["Chat", ""]);
});

test("every new message is said aloud, the same words too", async () => {
  await budi.page.evaluate(() => {
    const region = document.querySelector('p[role="status"][aria-live="polite"]');
    if (region === null) throw new Error("nothing is said aloud");
    new MutationObserver(() => (region.ariaDescription = `${region.ariaDescription ?? ""}|${region.textContent}`)).observe(region, {
      childList: true, characterData: true, subtree: true,
    });
  });
  const said = async (wanted: string): Promise<unknown> =>
    budi.page.waitFor((text) => document.querySelector('p[role="status"]')?.ariaDescription === text, {}, wanted);
  await ayu.write("Again");
  await said("|Ayu wrote: Again");
  await ayu.write("Again");
  await said("|Ayu wrote: Again|Ayu wrote: Again");
});

test("a keyboard alone reacts, and never loses its place", async () => {
  const article = await shows(ayu.page, "And to you");
  await tabTo(ayu.page, `${article} [data-testid="message-actions"]`);
  await ayu.page.press("Enter");
  await tabTo(ayu.page, `${article} [aria-label="React with 🎉"]`);
  await ayu.page.press("Enter");
  await shows(budi.page, "And to you", { reactions: ["🎉 1"] });
  expect(await focused(ayu.page)).toBe("message-actions");
  await tabTo(ayu.page, `${article} .reaction`);
  await ayu.page.press("Enter");
  await shows(budi.page, "And to you", { reactions: [] });
  await shows(ayu.page, "And to you", { reactions: [] });
  expect(await focused(ayu.page)).toBe("message-actions");
});

test("a keyboard alone answers, thinks better of it, and comes back to where it was", async () => {
  const { page } = budi;
  await page.press("Escape");
  await waitPanel(page, "none");
  expect(await focused(page)).toBe("chat-toggle");
  await page.press("c");
  await waitPanel(page, "chat");
  const article = await shows(page, "Good evening");
  await tabTo(page, `${article} [data-testid="message-actions"]`);
  await page.press("Enter");
  await tabTo(page, `${article} [aria-label="Reply"]`);
  await page.press("Enter");
  await page.waitFor(() => document.activeElement?.getAttribute("data-testid") === "chat-input");
  for (const key of ["o", "k"] as const) await page.press(key);
  await page.press("Escape");
  await page.waitFor(() => document.querySelector('[data-testid="composer-cancel"]') === null);
  expect(await focused(page)).toBe("chat-input");
  await page.press("Escape");
  await waitPanel(page, "none");
  expect(await focused(page)).toBe("chat-toggle");
  await page.press("c");
  await tabTo(page, `${article} [data-testid="message-actions"]`);
  await page.press("Enter");
  await tabTo(page, `${article} [aria-label="Reply"]`);
  await page.press("Enter");
  await page.waitFor(() => document.activeElement?.getAttribute("data-testid") === "chat-input");
  await page.press("Enter");
  await shows(ayu.page, "ok", { text: "ok", quoted: "Ayu: Good evening" });
  expect(await focused(page)).toBe("chat-input");
});

test("what is done while the server is away waits, and is sent when it is back", async () => {
  await server.kill();
  await ayu.write("Said into the void");
  await shows(ayu.page, "Said into the void", { mark: "Sending" });
  await act(ayu.page, "Said into the void", "Edit");
  await ayu.write("Said to nobody yet");
  await act(ayu.page, "And to you", "React with 🙏");
  await shows(ayu.page, "Said to nobody yet (changed)", { mark: "Sending" });
  expect(await budi.messages("Said")).toEqual([]);
  await server.restart();
  await shows(ayu.page, "Said to nobody yet (changed)", { mark: "Sent" });
  await shows(budi.page, "Said to nobody yet (changed)");
  await shows(budi.page, "And to you", { reactions: ["🙏 1"] });
  for (const guest of [ayu, budi]) expect(await guest.messages("Said")).toEqual(["Said to nobody yet (changed)"]);
  for (const { page } of [ayu, budi]) page.expectQuiet(...UNREACHABLE);
});

test("what a full server does not take says so, and is sent by a press once the server can again, or discarded", async () => {
  await server.fillDisk();
  for (const text of ["For a better day", "Better left unsaid"]) {
    await ayu.write(text);
    await shows(ayu.page, text, { mark: "Not sent" });
  }
  await server.kill();
  await server.restart();
  await ayu.page.click({ testId: "discard", within: await shows(ayu.page, "Better left unsaid") });
  await ayu.page.click({ testId: "retry", within: await shows(ayu.page, "For a better day") });
  await shows(ayu.page, "For a better day", { mark: "Sent" });
  await shows(budi.page, "For a better day");
  for (const guest of [ayu, budi]) expect(await guest.messages("Better left unsaid")).toEqual([]);
});
