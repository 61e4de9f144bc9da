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


class Child(Struct, array_like=True, frozen=True):
    """One entry of a node's ordered list of children: the first is the group's next epoch
    (delivery.md 3).
    """

    node: NodeId
    commit: bytes
    epoch_key: EpochKey
    receipt: Receipt


class Row(Struct, array_like=True, frozen=True):
    """One application message of a node, at its place in the group's log."""

    body: bytes
    receipt: Receipt


class WaitingKnock(Struct, array_like=True, frozen=True):
    """A knock that waits at the group's door."""

    id: KnockId
    body: bytes


class Item(Struct, array_like=True, frozen=True):
    """One sealed item of an inbox."""

    position: Position
    body: bytes


class Stream(Struct, array_like=True, frozen=True):
    """A media stream at the relay, by a random id: whose it is stands in the group's own
    messages.
    """

    id: StreamId
    kind: Literal["audio", "video"]


class Opened(Struct, array_like=True, frozen=True, tag="opened"):
    """The generation is this group; its log stands at `receipt`."""

    node: NodeId
    receipt: Receipt


class Meeting(Struct, array_like=True, frozen=True, tag="meeting"):
    """What stands under an alias: `announcement` is None while nobody is connected to answer a
    knock.
    """

    generation: int
    opener_key: Bytes32
    announcement: bytes | None


class Knocking(Struct, array_like=True, frozen=True, tag="knocking"):
    """The knock waits under this id; `announcement` is the one that stands now."""

    id: KnockId
    announcement: bytes | None


class Entered(Struct, array_like=True, frozen=True, tag="entered"):
    """The rows of the node after the asked position, its children, and who waits at the door.

    `more` says that rows were left out: enter again from the last one. Children are given once no
    row is left.
    """

    rows: list[Row]
    more: bool
    children: list[Child]
    knocks: list[WaitingKnock]
    receipt: Receipt
    streams: list[Stream]


class Appended(Struct, array_like=True, frozen=True, tag="appended"):
    """The commit or message is durable at this place of the log; `node` is the new child, or the
    node itself.
    """

    node: NodeId
    receipt: Receipt


class InboxItems(Struct, array_like=True, frozen=True, tag="inbox_items"):
    """An inbox's items after the asked position, oldest first."""

    items: list[Item]
    more: bool


class MediaAnswer(Struct, array_like=True, frozen=True, tag="media_answer"):
    """The relay's answer; `published` maps mids to the stream ids given to them; `streams` are
    the others' now.
    """

    answer: str
    published: dict[str, StreamId]
    streams: list[Stream]


class Done(Struct, array_like=True, frozen=True, tag="done"):
    """The request was carried out; there is nothing to tell."""


Result = Opened | Meeting | Knocking | Entered | Appended | InboxItems | MediaAnswer | Done

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
    "no_media",
    "bad_offer",
    "storage_full",
    "internal",
]


class Refusal(Struct, array_like=True, frozen=True):
    """Why a request was not carried out. `child` goes with stale and conflict; `retry_after` is
    in milliseconds.
    """

    code: RefusalCode
    detail: str
    retry_after: int | None
    child: Child | None


class Hello(Struct, array_like=True, frozen=True, tag="hello"):
    """The first message of a connection. `challenge` binds proofs to it; `now` is the server's
    clock in Unix seconds.

    `server_key` is the Ed25519 key that signs receipts; the log id is made of
    it (wire.md 2).
    """

    version: int
    server_key: Bytes32
    challenge: Bytes32
    now: int
    max_body: int


class Reply(Struct, array_like=True, frozen=True, tag="reply"):
    """The answer to the call of the same id."""

    id: Id
    result: Result


class Refused(Struct, array_like=True, frozen=True, tag="refused"):
    """The refusal of the call of the same id."""

    id: Id
    refusal: Refusal


class RowEvent(Struct, array_like=True, frozen=True, tag="row"):
    """A message was appended under the node that this connection has entered."""

    group: GroupId
    node: NodeId
    row: Row


class ChildEvent(Struct, array_like=True, frozen=True, tag="child"):
    """The group moved on: no more of the old node follows. Enter the child's node to read on."""

    group: GroupId
    parent: NodeId
    child: Child


class WhisperEvent(Struct, array_like=True, frozen=True, tag="whispered"):
    """A whisper under the node."""

    group: GroupId
    node: NodeId
    body: bytes


class KnockEvent(Struct, array_like=True, frozen=True, tag="knocked"):
    """Someone knocks."""

    group: GroupId
    knock: WaitingKnock


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
    announcement: bytes | None


class InboxEvent(Struct, array_like=True, frozen=True, tag="item"):
    """An item came into an inbox that this connection has opened."""

    inbox: InboxId
    item: Item


class StreamAdded(Struct, array_like=True, frozen=True, tag="stream_added"):
    """A stream can be received at the group's relay."""

    group: GroupId
    stream: Stream


class StreamRemoved(Struct, array_like=True, frozen=True, tag="stream_removed"):
    """A stream ended."""

    group: GroupId
    stream: StreamId


class MediaEnded(Struct, array_like=True, frozen=True, tag="media_ended"):
    """This connection's media session ended: offer again with `restart`, except after `stale`.

    lost: the path died; relay: the relay restarted; stale: the new epoch was not entered within 10
    s.
    """

    group: GroupId
    reason: Literal["lost", "relay", "stale"]


class Goodbye(Struct, array_like=True, frozen=True, tag="goodbye"):
    """The server closes the connection: come back after `retry_after` milliseconds."""

    reason: Literal["shutdown", "slow", "idle"]
    retry_after: int


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
