/** The page's side: a client whose workings are in a worker. It holds what is shown, and no secret. */
import { MeetingError, type Client, type ClientOptions, type JoinOptions, type Meeting, type MeetingMedia, type RelayEvent, type StartOptions } from "./api.js";
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

/** Opens a client by a worker of its own. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const worker = options.worker();
  return openRemote(worker, options.origin, () => worker.terminate());
}

/** Opens a client on a channel to a worker that serves. */
export async function openRemote(port: WorkerPort, origin: string, end: () => void): Promise<Client> {
  const client = new RemoteClient(port, end);
  await client.open(origin);
  return client;
}

class RemoteClient implements Client, Channel {
  readonly #port: WorkerPort;
  readonly #end: () => void;
  readonly #waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  readonly #meetings = new Map<number, RemoteMeeting>();
  /** States that came before the answer which names their meeting. */
  readonly #early = new Map<number, MeetingState>();
  #account = "";
  #last = 0;

  constructor(port: WorkerPort, end: () => void) {
    this.#port = port;
    this.#end = end;
    port.onmessage = ({ data }) => this.#received(data as WorkerMessage);
  }

  get account(): string {
    return this.#account;
  }

  async open(origin: string): Promise<void> {
    this.#account = await this.call("open", [origin]);
  }

  async startMeeting(options: StartOptions): Promise<Meeting> {
    return this.#keep(await this.call("start", [options]));
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
    const state = this.#early.get(handle.meeting) ?? handle.state;
    this.#early.delete(handle.meeting);
    const meeting = new RemoteMeeting(this, { ...handle, state });
    this.#meetings.set(handle.meeting, meeting);
    return meeting;
  }

  #show(meeting: number, state: MeetingState): void {
    const known = this.#meetings.get(meeting);
    if (known === undefined) this.#early.set(meeting, state);
    else known.show(state);
  }

  #received(message: WorkerMessage): void {
    switch (message.kind) {
      case "result":
        this.#waiting.get(message.id)?.resolve(message.result);
        this.#waiting.delete(message.id);
        return;
      case "failed":
        this.#waiting.get(message.id)?.reject(new MeetingError(message.code, message.detail));
        this.#waiting.delete(message.id);
        return;
      case "state":
        this.#show(message.meeting, message.state);
        return;
      case "media":
        this.#meetings.get(message.meeting)?.tell(message.event);
    }
  }
}

class RemoteMeeting implements Meeting {
  readonly #channel: Channel;
  readonly #id: number;
  readonly #listeners = new Set<(state: MeetingState) => void>();
  readonly #mediaListeners = new Set<(event: RelayEvent) => void>();
  readonly link: string;
  readonly media: MeetingMedia;
  #state: MeetingState;

  constructor(channel: Channel, { meeting, link, state }: Handle) {
    this.#channel = channel;
    this.#id = meeting;
    this.link = link;
    this.#state = state;
    this.media = this.#makeMedia();
  }

  get state(): MeetingState {
    return this.#state;
  }

  subscribe(listener: (state: MeetingState) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  show(state: MeetingState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }

  tell(event: RelayEvent): void {
    for (const listener of this.#mediaListeners) listener(event);
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

  react(message: string, sign: string, on = true): Promise<void> {
    return this.#channel.call("react", [this.#id, message, sign, on]);
  }

  setMedia(media: Partial<MediaState>): void {
    void this.#channel.call("setMedia", [this.#id, media]);
  }

  rejoin(): void {
    void this.#channel.call("rejoin", [this.#id]);
  }

  leave(): Promise<void> {
    return this.#channel.call("leave", [this.#id]);
  }

  close(): void {
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
      watch: (streams) => channel.call("watch", [id, streams]),
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

/** The page makes the channel and gives one end to the worker: keys pass through no code of the page. */
function keyPort(channel: Channel, meeting: number): MessagePort {
  const { port1, port2 } = new MessageChannel();
  void channel.call("keyPort", [meeting, port1], [port1]);
  return port2;
}
