/** The client in one's own thread: what the worker runs, and programs without a page. */
import { MeetingError, type Client, type HostAct, type JoinOptions, type LinkOptions, type Meeting, type MeetingFiles, type MeetingMedia, type Preview, type SavedFile, type StartOptions } from "./api.js";
import { fromBase64Url } from "./bytes.js";
import { Malformed } from "./cbor.js";
import { keyPair } from "./ed25519.js";
import type { Files } from "./files/files.js";
import { Saver } from "./files/saver.js";
import { Failed } from "./files/transfer.js";
import { createIdentity, exportIdentity, importIdentity, type Identity } from "./identity.js";
import type { Founding } from "./meeting/founding.js";
import { formatLink, LOBBY, linkKeys, OPEN_GENERATION, parseLink, UNTIL, type Link } from "./meeting/link.js";
import { RuleBook } from "./meeting/rulebook.js";
import { Session } from "./meeting/session.js";
import type { Surroundings } from "./runtime/surroundings.js";
import { Away, RefusedCall } from "./runtime/transport.js";
import { suiteByName } from "./suites/suite.js";

const ACCOUNT = "account";
const DEFAULT_TTL = 1;

/** What a client in one's own thread is made with. */
export interface LocalOptions {
  readonly origin: string;
  readonly around: Surroundings;
  readonly tier: "A" | "C";
}

/** A client of the account in the store, which is made when there is none. */
export async function openLocal(options: LocalOptions): Promise<LocalClient> {
  return new LocalClient(options, await account(options.around));
}

async function account(around: Surroundings): Promise<Identity> {
  const { store } = around;
  const stored = await store.get(ACCOUNT);
  if (stored !== null) return importIdentity(stored);
  const identity = await createIdentity(around.random(48));
  await store.put(ACCOUNT, exportIdentity(identity));
  return identity;
}

export class LocalClient implements Client {
  readonly #options: LocalOptions;
  readonly #identity: Identity;
  readonly #meetings = new Set<LocalMeeting>();

  constructor(options: LocalOptions, identity: Identity) {
    this.#options = options;
    this.#identity = identity;
  }

  get account(): string {
    return this.#identity.account;
  }

  async startMeeting({ name, invitation, suite, ttlDays, ...options }: StartOptions): Promise<LocalMeeting> {
    const token = invitation === undefined ? null : fromBase64Url(invitation);
    if (invitation !== undefined && token?.length !== 16) throw new MeetingError("bad_invitation", "the invitation is cut off");
    const founding = { suite: suiteByName(suite ?? "hybrid"), ttlDays: ttlDays ?? DEFAULT_TTL, invitation: token };
    const meeting = await this.#open(await this.#newLink(options), name, founding, true);
    await founded(meeting);
    return meeting;
  }

  async makeLink(options: LinkOptions): Promise<string> {
    return formatLink(await this.#newLink(options));
  }

  /** A link of which this device keeps the hosts' key, where there are hosts. */
  async #newLink({ door = "equals", until: end }: LinkOptions): Promise<Link> {
    const { origin, around } = this.#options;
    const until = end === undefined ? null : Math.floor(end / 1000);
    const policy = (door === "equals" ? OPEN_GENERATION : 0) | (door === "lobby" ? LOBBY : 0) | (until === null ? 0 : UNTIL);
    const host = door === "equals" ? null : await keyPair(around.random(32));
    const link = { origin, policy, secret: around.random(16), until, opener: host?.publicKey ?? null };
    const { alias } = await linkKeys(link);
    if (host !== null) await (await RuleBook.open(around.store, alias)).keepHostSeed(host.seed);
    return link;
  }

  async joinMeeting(text: string, { name }: JoinOptions): Promise<LocalMeeting> {
    const founding = { suite: suiteByName("hybrid"), ttlDays: DEFAULT_TTL, invitation: null } as const;
    return this.#open(readLink(text), name, founding, false);
  }

  async #open(link: Link, name: string, founding: Founding, create: boolean): Promise<LocalMeeting> {
    const { around, tier } = this.#options;
    const session = await Session.open(around, { identity: this.#identity, link, name, founding, create, tier });
    const meeting = new LocalMeeting(session);
    this.#meetings.add(meeting);
    return meeting;
  }

  close(): void {
    for (const meeting of this.#meetings) meeting.close();
    this.#meetings.clear();
  }
}

/** Resolves when the server has the meeting, or will not have it, or does not answer: it is told that when it does. */
function founded(meeting: LocalMeeting): Promise<void> {
  return new Promise((resolve) => {
    const end = meeting.subscribe(({ phase, connection }) => {
      if (phase === "connecting" && connection !== "away") return;
      end();
      resolve();
    });
  });
}

function readLink(text: string): Link {
  try {
    return parseLink(text);
  } catch (error) {
    if (error instanceof Malformed) throw new MeetingError("bad-link", error.message);
    throw error;
  }
}

/** A session, as the interface wants it. */
export class LocalMeeting implements Meeting {
  readonly #session: Session;
  readonly media: MeetingMedia;
  readonly files: MeetingFiles;

  constructor(session: Session) {
    this.#session = session;
    this.media = localMedia(session);
    this.files = localFiles(session);
  }

  get session(): Session {
    return this.#session;
  }

  get state(): Session["state"] {
    return this.#session.state;
  }

  get link(): string {
    return this.#session.link;
  }

  subscribe(listener: Parameters<Session["subscribe"]>[0]): () => void {
    return this.#session.subscribe(listener);
  }

  send(text: string, options: { readonly replyTo?: string } = {}): Promise<void> {
    return this.#session.chat.send(text, options.replyTo ?? null);
  }

  edit(message: string, text: string): Promise<void> {
    return this.#session.chat.edit(message, text);
  }

  delete(message: string): Promise<void> {
    return this.#session.delete(message);
  }

  async retry(message: string): Promise<void> {
    this.#session.chat.retry(message);
  }

  discard(message: string): Promise<void> {
    return this.#session.discard(message);
  }

  react(message: string, sign: string, on = true): Promise<void> {
    return this.#session.chat.react(message, sign, on);
  }

  setMedia(media: Parameters<Session["media"]["set"]>[0]): void {
    this.#session.media.set(media);
  }

  govern(act: HostAct): Promise<void> {
    return named(this.#session.govern(act));
  }

  rejoin(): void {
    this.#session.rejoin();
  }

  async leave(): Promise<void> {
    await this.#session.leave();
  }

  close(): void {
    this.#session.close();
  }

  computeCode(): Promise<readonly string[]> {
    return named(this.#session.computeCode());
  }
}

/** One for all meetings of this thread: its private files are one folder. */
const saver = new Saver();

function localFiles({ files }: Session): MeetingFiles {
  return {
    send: async (file) => files.send(file),
    pause: async (transfer) => files.pause(transfer),
    resume: async (transfer) => files.resume(transfer),
    cancel: async (transfer) => files.cancel(transfer),
    save: (message, chosen) => named(save(files, message, chosen)),
    preview: (message) => named(preview(files, message)),
    document: (message) => named(files.document(message)),
  };
}

async function save(files: Files, message: string, chosen: SavedFile | null): Promise<Blob | null> {
  let result: () => Promise<Blob | null> = () => Promise.resolve(null);
  await files.receive(message, async ({ size }) => {
    const opened = await saver.open(size, chosen);
    ({ result } = opened);
    return opened.sink;
  });
  return result();
}

async function preview(files: Files, message: string): Promise<Preview | null> {
  const shown = await files.preview(message);
  if (shown === null) return null;
  const { picture: { type, width, height }, bytes } = shown;
  return { picture: new Blob([bytes], { type }), width, height };
}

function localMedia(session: Session): MeetingMedia {
  let port: MessagePort | null = null;
  return {
    offer: (sdp, tracks, restart) => named(session.media.offer(sdp, tracks, restart)),
    watch: (streams, small) => named(session.media.watch(streams, small)),
    leave: () => named(session.media.leave()),
    subscribe: (listener) => session.media.subscribe(listener),
    get keyPort() {
      port ??= keyPort(session);
      return port;
    },
    countDropped: (frames) => session.media.countDropped(frames),
  };
}

function keyPort(session: Session): MessagePort {
  const { port1, port2 } = new MessageChannel();
  sendKeys(session, port1);
  return port2;
}

/** Every epoch's key goes into the port. */
export function sendKeys(session: Session, port: MessagePort): void {
  session.media.subscribeKeys((key) => port.postMessage(key));
}

/** The same, with failures that a page understands. */
async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof RefusedCall) throw new MeetingError(error.refusal.code, error.refusal.detail);
    if (error instanceof Away) throw new MeetingError("away", error.message);
    if (error instanceof Failed) throw new MeetingError(error.problem, error.message);
    if (error instanceof DOMException && error.name === "AbortError") throw new MeetingError("cancelled", "");
    throw error;
  }
}
