/** Stand-ins for what only browsers have, as small as the tests need. */

/** A Storage in memory. */
export class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  removeItem(key: string): void {
    this.#items.delete(key);
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

/** Lets one holder after the other in, as navigator.locks does for all tabs of an origin. */
export class OneLock {
  #last: Promise<unknown> = Promise.resolve();

  async request<T>(_name: string, work: () => T | Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** A device as enumerateDevices tells of it. */
export function device(kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo {
  return { kind, deviceId, label: `the ${deviceId}`, groupId: "", toJSON: () => ({}) };
}

/** The browser's devices: what is in `connected`, or the error that the browser would give. */
export class FakeDevices extends EventTarget {
  connected: MediaDeviceInfo[] = [];
  refuse: Error | null = null;
  readonly asked: MediaStreamConstraints[] = [];

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.connected;
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    throw this.refuse ?? new DOMException("", "NotFoundError");
  }

  get asMediaDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }
}
