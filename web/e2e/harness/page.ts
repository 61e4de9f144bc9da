/** One page object for both browsers: what a person does, and what the page complained of. */
import type { BrowserContext, ElementHandle, Page } from "puppeteer-core";
import { violations } from "./axe.ts";

/** How long a wait lasts before it fails, in milliseconds. */
const PATIENCE = 20_000;
/** How often a condition is looked at, in milliseconds. */
const PACE = 50;
/** Roles, as Chromium calls them, of what a person can press, choose or write in. */
const CONTROLS = new Set([
  "button", "link", "textbox", "searchbox", "checkbox", "radio", "switch", "combobox", "listbox", "slider", "spinbutton", "menuitem", "tab",
  "ComboBoxSelect", "DisclosureTriangle", "DisclosureTriangleGrouped", "PopUpButton",
]);

/** An element: by accessible role and name, or by its data-testid; `within` is a CSS selector of what holds it. */
export type Target = ({ readonly role: string; readonly name?: string } | { readonly testId: string }) & { readonly within?: string };

/** What a page holds, in kB and numbers; `detached` are nodes outside of the document. */
export interface PageMemory {
  readonly heap: number;
  readonly workers: number;
  readonly detached: number;
  readonly listeners: number;
}

/** A tab. Errors in its console are collected; call {@link TestPage.expectQuiet} at the end. */
export class TestPage {
  readonly #page: Page;
  readonly #problems: string[] = [];
  readonly #log: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on("console", (message) => {
      this.#log.push(`${message.type()}: ${message.text()}`);
      if (message.type() === "error") this.#problems.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => {
      this.#problems.push(`page: ${error instanceof Error ? error.message : String(error)}`);
    });
  }

  /** Opens a tab in the context; `prepare` runs before any page script can. */
  static async open(context: BrowserContext, prepare: (page: Page) => Promise<void>): Promise<TestPage> {
    const page = await context.newPage();
    await prepare(page);
    return new TestPage(page);
  }

  /** Every console line so far, as "type: text". */
  get log(): readonly string[] {
    return this.#log;
  }

  /** The address now shown, with its fragment. */
  get url(): string {
    return this.#page.url();
  }

  /** Runs a function in every document before its own scripts. */
  async beforeScripts<A extends unknown[]>(run: (...args: A) => void, ...args: A): Promise<void> {
    await this.#page.evaluateOnNewDocument(run, ...args);
  }

  /** Loads an address and waits for its load event. */
  async goto(url: string): Promise<void> {
    await this.#page.goto(url, { waitUntil: "load", timeout: PATIENCE });
  }

  /** Loads the page again. */
  async reload(): Promise<void> {
    await this.#page.reload({ waitUntil: "load", timeout: PATIENCE });
  }

  /** Does what makes the page load another one, and waits for that one's load event. */
  async follow(act: () => Promise<void>): Promise<void> {
    await Promise.all([this.#page.waitForNavigation({ waitUntil: "load", timeout: PATIENCE }), act()]);
  }

  /** Runs a function in the page and returns its (JSON) result. */
  async evaluate<A extends unknown[], R>(run: (...args: A) => R | Promise<R>, ...args: A): Promise<R> {
    return (await this.#page.evaluate(run as (...args: unknown[]) => unknown, ...args)) as R;
  }

  /**
   * Runs `look` in the page until it returns something other than false, null or undefined.
   * Throws an Error that holds the last lines of the console when `patience` ms have passed.
   */
  async waitFor<A extends unknown[], R>(
    look: (...args: A) => R | Promise<R>,
    options: { readonly patience?: number } = {},
    ...args: A
  ): Promise<NonNullable<R>> {
    const found = await this.#until(() => this.evaluate(look, ...args).catch(passedOver), options.patience);
    if (found === undefined) throw new Error(this.#complaint(`nothing came of ${look.toString()}`));
    return found;
  }

  /** Waits until the element is there, and returns its visible text. */
  async text(target: Target, options: { readonly patience?: number } = {}): Promise<string> {
    return this.#with(target, (element) => element.evaluate((node) => (node as HTMLElement).innerText), options.patience);
  }

  /** Whether the element is there now. */
  async has(target: Target): Promise<boolean> {
    const found = await this.#page.$(selector(target));
    await found?.dispose();
    return found !== null;
  }

  /** Waits for the element and clicks its middle, as a mouse does. */
  async click(target: Target, options: { readonly patience?: number } = {}): Promise<void> {
    await this.#with(target, (element) => element.click(), options.patience);
  }

  /** Waits for the field, empties it and types the text key by key. */
  async type(target: Target, text: string): Promise<void> {
    await this.#with(target, async (field) => {
      await field.click({ count: 3 });
      await this.#page.keyboard.press("Backspace");
      await field.type(text);
    });
  }

  /** Waits for the list and chooses one of its values, as a person does. */
  async select(target: Target, value: string): Promise<void> {
    await this.#with(target, (list) => list.select(value));
  }

  /** Gives files to a file field. */
  async upload(target: Target, ...paths: string[]): Promise<void> {
    await this.#with(target, (field) => (field as ElementHandle<HTMLInputElement>).uploadFile(...paths));
  }

  /** Drops a file from the desktop onto the middle of the element. Chromium only. */
  async drop(target: Target, path: string): Promise<void> {
    const { x, y } = await this.#with(target, (element) => element.clickablePoint());
    const devtools = await this.#page.createCDPSession();
    const data = { items: [], files: [path], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const) await devtools.send("Input.dispatchDragEvent", { type, x, y, data });
    await devtools.detach();
  }

  /** Copies a picture (PNG) as another program would, and pastes it where the keyboard is. Chromium only. */
  async pastePicture(png: Uint8Array): Promise<void> {
    await this.#page.browserContext().overridePermissions(new URL(this.url).origin, ["clipboard-sanitized-write"]);
    await this.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      await navigator.clipboard.write([new ClipboardItem({ "image/png": new Blob([bytes], { type: "image/png" }) })]);
    }, Buffer.from(png).toString("base64"));
    await this.#page.keyboard.press("v", { commands: ["Paste"] });
  }

  /** Presses one key (KeyboardEvent.key names). */
  async press(key: Parameters<Page["keyboard"]["press"]>[0]): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Hold a key, or let it go. */
  async hold(key: Parameters<Page["keyboard"]["press"]>[0], down: boolean): Promise<void> {
    await (down ? this.#page.keyboard.down(key) : this.#page.keyboard.up(key));
  }

  /** Does what opens another tab; returns that tab's address, and closes it. */
  async opens(act: () => Promise<void>): Promise<string> {
    const context = this.#page.browserContext();
    const before = new Set(await context.pages());
    await act();
    const opened = await this.#until(async () =>
      (await context.pages()).find((page) => !before.has(page) && page.url() !== "about:blank"),
    );
    if (opened === undefined) throw new Error(this.#complaint("no tab opened"));
    const url = opened.url();
    await opened.close();
    await this.#page.bringToFront();
    return url;
  }

  /** Evaluates within the frame whose address ends so. */
  async within<T>(path: string, look: () => T): Promise<T> {
    const frame = this.#page.frames().find((each) => each.url().endsWith(path));
    if (frame === undefined) throw new Error(`no frame of ${path}`);
    return frame.evaluate(look);
  }

  /** Writes a PNG of what the window shows. */
  async screenshot(path: `${string}.png`): Promise<void> {
    await this.#page.screenshot({ path });
  }

  /** Sets the window's inner size in CSS pixels. */
  async viewport(width: number, height: number): Promise<void> {
    await this.#page.setViewport({ width, height });
  }

  /** Shows the page in light or dark colours, and still: what moves between them is neither. */
  async colours(scheme: "light" | "dark"): Promise<void> {
    await this.#page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: scheme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
  }

  /** Throws when the console or a script reported an error that no `expected` pattern matches. */
  expectQuiet(...expected: readonly RegExp[]): void {
    const left = this.#problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
    if (left.length > 0) throw new Error(`the page complained:\n${left.join("\n")}`);
  }

  /** The accessibility rules that the page breaks, and where. */
  axe(): Promise<readonly string[]> {
    return violations(this.#page);
  }

  /** Controls in the tree that a screen reader is given, that have no name: each its role. Chromium only. */
  async unnamed(): Promise<readonly string[]> {
    const devtools = await this.#page.createCDPSession();
    const { nodes } = await devtools.send("Accessibility.getFullAXTree");
    await devtools.detach();
    const controls = nodes.filter(({ ignored, role }) => !ignored && CONTROLS.has(String(role?.value)));
    if (controls.length === 0) throw new Error(this.#complaint("no control is in the accessibility tree"));
    return controls.filter(({ name }) => String(name?.value ?? "").trim() === "").map(({ role }) => String(role?.value));
  }

  /** What keeps a browser from offering to install the page, and what it finds wrong with its manifest. Chromium only. */
  async installFaults(): Promise<readonly string[]> {
    const devtools = await this.#page.createCDPSession();
    const { errors } = await devtools.send("Page.getAppManifest");
    const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
    await devtools.detach();
    return [...errors.map(({ message }) => message), ...installabilityErrors.map(({ errorId }) => errorId)];
  }

  /** What the page and its workers hold once all that nobody holds is thrown away. Chromium only. */
  async memory(): Promise<PageMemory> {
    const devtools = await this.#page.createCDPSession();
    await devtools.send("HeapProfiler.collectGarbage");
    const { metrics } = await devtools.send("Performance.enable").then(() => devtools.send("Performance.getMetrics"));
    await devtools.detach();
    const found = new Map(metrics.map(({ name, value }) => [name, value]));
    let workers = 0;
    for (const worker of this.#page.workers()) {
      await worker.client.send("HeapProfiler.collectGarbage");
      workers += (await worker.client.send("Runtime.getHeapUsage")).usedSize;
    }
    const shown = await this.evaluate(() => {
      const walk = document.createTreeWalker(document);
      let count = 1;
      while (walk.nextNode() !== null) count++;
      return count;
    });
    return {
      heap: (found.get("JSHeapUsedSize") ?? 0) / 1000,
      workers: workers / 1000,
      detached: (found.get("Nodes") ?? 0) - shown,
      listeners: found.get("JSEventListeners") ?? 0,
    };
  }

  /** Closes the tab. */
  async close(): Promise<void> {
    await this.#page.close();
  }

  /** Waits for the element and does something with it. A handle that is kept keeps the element, and all around it, in memory. */
  async #with<R>(target: Target, act: (element: ElementHandle) => Promise<R>, patience?: number): Promise<R> {
    const found = await this.#until(() => this.#page.$(selector(target)), patience);
    if (found === undefined) throw new Error(this.#complaint(`there is no ${JSON.stringify(target)}`));
    try {
      return await act(found);
    } finally {
      await found.dispose();
    }
  }

  async #until<R>(look: () => Promise<R>, patience = PATIENCE): Promise<NonNullable<R> | undefined> {
    const end = performance.now() + patience;
    for (;;) {
      const seen = await look();
      if (seen !== false && seen !== null && seen !== undefined) return seen;
      if (performance.now() > end) return undefined;
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
  }

  #complaint(what: string): string {
    return [`${what}, at ${this.url}`, ...this.#problems, ...this.#log.slice(-20)].join("\n");
  }
}

/** A page that went to another address while it was looked at is looked at again. */
function passedOver(error: unknown): null {
  if (error instanceof Error && error.message.startsWith("Execution context was destroyed")) return null;
  throw error;
}

function selector(target: Target): string {
  const within = target.within === undefined ? "" : `${target.within} `;
  if ("testId" in target) return `${within}[data-testid=${JSON.stringify(target.testId)}]`;
  const name = target.name === undefined ? "" : `[name=${JSON.stringify(target.name)}]`;
  return `${within}::-p-aria(${name}[role=${JSON.stringify(target.role)}])`;
}
