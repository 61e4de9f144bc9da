/** Starts Debian's Chromium and Firefox ESR with real pictures and speech as their devices. */
import { readFile } from "node:fs/promises";
import puppeteer from "puppeteer-core";
import type { Browser, BrowserContext, Page } from "puppeteer-core";
import { installFakeMedia } from "./firefoxmedia.ts";
import { fakeMedia } from "./media.ts";
import type { FakeMedia } from "./media.ts";
import { TestPage } from "./page.ts";

/** The browsers that Segel is tested in. */
export const BROWSERS = ["chromium", "firefox"] as const;
export type BrowserName = (typeof BROWSERS)[number];

/**
 * `picture` is the fake camera's height: 360, or 180 where many tabs share two cores. `trusting` takes any certificate
 * (Chromium alone).
 */
export interface LaunchOptions {
  readonly picture?: 180 | 360;
  readonly trusting?: boolean;
}

/** A running browser. Each {@link TestBrowser.person} has storage of their own. */
export class TestBrowser {
  readonly name: BrowserName;
  readonly #browser: Browser;
  readonly #prepare: (page: Page) => Promise<void>;

  constructor(name: BrowserName, browser: Browser, prepare: (page: Page) => Promise<void>) {
    this.name = name;
    this.#browser = browser;
    this.#prepare = prepare;
  }

  /** "Chrome/156.0..." or "firefox/153.7". */
  async version(): Promise<string> {
    return this.#browser.version();
  }

  /** The browser's own profile, new as well, whose storage is on disk; that of persons may be in memory. */
  owner(): Person {
    return new Person(this.#browser.defaultBrowserContext(), this.#prepare);
  }

  /** The browser's first process. */
  get pid(): number {
    const pid = this.#browser.process()?.pid;
    if (pid === undefined) throw new Error("the browser is not running");
    return pid;
  }

  /** A new person: an empty profile (cookies, IndexedDB) of their own. */
  async person(): Promise<Person> {
    return new Person(await this.#browser.createBrowserContext(), this.#prepare);
  }

  /** Ends the browser and removes its profile. */
  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** One profile; its tabs share storage, as one device's tabs do. */
export class Person {
  readonly #context: BrowserContext;
  readonly #prepare: (page: Page) => Promise<void>;

  constructor(context: BrowserContext, prepare: (page: Page) => Promise<void>) {
    this.#context = context;
    this.#prepare = prepare;
  }

  /** Opens a tab. */
  async page(): Promise<TestPage> {
    return TestPage.open(this.#context, this.#prepare);
  }

  /** Closes the tabs and forgets the storage. */
  async leave(): Promise<void> {
    await this.#context.close();
  }
}

/** Starts a browser; the caller closes it. Throws when the executable is not installed. */
export async function launch(name: BrowserName, options: LaunchOptions = {}): Promise<TestBrowser> {
  const media = await fakeMedia();
  const picture = options.picture ?? 360;
  return name === "chromium" ? launchChromium(media, picture, options.trusting ?? false) : launchFirefox(media, picture);
}

async function launchChromium(media: FakeMedia, picture: 180 | 360, trusting: boolean): Promise<TestBrowser> {
  const browser = await puppeteer.launch({
    browser: "chrome",
    executablePath: "/usr/bin/chromium",
    headless: true,
    args: [
      ...(trusting ? ["--ignore-certificate-errors"] : []),
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${picture === 360 ? media.y4m360 : media.y4m180}`,
      `--use-file-for-fake-audio-capture=${media.wav}`,
      // People of one test are tabs of one browser: a hidden tab must work as a shown one does.
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
      // mDNS names need a responder on the network, which a test machine has not.
      "--disable-features=WebRtcHideLocalIpsWithMdns",
      "--allow-loopback-in-peer-connection",
    ],
  });
  return new TestBrowser("chromium", browser, async () => {});
}

async function launchFirefox(media: FakeMedia, picture: 180 | 360): Promise<TestBrowser> {
  const film = picture === 360 ? media.webm360 : media.webm180;
  const webm = (await readFile(film)).toString("base64");
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: {
      "media.navigator.permission.disabled": true,
      "media.navigator.streams.fake": true,
      "media.autoplay.default": 0,
      "media.autoplay.blocking_policy": 0,
      "media.block-autoplay-until-in-foreground": false,
      "media.peerconnection.ice.loopback": true,
      "media.peerconnection.ice.obfuscate_host_addresses": false,
      // Hidden tabs must work as shown ones do; see Chromium's flags.
      "dom.min_background_timeout_value": 4,
      "dom.timeout.enable_budget_timer_throttling": false,
      "layout.throttled_frame_rate": 60,
      "media.suspend-bkgnd-video.enabled": false,
      // Nothing is fetched from Mozilla: the tests' machine may have no network.
      "media.gmp-manager.updateEnabled": false,
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  });
  return new TestBrowser("firefox", browser, async (page) => {
    await page.evaluateOnNewDocument(installFakeMedia, webm);
  });
}
