/** The heavy half of the page, put together: the client with its worker, and the devices. */

import keysWorker from "@segel/client/worker?worker&url";
import { MeetingError, openClient } from "@segel/client";
import { LocalMedia, MediaSession, unsupported } from "@segel/media";
import mediaWorker from "@segel/media-worker/worker?worker&url";
import type { Engine, Session } from "./session.js";
import { startWorker } from "./workers.js";

/** Opens it once; the local devices show in `session` from then on. Rejects where the client cannot open. */
export async function openEngine(session: Session): Promise<Engine> {
  const local = new LocalMedia();
  const reason = unsupported();
  session.unsupported.value = reason;
  session.local.value = local.state;
  local.subscribe((state) => { session.local.value = state; });
  if (!isSecureContext || !("indexedDB" in globalThis)) throw new MeetingError("unsupported", "");
  const client = await openClient({ origin: location.origin, worker: () => startWorker(keysWorker, "keys") });
  return {
    client,
    local,
    unsupported: reason,
    openMedia: (meeting) => new MediaSession({ local, meeting, worker: () => startWorker(mediaWorker, "media") }),
  };
}
