/** The page's side of the service worker: has the page kept for later, and tells when a new build is there. */

import { signal } from "@preact/signals";
import { trustedScript } from "./workers.js";

/** A new build: none, one that a press brings, or one that waits until other windows are closed. */
export type Update = "none" | "ready" | "others";

export const update = signal<Update>("none");

/** A page that was not answered by a worker came from the server just now: it is the new build. */
function offer(): void {
  if (navigator.serviceWorker.controller !== null) update.value = "ready";
}

function settled(worker: ServiceWorker | null): Promise<void> {
  return new Promise((resolve) => {
    if (worker === null || worker.state !== "installing") return resolve();
    worker.addEventListener("statechange", () => resolve(), { once: true });
  });
}

function watch(registration: ServiceWorkerRegistration): void {
  if (registration.waiting !== null) offer();
  registration.addEventListener("updatefound", () => {
    settled(registration.installing).then(() => { if (registration.waiting !== null) offer(); }, () => undefined);
  });
  // A window may stay open for days.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") registration.update().catch(() => undefined);
  });
}

/** Registers the worker once the page stands: what it fetches is for the next visit. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  const register = (): void => {
    // A browser that keeps nothing loads the page anew each time, as without a worker.
    navigator.serviceWorker.register(trustedScript("/shell.js"), { updateViaCache: "none" }).then(watch, () => undefined);
  };
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}

/** Asks the waiting worker; true when it takes over. */
function takeOver(waiting: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === true);
    waiting.postMessage("take over", [port2]);
  });
}

/** Loads the page again, in the server's present build. With another window open it says so instead. */
export async function renew(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/").catch(() => undefined);
  await registration?.update().catch(() => undefined);
  await settled(registration?.installing ?? null);
  const waiting = registration?.waiting ?? null;
  if (waiting === null) return location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  if (!await takeOver(waiting)) update.value = "others";
}
