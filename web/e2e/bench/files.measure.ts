/** MB/s of a file in a browser's page, sealed and plain, to the same server by turns; and what browser and server hold meanwhile. */
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { test } from "vitest";
import { launch } from "../harness/browsers.ts";
import { keepSaved, Samples } from "../harness/files.ts";
import { Guest } from "../harness/guest.ts";

const URL = process.env["SEGEL_BENCH_URL"] ?? "";
const SERVER = Number(process.env["SEGEL_BENCH_PID"]);
const MEGABYTES = Number(process.env["SEGEL_BENCH_SIZE"] ?? "256");
const ROUNDS = Number(process.env["SEGEL_BENCH_ROUNDS"] ?? "3");
const SIZE = MEGABYTES * 1_000_000;
const PATIENCE = 300_000;
const LOOK_EVERY = 100;

/** MB that a process and all that descend from it hold; what they share is counted once. */
function memory(pid: number): number {
  const parents = new Map<number, number>();
  for (const each of readdirSync("/proc").filter((name) => /^\d+$/u.test(name)).map(Number)) {
    const parent = read(each, "status", /^PPid:\s+(\d+)/mu);
    if (parent !== null) parents.set(each, parent);
  }
  const family = new Set([pid]);
  for (let before = 0; before < family.size;) {
    before = family.size;
    for (const [child, parent] of parents) if (family.has(parent)) family.add(child);
  }
  return [...family].reduce((sum, each) => sum + (read(each, "smaps_rollup", /^Pss:\s+(\d+)/mu) ?? 0), 0) * 1024 / 1e6;
}

/** Null for a process that has ended. */
function read(pid: number, file: string, what: RegExp): number | null {
  try {
    const found = what.exec(readFileSync(`/proc/${pid}/${file}`, "utf8"))?.[1];
    return found === undefined ? null : Number(found);
  } catch {
    return null;
  }
}

interface Figures {
  readonly seconds: Record<string, number[]>;
  /** MB above what was held before the transfer, at the most; by way and by process. */
  readonly grown: Record<string, { readonly browser: number[]; readonly server: number[] }>;
}

/** One person, a file in their hand, and each way once a round. */
class Ways {
  readonly figures: Figures = { seconds: {}, grown: {} };
  readonly #guest: Guest;
  readonly #browser: number;
  readonly #path: string;

  constructor(guest: Guest, browser: number, path: string) {
    this.#guest = guest;
    this.#browser = browser;
    this.#path = path;
  }

  async round(number: number): Promise<void> {
    const turns = [["plain up", () => this.#plainUp(number)], ["sealed up", () => this.#sealedUp()]] as const;
    for (const [way, work] of number % 2 === 0 ? turns : turns.toReversed()) await this.#timed(way, work);
    const back = [["plain down", () => this.#plainDown(number)], ["sealed down", () => this.#sealedDown()]] as const;
    for (const [way, work] of number % 2 === 0 ? back : back.toReversed()) await this.#timed(way, work);
  }

  async #timed(way: string, work: () => Promise<unknown>): Promise<void> {
    const before = { browser: memory(this.#browser), server: memory(SERVER) };
    const most = { ...before };
    const timer = setInterval(() => {
      most.browser = Math.max(most.browser, memory(this.#browser));
      most.server = Math.max(most.server, memory(SERVER));
    }, LOOK_EVERY);
    const began = performance.now();
    await work();
    (this.figures.seconds[way] ??= []).push((performance.now() - began) / 1000);
    clearInterval(timer);
    const grown = this.figures.grown[way] ??= { browser: [], server: [] };
    grown.browser.push(most.browser - before.browser);
    grown.server.push(most.server - before.server);
  }

  /** One request whose body is the file. */
  async #plainUp(number: number): Promise<void> {
    const status = await this.#guest.page.evaluate(async (name) => {
      const file = document.querySelector<HTMLInputElement>("#plain")?.files?.[0] ?? null;
      return (await fetch(`/floor/${name}`, { method: "PUT", body: file })).status;
    }, String(number));
    if (status !== 204) throw new Error(`the floor answered ${status}`);
  }

  /** To a file of the page's own, as the sealed one is. */
  async #plainDown(number: number): Promise<void> {
    await this.#guest.page.evaluate(async (name) => {
      const root = await navigator.storage.getDirectory();
      const target = await (await root.getFileHandle("plain", { create: true })).createWritable();
      await (await fetch(`/floor/${name}`, { cache: "no-store" })).body?.pipeTo(target);
    }, String(number));
  }

  async #sealedUp(): Promise<void> {
    const sent = (): number => document.querySelectorAll('[data-testid="message"][data-delivery="sent"]').length;
    const before = await this.#guest.page.evaluate(sent);
    await this.#guest.page.upload({ testId: "attach-field" }, this.#path);
    await this.#guest.page.waitFor((count) => document.querySelectorAll('[data-testid="message"][data-delivery="sent"]').length > count, { patience: PATIENCE }, before);
  }

  async #sealedDown(): Promise<void> {
    await this.#guest.page.evaluate(async () => {
      window.segelTestSaved?.splice(0);
      // The last round's would be taken for this one's.
      await (await navigator.storage.getDirectory()).removeEntry("chosen-sample.bin").catch(() => undefined);
      [...document.querySelectorAll<HTMLElement>('[data-testid="file-save"]')].at(-1)?.click();
    });
    await this.#guest.page.waitFor(async (size) => (await window.segelTestSaved?.[0]?.file())?.size === size, { patience: PATIENCE }, SIZE);
  }

  /** Puts the file into the page's hand, for the plain way. */
  async prepare(): Promise<void> {
    await this.#guest.page.evaluate(() => {
      const field = Object.assign(document.createElement("input"), { type: "file", id: "plain" });
      field.dataset["testid"] = "plain";
      document.body.append(field);
    });
    await this.#guest.page.upload({ testId: "plain" }, this.#path);
  }
}

test("measure", async () => {
  const samples = await Samples.make();
  const browser = await launch("chromium", { trusting: true });
  try {
    const { path } = await samples.random("sample.bin", SIZE);
    const guest = await Guest.arrive(browser, "Ayu", browser.owner());
    await guest.page.beforeScripts(keepSaved, true);
    await guest.start(URL, false);
    await guest.openPanel("chat");
    const ways = new Ways(guest, browser.pid, path);
    await ways.prepare();
    for (let number = 0; number < ROUNDS; number++) await ways.round(number);
    await writeFile(process.env["SEGEL_BENCH_OUT"] ?? "/dev/stdout", JSON.stringify(ways.figures));
  } finally {
    await browser.close();
    await samples.remove();
  }
});
