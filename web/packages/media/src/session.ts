/** A meeting's media: connects, connects again, and shows the whole as one snapshot. */

import type { MeetingMedia, RelayEvent, RelayStream } from "@segel/client/api";
import type { MeetingState, Person } from "@segel/client/state";
import type { WorkerReport } from "@segel/media-worker";

import type { Arrivals } from "./arrivals.js";
import { Connection, NOTHING } from "./connection.js";
import { freshContexts } from "./context.js";
import { Grades } from "./grade.js";
import type { LocalMedia } from "./local.js";
import { onNetworkChange } from "./network.js";
import { type Owner, ownerOf, ownersOf } from "./owners.js";
import { type Levels, RemoteStreams } from "./remote.js";
import type { DroppedFrames, MediaState, Session, StreamId } from "./state.js";
import { Store } from "./store.js";
import { unsupported } from "./support.js";
import { TransformWorker } from "./transform-worker.js";

/** How often the others' loudness is asked for, in milliseconds. */
const LEVEL_MS = 250;
/** Loudness is looked at so many times between two grades of the connections: 2 s. */
const LEVELS_A_GRADE = 8;
/** A picture that is lower than so many CSS pixels is small. */
const SMALL_PIXELS = 140;
/** The wait before a lost connection is made anew: doubles at each failure, in milliseconds. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const NO_DROPS: DroppedFrames = {
  malformed: 0,
  unknown_key: 0,
  wrong_member: 0,
  forged: 0,
  replayed: 0,
  unsent: 0,
};

/** What a session takes of a `Meeting` of @segel/client. */
export interface SessionMeeting {
  readonly state: Pick<MeetingState, "connection"> & {
    readonly people: readonly Pick<Person, "leaf" | "streams">[];
  };
  readonly media: MeetingMedia;
  subscribe(listener: () => void): () => void;
}

/** What a session is made from. */
export interface SessionOptions {
  readonly local: LocalMedia;
  readonly meeting: SessionMeeting;
  /** Makes the media worker (@segel/media-worker/worker); a Trusted Types page by its own policy. */
  readonly worker: () => Worker;
}

/**
 * One meeting's media, from `start` to `close`; a meeting can have one in its life, since its key port can
 * be handed over once. Frames pass through its worker alone, which lets nothing through clear.
 */
export class MediaSession implements Session {
  readonly #local: LocalMedia;
  readonly #meeting: SessionMeeting;
  readonly #makeWorker: () => Worker;
  readonly #store: Store<MediaState>;
  readonly #remotes = new RemoteStreams();
  readonly #endings: (() => void)[] = [];
  #transforms: TransformWorker | null = null;
  #connection: Connection | null = null;
  #streams: readonly RelayStream[] = [];
  #owners: ReadonlyMap<StreamId, Owner> = new Map();
  #visible: ReadonlyMap<StreamId, number> | null = null;
  #levels: Levels = new Map();
  readonly #grades = new Grades();
  #ticks = 0;
  #sessions = 0;
  #failures = 0;
  #online = false;
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor({ local, meeting, worker }: SessionOptions) {
    this.#local = local;
    this.#meeting = meeting;
    this.#makeWorker = worker;
    this.#store = new Store<MediaState>({
      connection: "off",
      unsupported: unsupported(),
      local: local.state,
      published: NOTHING,
      streams: [],
      dropped: NO_DROPS,
      quality: new Map(),
    });
  }

  get state(): MediaState {
    return this.#store.state;
  }

  subscribe(listener: (state: MediaState) => void): () => void {
    return this.#store.subscribe(listener);
  }

  start(): void {
    if (this.#transforms !== null || this.state.unsupported !== null) return;
    const { media } = this.#meeting;
    const report = (data: WorkerReport): void => this.#followReport(data);
    this.#transforms = new TransformWorker(this.#makeWorker(), media, report);
    const ticking = setInterval(() => void this.#tick(), LEVEL_MS);
    this.#endings.push(
      () => clearInterval(ticking),
      onNetworkChange(() => this.#connection?.restartIce()),
      this.#local.subscribe(() => this.#followLocal()),
      this.#meeting.subscribe(() => this.#followMeeting()),
      media.subscribe((event) => this.#followRelay(event)),
    );
    this.#store.update({ connection: "connecting" });
    this.#followLocal();
    this.#followMeeting();
    void this.#connect();
  }

  setVisible(streams: ReadonlyMap<StreamId, number>): void {
    this.#visible = streams;
    void this.#watch();
  }

  async close(): Promise<void> {
    for (const end of this.#endings.splice(0)) end();
    clearTimeout(this.#wait);
    const running = this.#transforms !== null;
    this.#connection?.close();
    this.#connection = null;
    this.#transforms?.close();
    this.#transforms = null;
    this.#store.update({ connection: "off", streams: [] });
    // A server that cannot be reached notices by itself that nothing comes any more.
    if (running) await this.#meeting.media.leave().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const contexts = await freshContexts();
    if (this.#transforms === null || this.#connection !== null) return;
    const connection: Connection = new Connection({
      media: this.#meeting.media,
      worker: this.#transforms.worker,
      contexts,
      restart: this.#sessions++ > 0,
      streams: this.#streams,
      onSlots: () => this.#carryStreams(),
      onConnected: () => this.#connected(),
      onSilent: () => this.#store.update({ connection: "lost" }),
      onStreams: (streams) => {
        this.#streams = streams;
      },
      onAnswered: () => this.#answered(),
      onLost: () => this.#reconnect(),
    });
    this.#connection = connection;
    await connection.send(this.#local.outgoing);
    await connection.negotiate();
  }

  #connected(): void {
    this.#failures = 0;
    this.#store.update({ connection: "connected" });
  }

  #answered(): void {
    if (this.#connection === null) return;
    this.#store.update({ published: this.#connection.published });
    this.#setStreams(this.#streams);
  }

  /** The session is over: make a new one after a wait. */
  #reconnect(): void {
    this.#connection?.close();
    this.#connection = null;
    this.#store.update({ connection: "lost" });
    this.#reconnectIn(Math.min(FIRST_WAIT_MS * 2 ** this.#failures++, LONGEST_WAIT_MS));
  }

  #reconnectIn(wait: number): void {
    clearTimeout(this.#wait);
    this.#wait = setTimeout(() => void this.#connect(), wait);
  }

  #followRelay(event: RelayEvent): void {
    switch (event.event) {
      case "streamAdded":
        return this.#setStreams([...this.#without(event.stream.id), event.stream]);
      case "streamRemoved":
        return this.#setStreams(this.#without(event.stream));
      case "streams":
        return this.#setStreams(event.streams);
      case "mediaEnded":
        // Told before the relay has answered this connection, it is of the one before.
        return this.#connection?.answered === true ? this.#reconnect() : undefined;
    }
  }

  #without(id: StreamId): readonly RelayStream[] {
    return this.#streams.filter((stream) => stream.id !== id);
  }

  #setStreams(streams: readonly RelayStream[]): void {
    this.#streams = streams;
    const connection = this.#connection;
    if (connection !== null) {
      connection.receive(streams);
      void connection.fit(this.#videos().length + 1);
      void this.#watch();
    }
    this.#show();
  }

  #carryStreams(): void {
    this.#remotes.carry(this.#connection?.slots ?? []);
    this.#tellOwners();
    this.#show();
  }

  #followLocal(): void {
    this.#store.update({ local: this.#local.state });
    void this.#connection?.send(this.#local.outgoing);
  }

  #followMeeting(): void {
    const { people, connection } = this.#meeting.state;
    if (connection === "online" && !this.#online && this.state.connection === "lost") this.#reconnectIn(0);
    this.#online = connection === "online";
    this.#owners = ownersOf(people, this.#owners);
    this.#tellOwners();
    this.#show();
  }

  #tellOwners(): void {
    this.#transforms?.setOwners(this.#connection?.slots ?? [], this.#owners);
  }

  #followReport({ dropped, opened }: WorkerReport): void {
    this.#remotes.count(opened, performance.now());
    this.#store.update({ dropped });
    this.#show();
  }

  #videos(): readonly StreamId[] {
    return this.#streams.filter(({ kind }) => kind === "video").map(({ id }) => id);
  }

  async #watch(): Promise<void> {
    if (this.#connection === null || this.state.published.video === null) return;
    const visible = this.#visible;
    const videos = this.#videos().filter((id) => visible?.has(id) ?? true);
    const small = videos.filter((id) => (visible?.get(id) ?? SMALL_PIXELS) < SMALL_PIXELS);
    // Refused only where the session just ended, and then it is said again in the next one.
    await this.#meeting.media.watch(videos, small).catch(() => undefined);
  }

  async #tick(): Promise<void> {
    const arrivals = await this.#connection?.arrivals();
    this.#levels = new Map([...(arrivals?.slots ?? [])].map(([slot, { level }]) => [slot, level]));
    if (arrivals !== undefined && ++this.#ticks % LEVELS_A_GRADE === 0) this.#grade(arrivals);
    this.#show();
  }

  #grade({ slots, delay }: Arrivals): void {
    const looks = (this.#connection?.slots ?? []).flatMap(({ number: slot, kind, stream }) => {
      const totals = slots.get(slot);
      const leaf = stream === null ? null : (ownerOf({ id: stream, kind }, this.#owners)?.leaf ?? null);
      return totals === undefined ? [] : [{ slot, leaf, ...totals }];
    });
    this.#store.update({ quality: this.#grades.next(looks, delay, performance.now()) });
  }

  #show(): void {
    if (this.#transforms === null) return;
    const now = performance.now();
    const streams = this.#remotes.show(this.#streams, this.#owners, this.#levels, now);
    this.#store.update({ streams });
  }
}
