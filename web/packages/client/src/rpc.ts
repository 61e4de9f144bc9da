/** What the page and its worker say to each other: calls by name, answers by number, and news of meetings. */
import type { HostAct, GivenFile, JoinOptions, LinkOptions, Preview, RelayAnswer, RelayEvent, SavedFile, StartOptions, TrackRole } from "./api.js";
import type { MediaState, MeetingState, Message } from "./state.js";

/** A meeting as both sides name it. */
export interface Handle {
  readonly meeting: number;
  readonly link: string;
  readonly state: MeetingState;
}

/** Every call: its arguments, and what it resolves with. Nothing secret is in any. */
export interface Calls {
  open: { args: [origin: string]; result: string };
  start: { args: [options: StartOptions]; result: Handle };
  makeLink: { args: [options: LinkOptions]; result: string };
  join: { args: [link: string, options: JoinOptions]; result: Handle };
  send: { args: [meeting: number, text: string, replyTo: string | null]; result: void };
  edit: { args: [meeting: number, message: string, text: string]; result: void };
  delete: { args: [meeting: number, message: string]; result: void };
  retry: { args: [meeting: number, message: string]; result: void };
  discard: { args: [meeting: number, message: string]; result: void };
  react: { args: [meeting: number, message: string, sign: string, on: boolean]; result: void };
  setMedia: { args: [meeting: number, media: Partial<MediaState>]; result: void };
  govern: { args: [meeting: number, act: HostAct]; result: void };
  rejoin: { args: [meeting: number]; result: void };
  leave: { args: [meeting: number]; result: { readonly confirmed: boolean } };
  close: { args: [meeting: number]; result: void };
  computeCode: { args: [meeting: number]; result: readonly string[] };
  offer: { args: [meeting: number, sdp: string, tracks: ReadonlyMap<string, TrackRole>, restart: boolean]; result: RelayAnswer };
  watch: { args: [meeting: number, streams: readonly string[], small: readonly string[]]; result: void };
  leaveMedia: { args: [meeting: number]; result: void };
  countDropped: { args: [meeting: number, frames: number]; result: void };
  sendFile: { args: [meeting: number, file: GivenFile]; result: string };
  pauseFile: { args: [meeting: number, transfer: string]; result: void };
  resumeFile: { args: [meeting: number, transfer: string]; result: void };
  cancelFile: { args: [meeting: number, transfer: string]; result: void };
  saveFile: { args: [meeting: number, message: string, chosen: SavedFile | null]; result: Blob | null };
  previewFile: { args: [meeting: number, message: string]; result: Preview | null };
  documentFile: { args: [meeting: number, message: string]; result: ArrayBuffer | null };
  /** The port is transferred: the worker writes the epochs' keys into it. */
  keyPort: { args: [meeting: number, port: MessagePort]; result: void };
}

export type CallName = keyof Calls;

/** From the page. */
export interface CallMessage<N extends CallName = CallName> {
  readonly call: N;
  readonly id: number;
  readonly args: Calls[N]["args"];
}

/** From the worker. */
export type WorkerMessage =
  | { readonly kind: "result"; readonly id: number; readonly result: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly code: string; readonly detail: string }
  /** `messages` is null where they are as before: a long chat is not copied at every change of something else. */
  | { readonly kind: "state"; readonly meeting: number; readonly state: Omit<MeetingState, "messages">; readonly messages: readonly Message[] | null }
  /** What the page may bring to the server when it is closed: a goodbye, and no secret. */
  | { readonly kind: "farewell"; readonly meeting: number; readonly call: Uint8Array<ArrayBuffer> | null }
  | { readonly kind: "media"; readonly meeting: number; readonly event: RelayEvent };
