/** The contexts of one's own tracks (docs/protocol/media.md 1): a counter that outlives the page. */

import type { Contexts } from "./connection.js";

const NAME = "segel.media-context";

/**
 * A context that no track of this browser ever had. It is stored before it is given out, and under a lock
 * that all tabs share, since a context used twice under one key would repeat nonces, which is fatal.
 */
export async function nextContext(storage: Storage, locks: LockManager): Promise<number> {
  return locks.request(NAME, () => {
    const context = Number(storage.getItem(NAME) ?? "0") + 1;
    if (!Number.isSafeInteger(context)) throw new RangeError("the stored context is no number");
    storage.setItem(NAME, String(context));
    return context;
  });
}

/** For every track that a connection can have, shared screens included. */
export async function freshContexts(): Promise<Contexts> {
  const next = async (): Promise<number> => nextContext(localStorage, navigator.locks);
  return { audio: await next(), video: await next(), screen: await next(), "screen-audio": await next() };
}
