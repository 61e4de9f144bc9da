/** Surroundings of a client in a browser's worker. */
import { memoryStore } from "./memory-store.js";
import { sealedStore } from "./sealed-store.js";
import type { Socket, Surroundings } from "./surroundings.js";

/** Where the browser keeps nothing (some private windows), the account lasts as long as the page. */
export async function browserSurroundings(): Promise<Surroundings> {
  return {
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    after: (milliseconds, call) => {
      const timer = setTimeout(call, milliseconds);
      return () => clearTimeout(timer);
    },
    connect: (url) => new WebSocket(url) as unknown as Socket,
    onOnline: (call) => {
      addEventListener("online", call);
      return () => removeEventListener("online", call);
    },
    store: await sealedStore(indexedDB).catch(memoryStore),
  };
}
