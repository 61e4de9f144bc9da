/** The page's entry: draws the first screen at once, then fetches what a meeting needs. */

import { computed, effect } from "@preact/signals";
import { render } from "preact";
import "./styles/all.css";
import { App } from "./app.js";
import type { MeetingRoom } from "./features/meeting/meeting.js";
import { Unreached } from "./features/stopped/unreached.js";
import { createActions } from "./state/actions.js";
import { readAddress } from "./state/address.js";
import { lackOf } from "./state/browser.js";
import { failureOf } from "./state/failure.js";
import { beginLanguage, preferredLanguage } from "./state/language.js";
import { watchServer } from "./state/server.js";
import { keepShell } from "./state/shell.js";
import { createSession, type Engine } from "./state/session.js";

// First of all: no screen is drawn before its words are there.
const words = beginLanguage();
const session = createSession(readAddress(location));

let engine: Promise<Engine> | null = null;
/** One engine for the page; a load that failed may be tried again. */
function loadEngine(): Promise<Engine> {
  engine ??= import("./state/engine.js").then((module) => module.openEngine(session));
  engine.catch(() => { engine = null; });
  return engine;
}

function loadRoom(): Promise<typeof MeetingRoom> {
  return import("./features/meeting/room.js").then((module) => module.MeetingRoom);
}

// At the door everything that a meeting needs is fetched while the person reads.
effect(() => {
  if (session.place.value.at !== "door") return;
  loadEngine().catch((error: unknown) => { session.failure.value = failureOf(error); });
  loadRoom().catch(() => undefined);
});

lackOf(globalThis).then((lack) => { session.lack.value = lack; }, () => undefined);
keepShell();
const askServer = (): void => watchServer((answer) => { session.server.value = answer; });
askServer();
// What comes back may be another server than the one that went: a newer one, of another protocol.
const away = computed(() => session.meeting.value?.connection === "away");
effect(() => { if (away.value) askServer(); });
// Another link pasted into the same tab is another meeting.
window.addEventListener("hashchange", () => location.reload());

const root = document.getElementById("app");
const actions = createActions(session, loadEngine);
words.then(() => {
  if (root !== null) render(<App session={session} actions={actions} loadRoom={loadRoom} />, root);
}, () => {
  if (root !== null) render(<Unreached language={preferredLanguage()} />, root);
});
