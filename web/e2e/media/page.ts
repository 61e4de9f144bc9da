/// <reference types="vite/client" />
/** The page of the media tests: the product's devices and session, with another member at the far end. */
import type { Person } from "@segel/client/state";
import { LocalMedia, type MediaState, MediaSession } from "@segel/media";
import { Keyring } from "../../packages/media-worker/src/keyring.ts";
import { Opener } from "../../packages/media-worker/src/opener.ts";
import { Sealer } from "../../packages/media-worker/src/sealer.ts";
import { Far, FAR_LEAF, NEAR_LEAF, play } from "./far.ts";
import workerUrl from "@segel/media-worker/worker?worker&url";

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): {
    createScriptURL(url: string): string;
  };
}

const { trustedTypes } = globalThis as unknown as { trustedTypes: PolicyFactory };
const policy = trustedTypes.createPolicy("segel", { createScriptURL: (url) => url });
function startWorker(): Worker {
  const worker = new Worker(policy.createScriptURL(workerUrl), { type: "module" });
  worker.addEventListener("error", (event) => console.error(`worker: ${event.message}`));
  return worker;
}

const local = new LocalMedia();
let far: Far;
let session: MediaSession;
let online = true;
let people: Pick<Person, "leaf" | "streams">[] = [];
const peopleListeners = new Set<() => void>();

/** What can be sent to the test: a snapshot without its streams. */
type Shown = ReturnType<typeof shown>;
function shown({ connection, local: mine, streams, dropped, published }: MediaState) {
  const { microphone, camera } = mine;
  return {
    connection,
    dropped,
    published,
    microphone,
    camera: { state: camera.state, problem: camera.problem },
    streams: streams.map(({ stream, leaf, kind, level, flowing }) => ({ stream, leaf, kind, level, flowing })),
  };
}

function state(): Shown {
  return shown(session.state);
}

/** Say whose streams are whose. */
function setPeople(next: typeof people): void {
  people = next;
  for (const listener of peopleListeners) listener();
}

/** The server goes away, and with it the relay, or comes back. */
function setOnline(next: boolean): void {
  online = next;
  far.away = !next;
  if (!next) far.end();
  for (const listener of peopleListeners) listener();
}

/** Start a session with one epoch's key on both ends; the far member has the given streams. */
async function start(): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  far = new Far(startWorker(), stream.getTracks());
  const meeting = {
    get state() {
      return { people, connection: online ? ("online" as const) : ("away" as const) };
    },
    media: far,
    subscribe(listener: () => void) {
      peopleListeners.add(listener);
      return () => peopleListeners.delete(listener);
    },
  };
  session = new MediaSession({ local, meeting, worker: startWorker });
  const played = new Set<MediaStream>();
  session.subscribe(({ streams }) => {
    for (const { stream: id, media } of streams) {
      if (!played.has(media)) play(media, id);
      played.add(media);
    }
  });
  session.start();
}

/** The far end's or the near end's players: how far each has come, in seconds. */
function times(): Record<string, number> {
  const players = [...document.querySelectorAll<HTMLMediaElement>("audio, video")];
  return Object.fromEntries(players.map((player) => [player.dataset["name"] ?? "", player.currentTime]));
}

/** Mean cost of sealing and opening one frame in this browser, in microseconds. */
async function cost(kind: "audio" | "video", bytes: number, frames: number): Promise<{ seal: number; open: number }> {
  const [near, away] = [new Keyring(), new Keyring()];
  const key = { node: new Uint8Array(32), epoch: 1 };
  await near.put({ ...key, leaf: NEAR_LEAF, baseKey: new Uint8Array(16) });
  await away.put({ ...key, leaf: FAR_LEAF, baseKey: new Uint8Array(16) });
  const sealer = new Sealer(near, kind, 1);
  const opener = new Opener(away, kind, () => NEAR_LEAF);
  const sealed: Uint8Array<ArrayBuffer>[] = [];
  const begun = performance.now();
  for (let frame = 0; frame < frames; frame++) sealed.push(await sealer.seal(new Uint8Array(bytes)));
  const between = performance.now();
  for (const frame of sealed) await opener.open(frame);
  const ended = performance.now();
  const micros = (ms: number): number => Math.round((ms * 1_000) / frames);
  return { seal: micros(between - begun), open: micros(ended - between) };
}

const media = {
  start, state, setPeople, setOnline, times, cost, local,
  far: () => far,
  farDropped: () => far.report?.dropped ?? { malformed: 0, forged: 0, wrong_member: 0 },
  close: async () => session.close(),
};
export type MediaPage = typeof media;
Object.assign(globalThis, { media });
