/** A person who uses Segel in a browser: what they press, and what they see and hear. */
import type { Person, TestBrowser } from "./browsers.ts";
import type { TestPage } from "./page.ts";

/** Milliseconds that a wait lasts before it fails. */
const PATIENCE = 40_000;

/** What one tile's picture did between two looks. */
export interface Picture {
  readonly name: string;
  readonly width: number;
  readonly time: number;
}

/** Sound and pictures that arrived, by the browser's own statistics. */
export interface Arrived {
  readonly energy: readonly number[];
  readonly frames: readonly number[];
}

declare global {
  interface Window {
    /** Installed by the test before the page's scripts; the product shows nothing of the kind. */
    segelTestConnections?: RTCPeerConnection[];
  }
}

/** Keeps hold of the page's peer connections, so that a test can read their statistics. */
function holdConnections(): void {
  const Real = window.RTCPeerConnection;
  const held: RTCPeerConnection[] = [];
  window.segelTestConnections = held;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      held.push(this);
    }
  };
}

/** One person's tab. */
export class Guest {
  readonly page: TestPage;
  readonly name: string;

  private constructor(page: TestPage, name: string) {
    this.page = page;
    this.name = name;
  }

  /** A new person with storage of their own, or the browser's owner; nothing is opened yet. */
  static async arrive(browser: TestBrowser, name: string, person?: Person): Promise<Guest> {
    const page = await (person ?? await browser.person()).page();
    await page.beforeScripts(holdConnections);
    await page.viewport(1280, 800);
    return new Guest(page, name);
  }

  /** Presses the one button, goes through the door, and returns the link that is shown. */
  async start(server: string, devices = true): Promise<string> {
    await this.page.goto(server);
    await this.page.click({ testId: "start" });
    await this.enter(devices);
    return this.page.waitFor(
      () => document.querySelector<HTMLInputElement>('[data-testid="link"]')?.value ?? null,
      { patience: PATIENCE },
    );
  }

  /** Opens a link and joins, with camera and microphone or without. */
  async join(link: string, devices = true): Promise<void> {
    await this.page.goto(link);
    await this.enter(devices);
    await this.waitInside();
  }

  /** At the door: gives the name and goes in. */
  async enter(devices: boolean): Promise<void> {
    await this.page.type({ testId: "name" }, this.name);
    await this.page.click({ testId: devices ? "join" : "join-quiet" });
  }

  /** Waits until the meeting is on the screen. */
  async waitInside(): Promise<void> {
    await this.page.waitFor(
      () => document.querySelector('[data-testid="phase"][data-phase="inside"]') !== null,
      { patience: PATIENCE },
    );
  }

  /** Waits until so many people are in the roster; `patience` in ms. */
  async waitPeople(count: number, patience = PATIENCE): Promise<void> {
    await this.openPanel("people");
    await this.page.waitFor(
      (wanted) => document.querySelectorAll('[data-testid="person"]').length === wanted,
      { patience },
      count,
    );
  }

  async openPanel(panel: "chat" | "people" | "seal"): Promise<void> {
    const open = await this.page.evaluate(
      () => document.querySelector('[data-testid="phase"]')?.getAttribute("data-panel") ?? "",
    );
    if (open !== panel) await this.page.click({ testId: `${panel}-toggle` });
  }

  async write(text: string): Promise<void> {
    await this.openPanel("chat");
    await this.page.type({ testId: "chat-input" }, text);
    await this.page.click({ testId: "chat-send" });
  }

  /** Waits until a message with the text is on the screen. */
  async read(text: string): Promise<void> {
    await this.openPanel("chat");
    await this.page.waitFor(
      (wanted) =>
        [...document.querySelectorAll('[data-testid="message"]')].some((message) =>
          (message.textContent ?? "").includes(wanted),
        ),
      { patience: PATIENCE },
      text,
    );
  }

  /** The texts on the screen that hold `part`, from the top. */
  async messages(part: string): Promise<readonly string[]> {
    await this.openPanel("chat");
    return this.page.evaluate(
      (wanted) =>
        [...document.querySelectorAll('[data-testid="message"] .bubble')]
          .map((text) => text.textContent ?? "")
          .filter((text) => text.includes(wanted)),
      part,
    );
  }

  /** The 30 digits of the seal. */
  async code(): Promise<string> {
    await this.openPanel("seal");
    return this.page.waitFor(
      () => {
        const digits = document.querySelector('[data-testid="seal-code"]')?.textContent?.replace(/\D/g, "") ?? "";
        return digits.length === 30 ? digits : null;
      },
      { patience: PATIENCE },
    );
  }

  /** The pictures on the tiles now. */
  async pictures(): Promise<readonly Picture[]> {
    return this.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('[data-testid="tile"]')].map((tile) => {
        const video = tile.querySelector("video");
        return { name: tile.textContent ?? "", width: video?.videoWidth ?? 0, time: video?.currentTime ?? 0 };
      }),
    );
  }

  /** Closes what covers the pictures, and waits until `count` tiles show one that moves. */
  async waitMoving(count: number): Promise<void> {
    if (await this.page.has({ testId: "panel-close" })) await this.page.click({ testId: "panel-close" });
    await this.page.waitFor(
      async (wanted) => {
        const shown = (): Map<HTMLVideoElement, number> =>
          new Map(
            [...document.querySelectorAll<HTMLVideoElement>('[data-testid="tile"] video')].map((video) => [
              video,
              video.videoWidth > 0 ? video.currentTime : 0,
            ]),
          );
        const before = shown();
        await new Promise((resolve) => setTimeout(resolve, 400));
        const moved = [...shown()].filter(([video, time]) => time > (before.get(video) ?? Infinity));
        return moved.length >= wanted;
      },
      { patience: PATIENCE },
      count,
    );
  }

  /** What arrived, summed over all peer connections that live. */
  async arrived(): Promise<Arrived> {
    return this.page.evaluate(async () => {
      const energy: number[] = [];
      const frames: number[] = [];
      for (const connection of window.segelTestConnections ?? []) {
        if (connection.connectionState === "closed") continue;
        for (const report of (await connection.getStats()).values() as Iterable<RTCInboundRtpStreamStats>) {
          if (report.type !== "inbound-rtp") continue;
          if (report.kind === "audio") energy.push(report.totalAudioEnergy ?? 0);
          else frames.push(report.framesDecoded ?? 0);
        }
      }
      return { energy, frames };
    });
  }

  /** Waits until `count` streams of sound are louder than silence and go on. */
  async waitHearing(count: number): Promise<void> {
    await this.#waitArrived(({ energy }) => energy.filter((value) => value > 1e-4).length >= count);
  }

  /** Waits until one stream of pictures has this many decoded. */
  async waitFrames(count: number): Promise<void> {
    await this.#waitArrived(({ frames }) => frames.some((decoded) => decoded >= count));
  }

  /** Leaves; a host with others in the meeting is asked first. */
  async leave(): Promise<void> {
    await this.page.click({ testId: "leave" });
    const over = await this.page.waitFor(() => {
      if (document.querySelector("[data-testid=leave-yes]") !== null) return "asked";
      return document.querySelector("[data-testid=phase][data-phase=left]") === null ? null : "left";
    });
    if (over === "asked") await this.page.click({ testId: "leave-yes" });
  }

  async #waitArrived(enough: (arrived: Arrived) => boolean): Promise<void> {
    const until = Date.now() + PATIENCE;
    for (;;) {
      const arrived = await this.arrived();
      if (enough(arrived)) return;
      if (Date.now() > until) throw new Error(`${this.name} got ${JSON.stringify(arrived)}`);
    }
  }
}
