/** What the screens draw and what they call: values and actions, so that they know neither network nor devices. */

import type { HostAct } from "@segel/client/api";
import type { Failure, MeetingState } from "@segel/client/state";
import type { LocalState, MediaState, StreamId, Unsupported } from "@segel/media/state";
import type { Outlook } from "./state/outlook.js";

/** One kind of data that the operator declares to keep. */
export interface Kept {
  readonly what: string;
  readonly why: string;
  readonly until: string;
}

/** The answer of `GET /v1/server` (docs/protocol/wire.md 8); empty strings say that nothing was said. */
export interface ServerInfo {
  readonly operator: string;
  readonly location: string;
  readonly contact: string;
  readonly starters: "anyone" | "invited";
  /** The protocol's version that the server speaks. */
  readonly protocol: number;
  readonly keeps: readonly Kept[];
}

/** What this page knows of its server. */
export type ServerAnswer =
  | { readonly state: "asking" }
  | { readonly state: "gone" }
  | { readonly state: "known"; readonly info: ServerInfo };

export type Purpose = "start" | "join";
export type Panel = "chat" | "people" | "seal";
export type DeviceKind = "microphone" | "camera" | "speaker";

export interface HomeView {
  readonly server: ServerAnswer;
  readonly invitation: string;
}

/** Who comes into a meeting that one starts: `LinkOptions.door` of the client. */
export type WayIn = "link" | "lobby" | "equals";

export interface HomeActions {
  readonly plan: () => void;
  readonly start: (invitation: string) => void;
}

export interface PlanActions {
  /** A link that lasts until the instant, in milliseconds of Unix time. */
  readonly makeLink: (way: WayIn, until: number) => Promise<string>;
  readonly go: (link: string) => void;
  readonly home: () => void;
}

export interface DoorView {
  readonly wayIn: WayIn;
  readonly purpose: Purpose;
  readonly server: ServerAnswer;
  readonly local: LocalState;
  readonly unsupported: Unsupported | null;
  readonly name: string;
  readonly busy: boolean;
  readonly failure: Failure | null;
}

export interface DeviceActions {
  readonly setMicrophone: (on: boolean) => void;
  readonly setCamera: (on: boolean) => void;
  readonly choose: (kind: DeviceKind, id: string | null) => void;
}

export interface DoorActions extends DeviceActions {
  readonly useDevices: () => void;
  readonly chooseWayIn: (way: WayIn) => void;
  /** Go in; with `devices`, those not yet asked for are asked for first. */
  readonly enter: (name: string, devices: boolean) => void;
}

export interface MeetingView {
  readonly state: MeetingState;
  readonly media: MediaState;
  readonly outlook: Outlook;
  readonly link: string;
  readonly panel: Panel | null;
  readonly unread: number;
  /** The last thing that a host did, did not go through. */
  readonly notDone: boolean;
}

export interface HostActions {
  /** Do it; that it did not go through is shown. */
  readonly govern: (act: HostAct) => void;
}

/** A picture that is shown: an address of this page's own, and its size in pixels. */
export interface Shown {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

export interface FileActions {
  readonly give: (files: readonly File[]) => void;
  readonly pause: (transfer: string) => void;
  readonly resume: (transfer: string) => void;
  readonly cancel: (transfer: string) => void;
  readonly save: (message: string, name: string) => void;
  /** The picture that a message's file is; null where it is none. Whoever gets it revokes its address. */
  readonly preview: (message: string) => Promise<Shown | null>;
  /** The PDF that a message's file is; null where it is none. */
  readonly document: (message: string) => Promise<ArrayBuffer | null>;
}

export interface ChatActions {
  readonly files: FileActions;
  readonly send: (text: string, replyTo: string | null) => void;
  readonly edit: (message: string, text: string) => void;
  readonly remove: (message: string) => void;
  /** Send what was not sent; or take it out of the chat. */
  readonly retry: (message: string) => void;
  readonly discard: (message: string) => void;
  readonly react: (message: string, sign: string, on: boolean) => void;
}

export interface MeetingActions extends DeviceActions, ChatActions, HostActions {
  readonly open: (panel: Panel | null) => void;
  /** Which pictures are on screen, with their heights in CSS pixels. */
  readonly setVisible: (streams: ReadonlyMap<StreamId, number>) => void;
  /** Let the person pick a screen, window or tab; or share it no longer. */
  readonly shareScreen: (on: boolean) => void;
  readonly look: (change: Partial<Outlook>) => void;
  readonly raiseHand: (up: boolean) => void;
  /** Begin or end to speak while something is held. */
  readonly talk: (on: boolean) => void;
  readonly computeCode: () => void;
  readonly copyLink: () => Promise<void>;
  readonly leave: () => void;
  /** Wait no longer to be let in: back to the door, or to the start page where the meeting was not begun. */
  readonly cancel: () => void;
  /** Try a connection that is away at once. */
  readonly reconnect: () => void;
  readonly rejoin: () => void;
  readonly home: () => void;
}
