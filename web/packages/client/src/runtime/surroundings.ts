/** What a client needs of where it runs: a clock, entropy, timers, sockets and a store. Tests give their own. */

/** The part of a WebSocket that is used; messages are binary. */
export interface Socket {
  binaryType: string;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: (() => void) | null;
  onerror: (() => void) | null;
  send(data: Uint8Array): void;
  close(): void;
}

/** Keeps byte strings under names. Values are secret: a store that outlives the page seals them. */
export interface Store {
  get(name: string): Promise<Uint8Array | null>;
  put(name: string, value: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
  /** Names and values of everything whose name begins so, in the order of the names. */
  list(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]>;
}

export interface Surroundings {
  /** Milliseconds of Unix time. */
  now(): number;
  random(length: number): Uint8Array;
  /** Calls back once after so many milliseconds, unless the returned function was called before. */
  after(milliseconds: number, call: () => void): () => void;
  connect(url: string): Socket;
  /** Calls back when the machine says that it is online again; returns what ends that. */
  onOnline(call: () => void): () => void;
  readonly store: Store;
}
