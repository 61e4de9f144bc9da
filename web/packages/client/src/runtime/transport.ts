/** One WebSocket to a server that comes back by itself (docs/protocol/wire.md 1, meeting.md 9). */
import { decodeServer, encodeCall, encodeRequest, Malformed, VERSION, type Event, type Hello, type Refusal, type Request, type Result, type ServerMessage } from "@segel/wire";
import type { Socket, Surroundings } from "./surroundings.js";

const PING_EVERY = 20_000;
/** A call that is not answered for so long ends the connection. */
const PATIENCE = 30_000;
const FIRST_WAIT = 250;
const LONGEST_WAIT = 8_000;

/** The server did not carry a request out: `refusal.code` is of docs/protocol/wire.md 5. */
export class RefusedCall extends Error {
  override name = "RefusedCall";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.detail}`);
    this.refusal = refusal;
  }
}

/** The connection is away; what was asked may have been done or not. */
export class Away extends Error {
  override name = "Away";
}

/** What the transport tells its user. */
export interface TransportUser {
  /** A connection stands and the server has spoken. */
  arrived(hello: Hello): void;
  /** The connection is gone, or did not come about; another is on its way. Told at each try. */
  away(): void;
  event(event: Event): void;
}

interface Waiting {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  readonly forget: () => void;
}

/** A result of one request's type. */
export type ResultOf<T extends Result["type"]> = Extract<Result, { type: T }>;

export class Transport {
  readonly #url: string;
  readonly #around: Surroundings;
  readonly #user: TransportUser;
  readonly #waiting = new Map<number, Waiting>();
  #socket: Socket | null = null;
  #greeted = false;
  #failures = 0;
  #lastId = 0;
  #closed = false;
  #cancelTimer: () => void = () => undefined;
  readonly #endOnline: () => void;

  constructor(origin: string, around: Surroundings, user: TransportUser) {
    this.#url = `${origin.replace(/^http/, "ws")}/v1/socket`;
    this.#around = around;
    this.#user = user;
    this.#endOnline = around.onOnline(() => this.hurry());
    this.#open();
  }

  /** Ask the server. Rejects with RefusedCall, or Away. */
  async call<T extends Result["type"]>(request: Request, type: T): Promise<ResultOf<T>> {
    const result = await this.#send(request);
    if (result.type !== type) throw new Malformed(`${result.type} is no answer to ${request.type}`);
    return result as ResultOf<T>;
  }

  /** Drop the connection and make a new one at once. */
  restart(): void {
    this.#lost();
  }

  /** Try now where the next try would be later. */
  hurry(): void {
    if (this.#socket !== null || this.#closed) return;
    this.#cancelTimer();
    this.#open();
  }

  /** End the connection for good. */
  close(): void {
    this.#closed = true;
    this.#endOnline();
    this.#lost();
  }

  #send(request: Request): Promise<Result> {
    const socket = this.#socket;
    if (socket === null || !this.#greeted) return Promise.reject(new Away("not connected"));
    this.#lastId = (this.#lastId + 1) % 2 ** 32;
    const id = this.#lastId;
    return new Promise((resolve, reject) => {
      const forget = this.#around.after(PATIENCE, () => this.#lost());
      this.#waiting.set(id, { resolve, reject, forget });
      socket.send(encodeCall({ type: "call", id, body: encodeRequest(request), proof: null }));
    });
  }

  #open(): void {
    const socket = this.#around.connect(this.#url);
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = () => this.#ended(socket);
    socket.onerror = () => this.#ended(socket);
    this.#socket = socket;
  }

  #received(socket: Socket, data: unknown): void {
    if (socket !== this.#socket || !(data instanceof ArrayBuffer)) return;
    try {
      this.#handle(decodeServer(new Uint8Array(data)));
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      this.#lost();
    }
  }

  #handle(message: ServerMessage): void {
    switch (message.type) {
      case "hello":
        return this.#hello(message);
      case "reply":
        return this.#settle(message.id, (waiting) => waiting.resolve(message.result));
      case "refused":
        return this.#settle(message.id, (waiting) => waiting.reject(new RefusedCall(message.refusal)));
      case "goodbye":
        return;
      default:
        this.#user.event(message);
    }
  }

  #hello(hello: Hello): void {
    if (hello.version !== VERSION) throw new Malformed("the server speaks another version");
    this.#greeted = true;
    this.#failures = 0;
    this.#keepAlive();
    this.#user.arrived(hello);
  }

  #keepAlive(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#around.after(PING_EVERY, () => {
      this.#send({ type: "ping" }).catch(() => undefined);
      this.#keepAlive();
    });
  }

  #settle(id: number, how: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    waiting.forget();
    how(waiting);
  }

  #ended(socket: Socket): void {
    if (socket === this.#socket) this.#lost();
  }

  #lost(): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    this.#greeted = false;
    this.#cancelTimer();
    socket.close();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, (waiting) => waiting.reject(new Away("the connection was lost")));
    if (this.#closed) return;
    const wait = this.#pause();
    this.#cancelTimer = this.#around.after(wait, () => this.#open());
    this.#user.away();
  }

  /** Doubling from FIRST_WAIT, and between half and the whole of it, so that many clients do not come at once. */
  #pause(): number {
    const whole = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures);
    this.#failures += 1;
    return whole / 2 + (whole / 2) * ((this.#around.random(1)[0] ?? 0) / 256);
  }

}
