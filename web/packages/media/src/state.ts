/**
 * What a user interface draws of a meeting's media: immutable snapshots, replaced on every change.
 *
 * `LocalState` is one's own devices, usable at the door before any meeting; `MediaState` adds the
 * connection to the relay and everybody else's streams.
 */

import type { StreamKind } from "@segel/client/state";

export type { StreamKind };

/** What a stream carries. */
export type Kind = "audio" | "video";

/** A stream's id at the relay: 16 bytes in lower-case hexadecimal, so that it compares as a string. */
export type StreamId = string;

/**
 * Why a device cannot be used.
 *
 * - `denied`: the person or the browser said no; it can be changed in the browser's settings.
 * - `none`: no such device is connected.
 * - `busy`: another program has it, or the system refuses it.
 * - `unplugged`: the one in use is gone; where its state is `on` or `muted`, another one took its place.
 * - `insecure`: the page was not opened by https (or localhost), so browsers offer no devices.
 */
export type DeviceProblem = "denied" | "none" | "busy" | "unplugged" | "insecure";

/** Why media cannot be sealed in this browser; it then takes part by text only, never in the clear. */
export type Unsupported = "no_peer_connection" | "no_encoded_transform" | "insecure";

/** A microphone, camera or loudspeaker. `label` is empty until the person allowed one. */
export interface Device {
  readonly id: string;
  readonly label: string;
}

/** The devices of one kind; `chosen` is null while the browser's default is used. */
export interface DeviceList {
  readonly all: readonly Device[];
  readonly chosen: string | null;
}

/** One's own microphone. `muted`: allowed and warm, but nothing is sent. */
export interface MicrophoneState {
  readonly state: "off" | "starting" | "on" | "muted";
  readonly problem: DeviceProblem | null;
  /** Loudness now, 0 to 1. */
  readonly level: number;
  readonly speaking: boolean;
}

/** One's own camera. `off` means that the device is released and its light is out. */
export interface CameraState {
  readonly state: "off" | "starting" | "on";
  readonly problem: DeviceProblem | null;
  /** For a self view's `srcObject`; null while off. */
  readonly picture: MediaStream | null;
}

/**
 * Why nothing is shared.
 *
 * - `refused`: the picker was closed, or the browser or the system does not allow it; browsers do not say which.
 * - `busy`: the system cannot give it now.
 * - `unsupported`: this browser cannot share a screen, as on telephones.
 */
export type ScreenProblem = "refused" | "busy" | "unsupported";

/** One's own shared screen, window or tab. */
export interface ScreenState {
  readonly state: "off" | "starting" | "on";
  readonly problem: ScreenProblem | null;
  /** What is shared; null while nothing is. */
  readonly picture: MediaStream | null;
  /** Whether its sound is shared too: the browser and what was picked decide it. */
  readonly sound: boolean;
}

/** One's own side. */
export interface LocalState {
  readonly microphone: MicrophoneState;
  readonly camera: CameraState;
  readonly screen: ScreenState;
  readonly microphones: DeviceList;
  readonly cameras: DeviceList;
  readonly speakers: DeviceList;
}

/** Somebody else's microphone, camera or shared screen, as it arrives here. */
export interface RemoteStream {
  readonly stream: StreamId;
  /** Whose it is; null until the member's *here* whisper said so. Nothing is shown or heard before. */
  readonly leaf: number | null;
  /** As its owner says; before, as the relay knows it: `audio` or `video`. */
  readonly kind: StreamKind;
  /** For a `video` or `audio` element's `srcObject`; another object once the connection was rebuilt. */
  readonly media: MediaStream;
  /** Loudness now, 0 to 1; always 0 for video. */
  readonly level: number;
  readonly speaking: boolean;
  /** Whether sealed frames are being opened: false before the first one and after 2 s without any. */
  readonly flowing: boolean;
}

/**
 * Frames that were refused, by cause.
 *
 * - `malformed`: no sealed frame. `unknown_key`: of an epoch or context that is not ours.
 * - `wrong_member`: sealed by another member than the one whose stream it is.
 * - `forged`: the seal does not open. `replayed`: seen before, or too old.
 * - `unsent`: an own frame that was not sent, because no key was there to seal it.
 */
export interface DroppedFrames {
  readonly malformed: number;
  readonly unknown_key: number;
  readonly wrong_member: number;
  readonly forged: number;
  readonly replayed: number;
  readonly unsent: number;
}

/** What makes a connection worse: packets that are lost, a long way, pictures that stand still. */
export type LinkReason = "loss" | "delay" | "freezes";

/** How well somebody comes through here, over the last two seconds; `reasons` is empty where it is good. */
export interface LinkQuality {
  readonly grade: "good" | "fair" | "poor";
  readonly reasons: readonly LinkReason[];
}

/** The meeting's media, whole. */
export interface MediaState {
  /** `lost`: being rebuilt; streams stay in the list, not flowing. */
  readonly connection: "off" | "connecting" | "connected" | "lost";
  /** Null where sealed media work. */
  readonly unsupported: Unsupported | null;
  readonly local: LocalState;
  /** The ids of one's own streams at the relay; null for what is not there. */
  readonly published: Readonly<Record<StreamKind, StreamId | null>>;
  readonly streams: readonly RemoteStream[];
  readonly dropped: DroppedFrames;
  /** How everybody comes through, by leaf; who sends nothing is not in it. The way to the relay counts for all. */
  readonly quality: ReadonlyMap<number, LinkQuality>;
}

/** Anything with a snapshot and listeners; a listener gets each new snapshot, not the present one. */
export interface Observable<State> {
  readonly state: State;
  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: State) => void): () => void;
}

/**
 * One's own devices: class `LocalMedia` (local.ts). No method throws: what went wrong is in the state.
 */
export interface Local extends Observable<LocalState> {
  /** Ask for both, only after the person pressed something; what is refused becomes a `problem`. */
  useDevices(wanted: { readonly microphone: boolean; readonly camera: boolean }): Promise<void>;
  /** Unmute (asks for the device where needed) or mute. */
  setMicrophone(on: boolean): Promise<void>;
  /** Start or release the camera. */
  setCamera(on: boolean): Promise<void>;
  /** Share a screen, window or tab, with its sound where the browser gives it. Only within a press of the person's. */
  shareScreen(): Promise<void>;
  stopSharing(): void;
  /** Use this device from now on and in later meetings; null for the browser's default. */
  choose(kind: "microphone" | "camera" | "speaker", id: string | null): Promise<void>;
  /** Release every device. */
  close(): void;
}

/** A meeting's media: class `MediaSession` (session.ts), made from a `LocalMedia` and a meeting's seam. */
export interface Session extends Observable<MediaState> {
  /** Connect to the relay; further calls do nothing. */
  start(): void;
  /**
   * Which streams with a picture are on screen, each with its height there in CSS pixels: the relay sends no
   * others, and thins out what is shown small. Before the first call, all are shown large.
   */
  setVisible(streams: ReadonlyMap<StreamId, number>): void;
  /** Leave the relay. The devices stay with `LocalMedia`. */
  close(): Promise<void>;
}
