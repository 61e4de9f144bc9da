"""What a server says to a client: answers, refusals and events (docs/protocol/wire.md 5)."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from segel.core.wire.ids import (
    Alias,
    Bytes32,
    EpochKey,
    GroupId,
    Head,
    InboxId,
    KnockId,
    NodeId,
    Position,
    Signature,
    StreamId,
)

Id = Annotated[int, Meta(ge=0, le=2**32 - 1)]


class Receipt(Struct, array_like=True, frozen=True):
    """The server's signature over (group, position, head) (wire.md 3). Two for one
    position are proof.
    """

    position: Position
    head: Head
    signature: Signature
    """The server key's over the receipt (wire.md 3)."""


class Child(Struct, array_like=True, frozen=True):
    """One entry of a node's ordered list of children: the first is the group's next epoch
    (delivery.md 3).
    """

    node: NodeId
    """The child's name, which a client checks (wire.md 2)."""
    commit: bytes
    """The commit's bytes as they were sent."""
    epoch_key: EpochKey
    """The Ed25519 public key of the child's epoch."""
    receipt: Receipt
    """The commit's place in the log."""


class Row(Struct, array_like=True, frozen=True):
    """One application message of a node, at its place in the group's log."""

    body: bytes
    """The message's bytes as they were sent."""
    receipt: Receipt
    """The message's place in the log."""


class WaitingKnock(Struct, array_like=True, frozen=True):
    """A knock that waits at the group's door."""

    id: KnockId
    body: bytes
    """The sealed knock (meeting.md 5)."""


class Item(Struct, array_like=True, frozen=True):
    """One sealed item of an inbox."""

    position: Position
    """Its place in the inbox: 1, 2 and so on, never given twice."""
    body: bytes
    """The item's bytes as they were sent."""


class Stream(Struct, array_like=True, frozen=True):
    """A media stream at the relay, by a random id: whose it is stands in the group's own
    messages.
    """

    id: StreamId
    kind: Literal["audio", "video"]
    """Opus or VP8 (media.md 2)."""


class Opened(Struct, array_like=True, frozen=True, tag="opened"):
    """The generation is this group; its log stands at `receipt`."""

    node: NodeId
    """The root node (wire.md 2), which a client checks."""
    receipt: Receipt
    """The log's end: position 0 while nothing was appended."""


class Meeting(Struct, array_like=True, frozen=True, tag="meeting"):
    """What stands under an alias: `announcement` is None while nobody is connected to answer a
    knock.
    """

    generation: int
    """The generation that stands."""
    opener_key: Bytes32
    """The opener's Ed25519 public key; it MUST be the link's."""
    announcement: bytes | None
    """What stands at the door (meeting.md 5)."""


class Knocking(Struct, array_like=True, frozen=True, tag="knocking"):
    """The knock waits under this id; `announcement` is the one that stands now."""

    id: KnockId
    announcement: bytes | None
    """What stands at the door now: where it is not what was sealed to, knock again."""


class Entered(Struct, array_like=True, frozen=True, tag="entered"):
    """The rows of the node after the asked position, its children, and who waits at the door.

    The connection is subscribed to the node once `more` is false and there is no child.
    """

    rows: list[Row]
    """The node's messages after the asked place, in the log's order: at most 400, or 1 310 720
    bytes.
    """
    more: bool
    """Rows or the child were left out: enter again from the last row."""
    children: list[Child]
    """The node's children, once no row is left."""
    knocks: list[WaitingKnock]
    """Who waits at the door; others follow as events. None where there is a child."""
    receipt: Receipt
    """The first child's where there is one, else the log's end."""
    streams: list[Stream]
    """What others send at the relay; none where there is a child."""


class Appended(Struct, array_like=True, frozen=True, tag="appended"):
    """The commit or message is durable at this place of the log; `node` is the new child, or the
    node itself.
    """

    node: NodeId
    """The child that the commit made, or the message's node."""
    receipt: Receipt
    """The row's place in the log."""


class InboxItems(Struct, array_like=True, frozen=True, tag="inbox_items"):
    """An inbox's items after the asked position, oldest first."""

    items: list[Item]
    """At most 1 310 720 bytes, but one item at least."""
    more: bool
    """Items were left out: open again from the last one. Events begin once it is false."""


class BlobCreated(Struct, array_like=True, frozen=True, tag="blob_created"):
    """There is room for the blob; send it by HTTP (blobs.md 3)."""

    offset: Position
    """Bytes of the blob that are on disk: 0 unless the request came again."""
    expires: int
    """The last day on which the blob is kept, in whole days since 1970, UTC."""


class MediaAnswer(Struct, array_like=True, frozen=True, tag="media_answer"):
    """The relay's answer; `published` maps mids to the stream ids given to them; `streams` are
    the others' now.
    """

    answer: str
    """The answer (media.md 2)."""
    published: dict[str, StreamId]
    """The stream id of each mid that publishes."""
    streams: list[Stream]
    """What the others publish now."""


class Done(Struct, array_like=True, frozen=True, tag="done"):
    """The request was carried out; there is nothing to tell."""


Result = (
    Opened | Meeting | Knocking | Entered | Appended | InboxItems | BlobCreated | MediaAnswer | Done
)

RefusalCode = Literal[
    "malformed",
    "unknown_method",
    "too_large",
    "slow_down",
    "unknown_group",
    "unknown_node",
    "not_proven",
    "bad_signature",
    "expired",
    "replayed",
    "stale",
    "conflict",
    "taken",
    "unknown_alias",
    "invitation_required",
    "bad_invitation",
    "unknown_inbox",
    "bad_token",
    "inbox_full",
    "quota",
    "no_media",
    "bad_offer",
    "storage_full",
    "internal",
]


class Refusal(Struct, array_like=True, frozen=True):
    """Why a request was not carried out."""

    code: RefusalCode
    """For programs (wire.md 5)."""
    detail: str
    """For a person, in English, without any identifier."""
    retry_after: int | None
    """Milliseconds to wait before trying again; nil where nothing is known."""
    child: Child | None
    """With stale and conflict: the named node's first child."""
    room: int | None = None
    """With too_large, quota and storage_full of a blob: bytes that one may have now."""


class Hello(Struct, array_like=True, frozen=True, tag="hello"):
    """The first message of a connection. What is signed names its challenge."""

    version: int
    """The protocol's version: 1. A client that speaks no such version closes."""
    server_key: Bytes32
    """The Ed25519 key that signs receipts; the log id is made of it (wire.md 2)."""
    challenge: Bytes32
    """Random; `Enter` and `OpenInbox` sign it."""
    now: int
    """The server's clock in Unix seconds: a proof's expiry is counted from it."""
    max_body: int
    """The greatest commit, message or item in bytes: 1 310 720."""


class Reply(Struct, array_like=True, frozen=True, tag="reply"):
    """The answer to the call of the same id."""

    id: Id
    """The call's."""
    result: Result
    """One of the answers."""


class Refused(Struct, array_like=True, frozen=True, tag="refused"):
    """The refusal of the call of the same id."""

    id: Id
    """The call's; 0 for a frame that is no call."""
    refusal: Refusal
    """Why."""


class RowEvent(Struct, array_like=True, frozen=True, tag="row"):
    """A message was appended under the node that this connection has entered."""

    group: GroupId
    node: NodeId
    """The node that the message stands under."""
    row: Row
    """The message."""


class ChildEvent(Struct, array_like=True, frozen=True, tag="child"):
    """The group moved on: no more of the old node follows. Enter the child's node to read on."""

    group: GroupId
    parent: NodeId
    """The node that ended."""
    child: Child
    """The next epoch."""


class WhisperEvent(Struct, array_like=True, frozen=True, tag="whispered"):
    """A whisper under the node."""

    group: GroupId
    node: NodeId
    body: bytes
    """The sealed whisper (meeting.md 8)."""


class KnockEvent(Struct, array_like=True, frozen=True, tag="knocked"):
    """Someone knocks."""

    group: GroupId
    knock: WaitingKnock
    """The knock."""


class KnockGone(Struct, array_like=True, frozen=True, tag="knock_gone"):
    """A knock was withdrawn, replaced, dismissed, or its connection ended."""

    group: GroupId
    id: KnockId


class Announced(Struct, array_like=True, frozen=True, tag="announced"):
    """For a connection with a knock at the alias: the announcement changed. Knock again, sealed
    to the new key.
    """

    alias: Alias
    generation: int
    """The generation that stands."""
    announcement: bytes | None
    """What stands at the door now; nil: nobody is there."""


class InboxEvent(Struct, array_like=True, frozen=True, tag="item"):
    """An item came into an inbox that this connection has opened."""

    inbox: InboxId
    item: Item
    """The item."""


class StreamAdded(Struct, array_like=True, frozen=True, tag="stream_added"):
    """A stream can be received at the group's relay."""

    group: GroupId
    stream: Stream
    """The stream."""


class StreamRemoved(Struct, array_like=True, frozen=True, tag="stream_removed"):
    """A stream ended."""

    group: GroupId
    stream: StreamId


class MediaEnded(Struct, array_like=True, frozen=True, tag="media_ended"):
    """This connection's media session ended: offer again with `restart`.

    After `stale` once the new epoch is entered.
    """

    group: GroupId
    reason: Literal["lost", "relay", "stale"]
    """lost: the path died. relay: the relay restarted. stale: the new epoch was not entered
    within 10 s.
    """


class Goodbye(Struct, array_like=True, frozen=True, tag="goodbye"):
    """The server closes the connection: come back after `retry_after` milliseconds."""

    reason: Literal["shutdown", "slow", "idle"]
    """shutdown: the server ends. slow: 16 MB waited for the client. idle: nothing came for 60 s."""
    retry_after: int
    """Milliseconds to wait before coming back."""


Event = (
    RowEvent
    | ChildEvent
    | WhisperEvent
    | KnockEvent
    | KnockGone
    | Announced
    | InboxEvent
    | StreamAdded
    | StreamRemoved
    | MediaEnded
    | Goodbye
)
ServerMessage = Hello | Reply | Refused | Event
