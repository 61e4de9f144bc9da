/**
 * The service worker: keeps the page's own files, so that it opens without a server and all of it is of one build
 * (docs/decisions/0040-offline-shell.md). It answers for the files in its list and for nothing else, and only with
 * bytes whose SHA-256 is in the list. What the server answers to a program is never kept.
 */

/** What the build puts in: the build's name, and each file's SHA-256 in hex by its path. */
declare const SEGEL_SHELL: { readonly build: string; readonly files: Readonly<Record<string, string>> };

interface WaitableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskingEvent extends WaitableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface ToldEvent extends WaitableEvent {
  readonly data: unknown;
  readonly ports: readonly MessagePort[];
}

/** What a service worker has of its surroundings; TypeScript's own types of it exclude a page's. */
interface Scope {
  readonly clients: { matchAll(options: { type: "window"; includeUncontrolled: true }): Promise<readonly unknown[]> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: WaitableEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: AskingEvent) => void): void;
  addEventListener(type: "message", listener: (event: ToldEvent) => void): void;
}

const scope = self as unknown as Scope;
const PREFIX = "segel-shell-";
const CACHE = PREFIX + SEGEL_SHELL.build;
const files = new Map(Object.entries(SEGEL_SHELL.files));
/** Addresses that are the same page; any other is the server's to answer. */
const PAGES: ReadonlySet<string> = new Set(["/", "/m", "/keeps"]);

async function sha256(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await response.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Rejects where one file is not what the build made: then the worker before goes on. */
async function keep(): Promise<void> {
  const cache = await caches.open(CACHE);
  await Promise.all([...files].map(async ([path, hash]) => {
    const response = await fetch(path, { credentials: "omit", redirect: "error" });
    if (!response.ok || await sha256(response.clone()) !== hash) throw new Error(`${path} is not of this build`);
    await cache.put(path, response);
  }));
}

async function dropOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
}

function pathOf(request: Request): string | null {
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin || search !== "") return null;
  if (request.mode === "navigate") return PAGES.has(pathname) ? "/" : null;
  return files.has(pathname) ? pathname : null;
}

/** From the cache if it holds the listed bytes; a page that could write there could else plant its own. */
async function answer(request: Request, path: string): Promise<Response> {
  const kept = await (await caches.open(CACHE)).match(path);
  if (kept !== undefined && await sha256(kept.clone()) === files.get(path)) return kept;
  return fetch(request);
}

/** Only with one window open: another may be in a meeting, and runs on the files of the build before. */
async function takeOver(): Promise<boolean> {
  const windows = await scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.length > 1) return false;
  await scope.skipWaiting();
  return true;
}

scope.addEventListener("install", (event) => event.waitUntil(keep()));
scope.addEventListener("activate", (event) => event.waitUntil(dropOthers()));
scope.addEventListener("fetch", (event) => {
  const path = pathOf(event.request);
  if (path !== null) event.respondWith(answer(event.request, path));
});
scope.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(takeOver().then((done) => event.ports[0]?.postMessage(done)));
});
