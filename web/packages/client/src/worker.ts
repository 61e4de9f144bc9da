/** The worker that holds MLS and all secrets. The page calls it by `rpc.ts`; the server is reached from here alone. */
import { MeetingError } from "./api.js";
import { Away, RefusedCall } from "./runtime/transport.js";
import type { LocalClient} from "./local.js";
import { openLocal, sendKeys, type LocalMeeting } from "./local.js";
import type { CallMessage, CallName, Calls, Handle, WorkerMessage } from "./rpc.js";
import { browserSurroundings } from "./runtime/browser.js";

/** Milliseconds; a goodbye can be brought for nearly two minutes. */
const FAREWELL_EVERY = 50_000;

/** The worker's own side of a channel: `self` in a browser. */
interface Port {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

type Handlers = { readonly [N in CallName]: (...args: Calls[N]["args"]) => Promise<Calls[N]["result"]> | Calls[N]["result"] };

/** Serve a page on the port. */
export function serve(port: Port, openClient: (origin: string) => Promise<LocalClient>): void {
  const meetings: LocalMeeting[] = [];
  const client: { open: Promise<LocalClient> | null } = { open: null };
  const post = (message: WorkerMessage): void => port.postMessage(message);

  const opened = async (): Promise<LocalClient> => {
    if (client.open === null) throw new MeetingError("internal", "the client is not open");
    return client.open;
  };
  const find = (meeting: number): LocalMeeting => {
    const found = meetings[meeting];
    if (found === undefined) throw new MeetingError("internal", "no such meeting");
    return found;
  };
  const keep = (local: LocalMeeting): Handle => {
    const meeting = meetings.push(local) - 1;
    let shown = local.state.messages;
    local.subscribe(({ messages, ...state }) => {
      post({ kind: "state", meeting, state, messages: messages === shown ? null : messages });
      shown = messages;
    });
    keepFarewell(local, (call) => post({ kind: "farewell", meeting, call }));
    local.media.subscribe((event) => post({ kind: "media", meeting, event }));
    return { meeting, link: local.link, state: local.state };
  };

  const handlers: Handlers = {
    open: async (origin) => (await (client.open ??= openClient(origin))).account,
    start: async (options) => keep(await (await opened()).startMeeting(options)),
    makeLink: async (options) => (await opened()).makeLink(options),
    join: async (link, options) => keep(await (await opened()).joinMeeting(link, options)),
    send: (meeting, text, replyTo) => find(meeting).send(text, replyTo === null ? {} : { replyTo }),
    edit: (meeting, message, text) => find(meeting).edit(message, text),
    delete: (meeting, message) => find(meeting).delete(message),
    retry: (meeting, message) => find(meeting).retry(message),
    discard: (meeting, message) => find(meeting).discard(message),
    react: (meeting, message, sign, on) => find(meeting).react(message, sign, on),
    setMedia: (meeting, media) => find(meeting).setMedia(media),
    govern: (meeting, act) => find(meeting).govern(act),
    rejoin: (meeting) => find(meeting).rejoin(),
    leave: (meeting) => find(meeting).session.leave(),
    close: (meeting) => find(meeting).close(),
    computeCode: (meeting) => find(meeting).computeCode(),
    offer: (meeting, sdp, tracks, restart) => find(meeting).media.offer(sdp, tracks, restart),
    watch: (meeting, streams, small) => find(meeting).media.watch(streams, small),
    leaveMedia: (meeting) => find(meeting).media.leave(),
    sendFile: (meeting, file) => find(meeting).files.send(file),
    pauseFile: (meeting, transfer) => find(meeting).files.pause(transfer),
    resumeFile: (meeting, transfer) => find(meeting).files.resume(transfer),
    cancelFile: (meeting, transfer) => find(meeting).files.cancel(transfer),
    saveFile: (meeting, message, chosen) => find(meeting).files.save(message, chosen),
    documentFile: (meeting, message) => find(meeting).files.document(message),
    previewFile: (meeting, message) => find(meeting).files.preview(message),
    countDropped: (meeting, frames) => find(meeting).media.countDropped(frames),
    keyPort: (meeting, keys) => sendKeys(find(meeting).session, keys),
  };

  port.onmessage = ({ data }) => void answer(handlers, data as CallMessage, post);
}

async function answer(handlers: Handlers, { call, id, args }: CallMessage, post: (message: WorkerMessage) => void): Promise<void> {
  try {
    const handler = handlers[call] as (...args: unknown[]) => unknown;
    post({ kind: "result", id, result: await handler(...args) });
  } catch (error) {
    post({ kind: "failed", id, code: codeOf(error), detail: error instanceof Error ? error.message : "" });
  }
}

/** Make a new goodbye in every epoch, and before the last one expires. */
function keepFarewell(local: LocalMeeting, tell: (call: Uint8Array<ArrayBuffer> | null) => void): void {
  const renew = async (): Promise<void> => {
    const call = await local.session.farewell();
    tell(call === null ? null : Uint8Array.from(call));
  };
  const timer = setInterval(() => void renew(), FAREWELL_EVERY);
  local.subscribe(({ phase }) => {
    if (phase === "left" || phase === "failed") clearInterval(timer);
  });
  local.session.subscribeEntered(() => void renew());
}

/** Start serving: what the worker's entry file does. */
export function startWorker(port: Port): void {
  serve(port, async (origin) => openLocal({ origin, around: await browserSurroundings(), tier: "C" }));
}

/** The server's own code where it refused, so that the page can tell what is worth asking again. */
function codeOf(error: unknown): string {
  if (error instanceof RefusedCall) return error.refusal.code;
  if (error instanceof Away) return "away";
  return error instanceof MeetingError ? error.code : "internal";
}
