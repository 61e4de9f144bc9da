// Printed by `python -m segel.core.wire.typescript` from the schema; never edited by hand.

export const VERSION = 1;
export const MAX_BODY = 1310720;
export const MAX_FRAME = 1376256;
export const MAX_WHISPER = 16384;
export const MAX_KNOCK = 32768;
export const MAX_SDP = 131072;
export const MAX_EXPIRY = 120;

export type RefusalCode =
  | "malformed"
  | "unknown_method"
  | "too_large"
  | "slow_down"
  | "unknown_group"
  | "unknown_node"
  | "not_proven"
  | "bad_signature"
  | "expired"
  | "replayed"
  | "stale"
  | "conflict"
  | "taken"
  | "unknown_alias"
  | "invitation_required"
  | "bad_invitation"
  | "unknown_inbox"
  | "bad_token"
  | "inbox_full"
  | "quota"
  | "no_media"
  | "bad_offer"
  | "storage_full"
  | "internal";

/** A signature on one request by a node's epoch key, where no connection vouches for it. */
export interface Proof {
  group: Uint8Array;
  node: Uint8Array;
  nonce: Uint8Array;
  expiry: number;
  signature: Uint8Array;
}

/** One request on a connection. body is the encoded Request, as bytes since the proof
 * signs its hash.
 *  */
export interface Call {
  type: "call";
  id: number;
  body: Uint8Array;
  proof: Proof | null;
}

/** Create the group of a meeting's generation: compare-and-set on (alias, generation). *Open*. */
export interface OpenGeneration {
  type: "open_generation";
  alias: Uint8Array;
  generation: number;
  group: Uint8Array;
  epoch_key: Uint8Array;
  ttl_days: 1 | 7 | 30 | 90;
  opener_key: Uint8Array;
  signature: Uint8Array;
  announcement: Uint8Array;
  invitation: Uint8Array | null;
}

/** Ask what stands under an alias. *Open*. Answer: Meeting. Refusal: unknown_alias. */
export interface FindMeeting {
  type: "find_meeting";
  alias: Uint8Array;
}

/** Ask to be let in; replaces this connection's earlier knock at the alias. *Open*. */
export interface Knock {
  type: "knock";
  alias: Uint8Array;
  body: Uint8Array;
}

/** Take this connection's knock at the alias back. *Open*. Answer: Done. */
export interface Withdraw {
  type: "withdraw";
  alias: Uint8Array;
}

/** Publish the current epoch's knock key under the meeting's alias. *Node*, the latest. */
export interface Announce {
  type: "announce";
  group: Uint8Array;
  node: Uint8Array;
  alias: Uint8Array;
  announcement: Uint8Array;
}

/** Drop knocks that were answered or refused. *Node*, the latest. Answer: Done.
 * Refusal: stale.
 *  */
export interface Dismiss {
  type: "dismiss";
  group: Uint8Array;
  node: Uint8Array;
  knocks: Uint8Array[];
}

/** Prove a node's epoch key on this connection, read its rows, and subscribe to it. *Open*. */
export interface Enter {
  type: "enter";
  group: Uint8Array;
  node: Uint8Array;
  after: number;
  signature: Uint8Array;
}

/** End this connection's subscription and its media in the group. *Open*. Answer: Done. */
export interface Exit {
  type: "exit";
  group: Uint8Array;
}

/** Append a commit as the first child of node: compare-and-set. *Node*. Answer: Appended. */
export interface Commit {
  type: "commit";
  group: Uint8Array;
  node: Uint8Array;
  commit: Uint8Array;
  child_key: Uint8Array;
  announcement: Uint8Array | null;
}

/** Append an application message to the log under node. *Node*. Answer: Appended. */
export interface Append {
  type: "append";
  group: Uint8Array;
  node: Uint8Array;
  body: Uint8Array;
}

/** Relay a sealed message to the node's subscribers; it is never stored. *Node*. Answer:
 * Done, also under a node that has a child, where nobody hears it.
 *  */
export interface Whisper {
  type: "whisper";
  group: Uint8Array;
  node: Uint8Array;
  body: Uint8Array;
}

/** Make the sealed mailbox whose id is made of key (wire.md 2). *Open*. */
export interface CreateInbox {
  type: "create_inbox";
  key: Uint8Array;
  token_hash: Uint8Array;
  ttl_days: 1 | 7 | 30 | 90;
}

/** Put a sealed item into an inbox. *Open*, by delivery token. Answer: Done. */
export interface Deliver {
  type: "deliver";
  inbox: Uint8Array;
  token: Uint8Array;
  body: Uint8Array;
}

/** Read an inbox and subscribe to it. *Device*. */
export interface OpenInbox {
  type: "open_inbox";
  inbox: Uint8Array;
  after: number;
  signature: Uint8Array;
}

/** Delete an inbox's items up to and including upto. *Device*, opened on this connection. */
export interface ClearInbox {
  type: "clear_inbox";
  inbox: Uint8Array;
  upto: number;
}

/** Make room for a sealed file, which then comes over HTTP (blobs.md 2). *Node*, the latest. */
export interface CreateBlob {
  type: "create_blob";
  group: Uint8Array;
  node: Uint8Array;
  name: Uint8Array;
  token_hash: Uint8Array;
  size: number;
}

/** A track of an offer that the client sends: the server gives it a stream id. */
export interface Publish {
  type: "publish";
  kind: "audio" | "video";
}

/** A track of an offer on which the client receives the stream. */
export interface Receive {
  type: "receive";
  stream: Uint8Array;
}

/** Join the group's relay, or renegotiate (RFC 8829). *Node*, the latest. Answer: MediaAnswer. */
export interface OfferMedia {
  type: "offer_media";
  group: Uint8Array;
  node: Uint8Array;
  offer: string;
  tracks: Record<string, Publish | Receive>;
  restart: boolean;
}

/** Say which video streams are on screen; of those there are now no others are sent. *Node*. */
export interface WatchMedia {
  type: "watch_media";
  group: Uint8Array;
  node: Uint8Array;
  streams: Uint8Array[];
  small: Uint8Array[];
}

/** Leave the group's relay. *Open*. Answer: Done. */
export interface LeaveMedia {
  type: "leave_media";
  group: Uint8Array;
}

/** Ask whether the connection lives. *Open*. Answer: Done. */
export interface Ping {
  type: "ping";
}

/** The server's signature over (group, position, head) (wire.md 3). Two for one
 * position are proof.
 *  */
export interface Receipt {
  position: number;
  head: Uint8Array;
  signature: Uint8Array;
}

/** The generation is this group; its log stands at receipt. */
export interface Opened {
  type: "opened";
  node: Uint8Array;
  receipt: Receipt;
}

/** What stands under an alias: announcement is None while nobody is connected to answer a
 * knock.
 *  */
export interface Meeting {
  type: "meeting";
  generation: number;
  opener_key: Uint8Array;
  announcement: Uint8Array | null;
}

/** The knock waits under this id; announcement is the one that stands now. */
export interface Knocking {
  type: "knocking";
  id: Uint8Array;
  announcement: Uint8Array | null;
}

/** One application message of a node, at its place in the group's log. */
export interface Row {
  body: Uint8Array;
  receipt: Receipt;
}

/** One entry of a node's ordered list of children: the first is the group's next epoch
 * (delivery.md 3).
 *  */
export interface Child {
  node: Uint8Array;
  commit: Uint8Array;
  epoch_key: Uint8Array;
  receipt: Receipt;
}

/** A knock that waits at the group's door. */
export interface WaitingKnock {
  id: Uint8Array;
  body: Uint8Array;
}

/** A media stream at the relay, by a random id: whose it is stands in the group's own
 * messages.
 *  */
export interface Stream {
  id: Uint8Array;
  kind: "audio" | "video";
}

/** The rows of the node after the asked position, its children, and who waits at the door. */
export interface Entered {
  type: "entered";
  rows: Row[];
  more: boolean;
  children: Child[];
  knocks: WaitingKnock[];
  receipt: Receipt;
  streams: Stream[];
}

/** The commit or message is durable at this place of the log; node is the new child, or the
 * node itself.
 *  */
export interface Appended {
  type: "appended";
  node: Uint8Array;
  receipt: Receipt;
}

/** One sealed item of an inbox. */
export interface Item {
  position: number;
  body: Uint8Array;
}

/** An inbox's items after the asked position, oldest first. */
export interface InboxItems {
  type: "inbox_items";
  items: Item[];
  more: boolean;
}

/** There is room for the blob; send it by HTTP (blobs.md 3). */
export interface BlobCreated {
  type: "blob_created";
  offset: number;
  expires: number;
}

/** The relay's answer; published maps mids to the stream ids given to them; streams are
 * the others' now.
 *  */
export interface MediaAnswer {
  type: "media_answer";
  answer: string;
  published: Record<string, Uint8Array>;
  streams: Stream[];
}

/** The request was carried out; there is nothing to tell. */
export interface Done {
  type: "done";
}

/** A message was appended under the node that this connection has entered. */
export interface RowEvent {
  type: "row";
  group: Uint8Array;
  node: Uint8Array;
  row: Row;
}

/** The group moved on: no more of the old node follows. Enter the child's node to read on. */
export interface ChildEvent {
  type: "child";
  group: Uint8Array;
  parent: Uint8Array;
  child: Child;
}

/** A whisper under the node. */
export interface WhisperEvent {
  type: "whispered";
  group: Uint8Array;
  node: Uint8Array;
  body: Uint8Array;
}

/** Someone knocks. */
export interface KnockEvent {
  type: "knocked";
  group: Uint8Array;
  knock: WaitingKnock;
}

/** A knock was withdrawn, replaced, dismissed, or its connection ended. */
export interface KnockGone {
  type: "knock_gone";
  group: Uint8Array;
  id: Uint8Array;
}

/** For a connection with a knock at the alias: the announcement changed. Knock again, sealed
 * to the new key.
 *  */
export interface Announced {
  type: "announced";
  alias: Uint8Array;
  generation: number;
  announcement: Uint8Array | null;
}

/** An item came into an inbox that this connection has opened. */
export interface InboxEvent {
  type: "item";
  inbox: Uint8Array;
  item: Item;
}

/** A stream can be received at the group's relay. */
export interface StreamAdded {
  type: "stream_added";
  group: Uint8Array;
  stream: Stream;
}

/** A stream ended. */
export interface StreamRemoved {
  type: "stream_removed";
  group: Uint8Array;
  stream: Uint8Array;
}

/** This connection's media session ended: offer again with restart. */
export interface MediaEnded {
  type: "media_ended";
  group: Uint8Array;
  reason: "lost" | "relay" | "stale";
}

/** The server closes the connection: come back after retry_after milliseconds. */
export interface Goodbye {
  type: "goodbye";
  reason: "idle" | "shutdown" | "slow";
  retry_after: number;
}

/** The first message of a connection. What is signed names its challenge. */
export interface Hello {
  type: "hello";
  version: number;
  server_key: Uint8Array;
  challenge: Uint8Array;
  now: number;
  max_body: number;
}

/** The answer to the call of the same id. */
export interface Reply {
  type: "reply";
  id: number;
  result: Result;
}

/** Why a request was not carried out. */
export interface Refusal {
  code: RefusalCode;
  detail: string;
  retry_after: number | null;
  child: Child | null;
  room: number | null;
}

/** The refusal of the call of the same id. */
export interface Refused {
  type: "refused";
  id: number;
  refusal: Refusal;
}

export type Request =
  | OpenGeneration
  | FindMeeting
  | Knock
  | Withdraw
  | Announce
  | Dismiss
  | Enter
  | Exit
  | Commit
  | Append
  | Whisper
  | CreateInbox
  | Deliver
  | OpenInbox
  | ClearInbox
  | CreateBlob
  | OfferMedia
  | WatchMedia
  | LeaveMedia
  | Ping;

export type Result =
  | Opened
  | Meeting
  | Knocking
  | Entered
  | Appended
  | InboxItems
  | BlobCreated
  | MediaAnswer
  | Done;

export type Event =
  | RowEvent
  | ChildEvent
  | WhisperEvent
  | KnockEvent
  | KnockGone
  | Announced
  | InboxEvent
  | StreamAdded
  | StreamRemoved
  | MediaEnded
  | Goodbye;

export type ServerMessage =
  | Hello
  | Reply
  | Refused
  | RowEvent
  | ChildEvent
  | WhisperEvent
  | KnockEvent
  | KnockGone
  | Announced
  | InboxEvent
  | StreamAdded
  | StreamRemoved
  | MediaEnded
  | Goodbye;

export type Field =
  | readonly ["bytes" | "text" | "int", number, number]
  | readonly ["bool"]
  | readonly ["enum", readonly (string | number)[]]
  | readonly ["struct", string]
  | readonly ["union", readonly string[]]
  | readonly ["optional", Field]
  | readonly ["list", Field, number]
  | readonly ["map", Field, Field, number];
export interface Shape {
  tag: string | null;
  fields: readonly (readonly [string, Field])[];
}

export const SCHEMA: Readonly<Record<string, Shape>> = {
  Proof: {
    tag: null,
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["nonce", ["bytes", 16, 16]],
      ["expiry", ["int", 0, 1099511627776]],
      ["signature", ["bytes", 64, 64]],
    ],
  },
  Call: {
    tag: "call",
    fields: [
      ["id", ["int", 0, 4294967295]],
      ["body", ["bytes", 0, 1376256]],
      ["proof", ["optional", ["struct", "Proof"]]],
    ],
  },
  OpenGeneration: {
    tag: "open_generation",
    fields: [
      ["alias", ["bytes", 32, 32]],
      ["generation", ["int", 1, 4294967295]],
      ["group", ["bytes", 32, 32]],
      ["epoch_key", ["bytes", 32, 32]],
      ["ttl_days", ["enum", [1, 7, 30, 90]]],
      ["opener_key", ["bytes", 32, 32]],
      ["signature", ["bytes", 64, 64]],
      ["announcement", ["bytes", 1, 32768]],
      ["invitation", ["optional", ["bytes", 16, 16]]],
    ],
  },
  FindMeeting: {
    tag: "find_meeting",
    fields: [
      ["alias", ["bytes", 32, 32]],
    ],
  },
  Knock: {
    tag: "knock",
    fields: [
      ["alias", ["bytes", 32, 32]],
      ["body", ["bytes", 1, 32768]],
    ],
  },
  Withdraw: {
    tag: "withdraw",
    fields: [
      ["alias", ["bytes", 32, 32]],
    ],
  },
  Announce: {
    tag: "announce",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["alias", ["bytes", 32, 32]],
      ["announcement", ["bytes", 1, 32768]],
    ],
  },
  Dismiss: {
    tag: "dismiss",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["knocks", ["list", ["bytes", 16, 16], 256]],
    ],
  },
  Enter: {
    tag: "enter",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["after", ["int", 0, 9007199254740991]],
      ["signature", ["bytes", 64, 64]],
    ],
  },
  Exit: {
    tag: "exit",
    fields: [
      ["group", ["bytes", 32, 32]],
    ],
  },
  Commit: {
    tag: "commit",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["commit", ["bytes", 1, 1310720]],
      ["child_key", ["bytes", 32, 32]],
      ["announcement", ["optional", ["bytes", 1, 32768]]],
    ],
  },
  Append: {
    tag: "append",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["body", ["bytes", 1, 1310720]],
    ],
  },
  Whisper: {
    tag: "whisper",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["body", ["bytes", 1, 16384]],
    ],
  },
  CreateInbox: {
    tag: "create_inbox",
    fields: [
      ["key", ["bytes", 32, 32]],
      ["token_hash", ["bytes", 32, 32]],
      ["ttl_days", ["enum", [1, 7, 30, 90]]],
    ],
  },
  Deliver: {
    tag: "deliver",
    fields: [
      ["inbox", ["bytes", 32, 32]],
      ["token", ["bytes", 16, 16]],
      ["body", ["bytes", 1, 1310720]],
    ],
  },
  OpenInbox: {
    tag: "open_inbox",
    fields: [
      ["inbox", ["bytes", 32, 32]],
      ["after", ["int", 0, 9007199254740991]],
      ["signature", ["bytes", 64, 64]],
    ],
  },
  ClearInbox: {
    tag: "clear_inbox",
    fields: [
      ["inbox", ["bytes", 32, 32]],
      ["upto", ["int", 0, 9007199254740991]],
    ],
  },
  CreateBlob: {
    tag: "create_blob",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["name", ["bytes", 32, 32]],
      ["token_hash", ["bytes", 32, 32]],
      ["size", ["int", 1, 9007199254740991]],
    ],
  },
  Publish: {
    tag: "publish",
    fields: [
      ["kind", ["enum", ["audio", "video"]]],
    ],
  },
  Receive: {
    tag: "receive",
    fields: [
      ["stream", ["bytes", 16, 16]],
    ],
  },
  OfferMedia: {
    tag: "offer_media",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["offer", ["text", 1, 131072]],
      ["tracks", ["map", ["text", 1, 16], ["union", ["Publish", "Receive"]], 128]],
      ["restart", ["bool"]],
    ],
  },
  WatchMedia: {
    tag: "watch_media",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["streams", ["list", ["bytes", 16, 16], 64]],
      ["small", ["list", ["bytes", 16, 16], 64]],
    ],
  },
  LeaveMedia: {
    tag: "leave_media",
    fields: [
      ["group", ["bytes", 32, 32]],
    ],
  },
  Ping: {
    tag: "ping",
    fields: [
    ],
  },
  Receipt: {
    tag: null,
    fields: [
      ["position", ["int", 0, 9007199254740991]],
      ["head", ["bytes", 32, 32]],
      ["signature", ["bytes", 64, 64]],
    ],
  },
  Opened: {
    tag: "opened",
    fields: [
      ["node", ["bytes", 32, 32]],
      ["receipt", ["struct", "Receipt"]],
    ],
  },
  Meeting: {
    tag: "meeting",
    fields: [
      ["generation", ["int", -9007199254740991, 9007199254740991]],
      ["opener_key", ["bytes", 32, 32]],
      ["announcement", ["optional", ["bytes", 0, 1376256]]],
    ],
  },
  Knocking: {
    tag: "knocking",
    fields: [
      ["id", ["bytes", 16, 16]],
      ["announcement", ["optional", ["bytes", 0, 1376256]]],
    ],
  },
  Row: {
    tag: null,
    fields: [
      ["body", ["bytes", 0, 1376256]],
      ["receipt", ["struct", "Receipt"]],
    ],
  },
  Child: {
    tag: null,
    fields: [
      ["node", ["bytes", 32, 32]],
      ["commit", ["bytes", 0, 1376256]],
      ["epoch_key", ["bytes", 32, 32]],
      ["receipt", ["struct", "Receipt"]],
    ],
  },
  WaitingKnock: {
    tag: null,
    fields: [
      ["id", ["bytes", 16, 16]],
      ["body", ["bytes", 0, 1376256]],
    ],
  },
  Stream: {
    tag: null,
    fields: [
      ["id", ["bytes", 16, 16]],
      ["kind", ["enum", ["audio", "video"]]],
    ],
  },
  Entered: {
    tag: "entered",
    fields: [
      ["rows", ["list", ["struct", "Row"], 1376256]],
      ["more", ["bool"]],
      ["children", ["list", ["struct", "Child"], 1376256]],
      ["knocks", ["list", ["struct", "WaitingKnock"], 1376256]],
      ["receipt", ["struct", "Receipt"]],
      ["streams", ["list", ["struct", "Stream"], 1376256]],
    ],
  },
  Appended: {
    tag: "appended",
    fields: [
      ["node", ["bytes", 32, 32]],
      ["receipt", ["struct", "Receipt"]],
    ],
  },
  Item: {
    tag: null,
    fields: [
      ["position", ["int", 0, 9007199254740991]],
      ["body", ["bytes", 0, 1376256]],
    ],
  },
  InboxItems: {
    tag: "inbox_items",
    fields: [
      ["items", ["list", ["struct", "Item"], 1376256]],
      ["more", ["bool"]],
    ],
  },
  BlobCreated: {
    tag: "blob_created",
    fields: [
      ["offset", ["int", 0, 9007199254740991]],
      ["expires", ["int", -9007199254740991, 9007199254740991]],
    ],
  },
  MediaAnswer: {
    tag: "media_answer",
    fields: [
      ["answer", ["text", 0, 1376256]],
      ["published", ["map", ["text", 0, 1376256], ["bytes", 16, 16], 1376256]],
      ["streams", ["list", ["struct", "Stream"], 1376256]],
    ],
  },
  Done: {
    tag: "done",
    fields: [
    ],
  },
  RowEvent: {
    tag: "row",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["row", ["struct", "Row"]],
    ],
  },
  ChildEvent: {
    tag: "child",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["parent", ["bytes", 32, 32]],
      ["child", ["struct", "Child"]],
    ],
  },
  WhisperEvent: {
    tag: "whispered",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["node", ["bytes", 32, 32]],
      ["body", ["bytes", 0, 1376256]],
    ],
  },
  KnockEvent: {
    tag: "knocked",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["knock", ["struct", "WaitingKnock"]],
    ],
  },
  KnockGone: {
    tag: "knock_gone",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["id", ["bytes", 16, 16]],
    ],
  },
  Announced: {
    tag: "announced",
    fields: [
      ["alias", ["bytes", 32, 32]],
      ["generation", ["int", -9007199254740991, 9007199254740991]],
      ["announcement", ["optional", ["bytes", 0, 1376256]]],
    ],
  },
  InboxEvent: {
    tag: "item",
    fields: [
      ["inbox", ["bytes", 32, 32]],
      ["item", ["struct", "Item"]],
    ],
  },
  StreamAdded: {
    tag: "stream_added",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["stream", ["struct", "Stream"]],
    ],
  },
  StreamRemoved: {
    tag: "stream_removed",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["stream", ["bytes", 16, 16]],
    ],
  },
  MediaEnded: {
    tag: "media_ended",
    fields: [
      ["group", ["bytes", 32, 32]],
      ["reason", ["enum", ["lost", "relay", "stale"]]],
    ],
  },
  Goodbye: {
    tag: "goodbye",
    fields: [
      ["reason", ["enum", ["idle", "shutdown", "slow"]]],
      ["retry_after", ["int", -9007199254740991, 9007199254740991]],
    ],
  },
  Hello: {
    tag: "hello",
    fields: [
      ["version", ["int", -9007199254740991, 9007199254740991]],
      ["server_key", ["bytes", 32, 32]],
      ["challenge", ["bytes", 32, 32]],
      ["now", ["int", -9007199254740991, 9007199254740991]],
      ["max_body", ["int", -9007199254740991, 9007199254740991]],
    ],
  },
  Reply: {
    tag: "reply",
    fields: [
      ["id", ["int", 0, 4294967295]],
      ["result", ["union", ["Opened", "Meeting", "Knocking", "Entered", "Appended", "InboxItems", "BlobCreated", "MediaAnswer", "Done"]]],
    ],
  },
  Refusal: {
    tag: null,
    fields: [
      ["code", ["enum", ["bad_invitation", "bad_offer", "bad_signature", "bad_token", "conflict", "expired", "inbox_full", "internal", "invitation_required", "malformed", "no_media", "not_proven", "quota", "replayed", "slow_down", "stale", "storage_full", "taken", "too_large", "unknown_alias", "unknown_group", "unknown_inbox", "unknown_method", "unknown_node"]]],
      ["detail", ["text", 0, 1376256]],
      ["retry_after", ["optional", ["int", -9007199254740991, 9007199254740991]]],
      ["child", ["optional", ["struct", "Child"]]],
      ["room", ["optional", ["int", -9007199254740991, 9007199254740991]]],
    ],
  },
  Refused: {
    tag: "refused",
    fields: [
      ["id", ["int", 0, 4294967295]],
      ["refusal", ["struct", "Refusal"]],
    ],
  },
};

export const UNIONS: Readonly<Record<string, readonly string[]>> = {
  Request: ["OpenGeneration", "FindMeeting", "Knock", "Withdraw", "Announce", "Dismiss", "Enter", "Exit", "Commit", "Append", "Whisper", "CreateInbox", "Deliver", "OpenInbox", "ClearInbox", "CreateBlob", "OfferMedia", "WatchMedia", "LeaveMedia", "Ping"],
  Result: ["Opened", "Meeting", "Knocking", "Entered", "Appended", "InboxItems", "BlobCreated", "MediaAnswer", "Done"],
  Event: ["RowEvent", "ChildEvent", "WhisperEvent", "KnockEvent", "KnockGone", "Announced", "InboxEvent", "StreamAdded", "StreamRemoved", "MediaEnded", "Goodbye"],
  ServerMessage: ["Hello", "Reply", "Refused", "RowEvent", "ChildEvent", "WhisperEvent", "KnockEvent", "KnockGone", "Announced", "InboxEvent", "StreamAdded", "StreamRemoved", "MediaEnded", "Goodbye"],
};
