/** The page's side: a client whose workings are in a worker. It holds what is shown, and no secret. */
import { MeetingError, type Client, type ClientOptions, type HostAct, type JoinOptions, type LinkOptions, type Meeting, type MeetingFiles, type MeetingMedia, type RelayEvent, type StartOptions } from "./api.js";
import type { CallName, Calls, Handle, WorkerMessage } from "./rpc.js";
import type { MediaState, MeetingState } from "./state.js";

/** The page's end of a channel to a worker. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
}

/** What remote meetings need of the channel. */
interface Channel {
  call<N extends CallName>(name: N, args: Calls[N]["args"], transfer?: Transferable[]): Promise<Calls[N]["result"]>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What the worker tells of a meeting. */
type MeetingNews = Exclude<WorkerMessage, { kind: "result" | "failed" }>;

/** Opens a client by a worker of its own. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const worker = options.worker();
  return openRemote(worker, options.origin, () => worker.terminate());
}

/** Opens a client on a channel to a worker that serves. */
export async function openRemote(port: WorkerPort, origin: string, end: () => void): Promise<Client> {
  const client = new RemoteClient(port, origin, end);
  await client.open();
  return client;
}

class RemoteClient implements Client, Channel {
  readonly #port: WorkerPort;
  readonly #end: () => void;
  readonly #waiting = new Map<number, Waiting>();
  readonly #meetings = new Map<number, RemoteMeeting>();
  /** News that came before the answer which names their meeting. */
  readonly #early = new Map<number, MeetingNews[]>();
  readonly #origin: string;
  #account = "";
  #last = 0;

  constructor(port: WorkerPort, origin: string, end: () => void) {
    this.#port = port;
    this.#origin = origin;
    this.#end = end;
    port.onmessage = ({ data }) => this.#received(data as WorkerMessage);
  }

  get account(): string {
    return this.#account;
  }

  async open(): Promise<void> {
    this.#account = await this.call("open", [this.#origin]);
  }

  async startMeeting(options: StartOptions): Promise<Meeting> {
    return this.#keep(await this.call("start", [options]));
  }

  makeLink(options: LinkOptions): Promise<string> {
    return this.call("makeLink", [options]);
  }

  async joinMeeting(link: string, options: JoinOptions): Promise<Meeting> {
    return this.#keep(await this.call("join", [link, options]));
  }

  close(): void {
    for (const meeting of this.#meetings.values()) meeting.close();
    this.#end();
  }

  call<N extends CallName>(name: N, args: Calls[N]["args"], transfer: Transferable[] = []): Promise<Calls[N]["result"]> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#port.postMessage({ call: name, id, args }, transfer);
    });
  }

  #keep(handle: Handle): RemoteMeeting {
    const meeting = new RemoteMeeting(this, this.#origin, handle);
    this.#meetings.set(handle.meeting, meeting);
    for (const news of this.#early.get(handle.meeting) ?? []) meeting.tell(news);
    this.#early.delete(handle.meeting);
    return meeting;
  }

  #received(message: WorkerMessage): void {
    if (message.kind === "result") this.#settle(message.id, ({ resolve }) => resolve(message.result));
    else if (message.kind === "failed") this.#settle(message.id, ({ reject }) => reject(new MeetingError(message.code, message.detail)));
    else this.#tell(message);
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (waiting !== undefined) how(waiting);
  }

  #tell(news: MeetingNews): void {
    const meeting = this.#meetings.get(news.meeting);
    if (meeting !== undefined) meeting.tell(news);
    else this.#early.set(news.meeting, [...(this.#early.get(news.meeting) ?? []), news]);
  }
}

class RemoteMeeting implements Meeting {
  readonly #channel: Channel;
  readonly #id: number;
  readonly #listeners = new Set<(state: MeetingState) => void>();
  readonly #mediaListeners = new Set<(event: RelayEvent) => void>();
  readonly link: string;
  readonly media: MeetingMedia;
  readonly files: MeetingFiles;
  readonly #origin: string;
  #state: MeetingState;
  #farewell: Uint8Array<ArrayBuffer> | null = null;

  constructor(channel: Channel, origin: string, { meeting, link, state }: Handle) {
    this.#channel = channel;
    this.#origin = origin;
    this.#id = meeting;
    this.link = link;
    this.#state = state;
    this.media = this.#makeMedia();
    this.files = remoteFiles(channel, meeting);
  }

  get state(): MeetingState {
    return this.#state;
  }

  subscribe(listener: (state: MeetingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(news: MeetingNews): void {
    switch (news.kind) {
      case "state":
        this.#state = { ...news.state, messages: news.messages ?? this.#state.messages };
        for (const listener of this.#listeners) listener(this.#state);
        return;
      case "media":
        for (const listener of this.#mediaListeners) listener(news.event);
        return;
      case "farewell":
        this.#farewell = news.call;
    }
  }

  send(text: string, options: { readonly replyTo?: string } = {}): Promise<void> {
    return this.#channel.call("send", [this.#id, text, options.replyTo ?? null]);
  }

  edit(message: string, text: string): Promise<void> {
    return this.#channel.call("edit", [this.#id, message, text]);
  }

  delete(message: string): Promise<void> {
    return this.#channel.call("delete", [this.#id, message]);
  }

  retry(message: string): Promise<void> {
    return this.#channel.call("retry", [this.#id, message]);
  }

  discard(message: string): Promise<void> {
    return this.#channel.call("discard", [this.#id, message]);
  }

  react(message: string, sign: string, on = true): Promise<void> {
    return this.#channel.call("react", [this.#id, message, sign, on]);
  }

  setMedia(media: Partial<MediaState>): void {
    void this.#channel.call("setMedia", [this.#id, media]);
  }

  govern(act: HostAct): Promise<void> {
    return this.#channel.call("govern", [this.#id, act]);
  }

  rejoin(): void {
    void this.#channel.call("rejoin", [this.#id]);
  }

  async leave(): Promise<void> {
    const { confirmed } = await this.#channel.call("leave", [this.#id]);
    if (confirmed) this.#farewell = null;
  }

  /** The page may end before its worker can speak: the goodbye that lies ready is brought by the browser itself. */
  close(): void {
    const body = this.#farewell;
    this.#farewell = null;
    if (body !== null) fetch(`${this.#origin}/v1/call`, { method: "POST", body, keepalive: true }).catch(() => undefined);
    void this.#channel.call("close", [this.#id]);
  }

  computeCode(): Promise<readonly string[]> {
    return this.#channel.call("computeCode", [this.#id]);
  }

  #makeMedia(): MeetingMedia {
    const id = this.#id;
    const channel = this.#channel;
    let port: MessagePort | null = null;
    return {
      offer: (sdp, tracks, restart) => channel.call("offer", [id, sdp, tracks, restart]),
      watch: (streams, small) => channel.call("watch", [id, streams, small]),
      leave: () => channel.call("leaveMedia", [id]),
      subscribe: (listener) => {
        this.#mediaListeners.add(listener);
        return () => this.#mediaListeners.delete(listener);
      },
      get keyPort() {
        port ??= keyPort(channel, id);
        return port;
      },
      countDropped: (frames) => void channel.call("countDropped", [id, frames]),
    };
  }
}

function remoteFiles(channel: Channel, meeting: number): MeetingFiles {
  return {
    send: (file) => channel.call("sendFile", [meeting, file]),
    pause: (transfer) => channel.call("pauseFile", [meeting, transfer]),
    resume: (transfer) => channel.call("resumeFile", [meeting, transfer]),
    cancel: (transfer) => channel.call("cancelFile", [meeting, transfer]),
    save: (message, chosen) => channel.call("saveFile", [meeting, message, chosen]),
    preview: (message) => channel.call("previewFile", [meeting, message]),
    document: (message) => channel.call("documentFile", [meeting, message]),
  };
}

/** The page makes the channel and gives one end to the worker: keys pass through no code of the page. */
function keyPort(channel: Channel, meeting: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  void channel.call("keyPort", [meeting, port1], [port1]);
  return port2;
}
