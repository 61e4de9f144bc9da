/**
 * What a user interface shows of a meeting: one immutable value, replaced as a whole at every change.
 *
 * Nothing secret is in it. Byte strings are shown as text: accounts in base32, message ids in hex.
 */

/** Where this client stands with its meeting. */
export type Phase =
  /** The connection is being made, or the meeting looked up. */
  | "connecting"
  /** Knocking: `waiting` says at what kind of door. */
  | "waiting"
  /** A member of the group; the connection may be away for the moment (`connection`). */
  | "inside"
  /** Removed; `Meeting.rejoin` knocks again. */
  | "removed"
  /** The same account came in from elsewhere, as from another tab; `Meeting.rejoin` brings the meeting back here. */
  | "replaced"
  /** A host took this person out for good. */
  | "kicked"
  /** A host ended the meeting for all; `Meeting.rejoin` knocks again. */
  | "ended"
  /** This person left. */
  | "left"
  /** It cannot go on: `error` says why. */
  | "failed";

/** `online` as soon as the server's hello was read; `away` while tries to come back go on. */
export type Connection = "connecting" | "online" | "away";

/** What a person does with their devices, as they themselves say in their *here* whispers. */
export interface MediaState {
  readonly mic: boolean;
  readonly camera: boolean;
  readonly hand: boolean;
}

/** Which of its owner's streams one is: of the microphone, of the camera, and the picture and the sound of a shared screen. */
export type StreamKind = "audio" | "video" | "screen" | "screen-audio";

/** A media stream that a member says is theirs: its id at the relay, in hex. */
export interface OwnedStream {
  readonly id: string;
  readonly kind: StreamKind;
}

/** One member of the group: an account with the leaf that it holds in the present epoch. */
export interface Person {
  /** The account's id in base32: equal for the same person after a reload or a removal. */
  readonly account: string;
  /** The leaf's index in the MLS tree, which media streams and frames name. */
  readonly leaf: number;
  /** The name that they chose, cleaned of control characters: a claim. */
  readonly name: string;
  readonly you: boolean;
  /** Rules the meeting, with the other hosts. */
  readonly host: boolean;
  /** Heard in the last 20 seconds. */
  readonly present: boolean;
  readonly media: MediaState;
  /** The media streams that they say are theirs. */
  readonly streams: readonly OwnedStream[];
  /** When this client first saw them here, in milliseconds of Unix time. */
  readonly since: number;
}

/** `sending`: not yet stored by the server; `sent`: stored durably; `failed`: not sent until the person asks for it (`Meeting.retry`). */
export type Delivery = "sending" | "sent" | "failed";

/** A run of text, or a link that is safe to make clickable (http and https alone). */
export type TextPart = { readonly kind: "text"; readonly text: string } | { readonly kind: "link"; readonly href: string; readonly text: string };

/** What one person added to a message with one sign. */
export interface Reaction {
  readonly sign: string;
  readonly accounts: readonly string[];
  /** What the others among them called themselves then. */
  readonly others: readonly string[];
  readonly you: boolean;
}

/** A file as its message names it. Its content comes by `Meeting.files`; what it takes to read it is not here. */
export interface SharedFile {
  /** Clean: one name, nothing hidden in it, its extension at its end. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds of Unix time until which the server keeps it. */
  readonly expires: number;
}

/** Why a transfer stands still for good. */
export type FileProblem =
  /** The file on this device is another than it was, or cannot be read. */
  | "changed"
  | "unreadable"
  /** Larger than the server takes at all; than the group may still have; than the server has room for. */
  | "too_large"
  | "quota"
  | "storage_full"
  /** Expired, deleted, or never whole. */
  | "gone"
  /** The server lost what it had said to have. */
  | "lost"
  | "refused"
  /** What came is not what was sent: nothing of it was handed over. */
  | "bad"
  /** It could not be written to this device. */
  | "unwritten"
  | "internal";

/** A file on its way. */
export interface Transfer {
  readonly id: string;
  readonly direction: "up" | "down";
  /** The message whose file comes down; null for what goes up, which has none yet. */
  readonly message: string | null;
  readonly name: string;
  /** Bytes, and how many of them are there. */
  readonly size: number;
  readonly done: number;
  /** `queued`: after others; `waiting`: for the server to answer. */
  readonly state: "queued" | "running" | "waiting" | "paused" | "failed";
  readonly problem: FileProblem | null;
}

/** One chat message with what was done to it since. */
export interface Message {
  /** Hex of the MIMI message id. */
  readonly id: string;
  readonly account: string;
  /** The sender's name when it was received: shown for people who have left as well. */
  readonly name: string;
  readonly you: boolean;
  /** Milliseconds of Unix time: when this client first had it. */
  readonly at: number;
  readonly text: string;
  readonly parts: readonly TextPart[];
  /** The file that the message is about; its text is empty then. */
  readonly file: SharedFile | null;
  /** The id of the message that it answers; the message itself may be unknown here. */
  readonly replyTo: string | null;
  readonly edited: boolean;
  /** Deleted by its sender: `text` is empty. */
  readonly deleted: boolean;
  readonly reactions: readonly Reaction[];
  readonly delivery: Delivery;
}

/** Evidence that somebody did what they must not. Shown loud and plain; never goes away by itself. */
export type Alarm =
  /** The log that the server shows is not the one that its receipts or the members' messages name. */
  | { readonly kind: "forked"; readonly detail: string }
  /** A row of the log is missing. */
  | { readonly kind: "dropped"; readonly detail: string }
  /** The server no longer knows the group in which we were: it has expired, or the server was put back to an earlier day. */
  | { readonly kind: "forgotten"; readonly detail: string }
  /** The group's next epoch does not hold: this client stopped following it. */
  | { readonly kind: "bad-commit"; readonly detail: string }
  /** A message that its sender's keys do not open, or that stands where it must not. */
  | { readonly kind: "bad-message"; readonly detail: string };

/** The suites that a meeting can use; `hybrid` resists an attacker who records today and computes tomorrow. */
export type SuiteName = "hybrid" | "classic";

/** What the seal panel says. */
export interface Seal {
  readonly suite: SuiteName | null;
  /** Grows by one with every change of the group; null outside. */
  readonly epoch: number | null;
  /** Six groups of five digits, or null until `Meeting.computeCode` was called in this epoch. */
  readonly code: readonly string[] | null;
  readonly alarms: readonly Alarm[];
  /** Media frames that could not be opened, and so were not shown. */
  readonly droppedFrames: number;
  /** Whose relay forwards the media. */
  readonly relay: "this-server";
  /** `C`: a plain browser, which trusts the server for its code at each load. `A`: an installed client. */
  readonly tier: "A" | "C";
}

/** At what kind of door this client waits; null when it does not. */
export type Waiting =
  /** Somebody is there, and has not answered yet. */
  | "for-answer"
  /** Nobody is there who could open. */
  | "nobody-there"
  | null;

/** Why a meeting cannot go on; `detail` is in plain words and without identifiers. */
export interface Failure {
  readonly kind:
    | "bad-link"
    | "unknown-meeting"
    /** The link's time is over. */
    | "expired"
    /** A host said no. */
    | "refused"
    /** A host took this person out before. */
    | "banned"
    /** Nobody new comes in for now. */
    | "locked"
    /** The link was revoked. */
    | "closed"
    /** As many are in it as a meeting holds. */
    | "full"
    | "invitation"
    | "refused-commit"
    | "server"
    | "unsupported"
    | "internal";
  readonly detail: string;
}

/** Oneself: known from the first state on. */
export interface Me {
  readonly account: string;
  readonly name: string;
  readonly leaf: number | null;
  readonly media: MediaState;
  /** Can do what only a host can (`Meeting.govern`). */
  readonly host: boolean;
}

/** Who may come in, as the hosts have laid down; outside, as the link says. */
export interface Rules {
  /** Somebody rules this meeting; else all are equal. */
  readonly hosted: boolean;
  /** Hosts let newcomers in, one by one. */
  readonly lobby: boolean;
  /** Nobody new comes in. */
  readonly locked: boolean;
  /** The link lets nobody in any more. */
  readonly revoked: boolean;
  /** Until when the link lets somebody in, in milliseconds of Unix time; null where that is not said. */
  readonly until: number | null;
}

/** Somebody in the lobby, as a host sees it. */
export interface Waiter {
  readonly account: string;
  /** What they call themselves: a claim. */
  readonly name: string;
  /** Milliseconds of Unix time since when they wait. */
  readonly since: number;
}

/** What a host can ask of people: to mute themselves, or to lower their hand. */
export type Asking = "mute" | "lower-hand";

/** What a host last asked of us. `count` grows by one with each asking. */
export interface Asked {
  readonly what: Asking;
  /** The host's name. */
  readonly by: string;
  readonly count: number;
}

/** The whole of what a meeting shows. */
export interface MeetingState {
  readonly phase: Phase;
  readonly connection: Connection;
  /** Members in the order of their leaves. */
  readonly people: readonly Person[];
  /** In the order of the log; own messages not yet stored are last. */
  readonly messages: readonly Message[];
  /** Files on their way, in the order in which they began. */
  readonly transfers: readonly Transfer[];
  readonly seal: Seal;
  readonly me: Me;
  readonly rules: Rules;
  /** Who waits for a host's word; empty for all others. */
  readonly lobby: readonly Waiter[];
  readonly asked: Asked | null;
  readonly waiting: Waiting;
  readonly error: Failure | null;
}

/** Devices off, hand down. */
export const QUIET: MediaState = { mic: false, camera: false, hand: false };
