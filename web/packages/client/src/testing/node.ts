/** Surroundings of a client in Node: tests, and programs without a page. */
import { WebSocket } from "ws";
import { memoryStore } from "../runtime/memory-store.js";
import type { Socket, Store, Surroundings } from "../runtime/surroundings.js";

/** Node's clock, timers and entropy; `store` outlives a client that is closed and made anew. */
export function nodeSurroundings(store: Store = memoryStore()): Surroundings {
  return {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    connect: (url) => new WebSocket(url, { perMessageDeflate: false }) as unknown as Socket,
    onOnline: () => () => undefined,
    store,
  };
}
