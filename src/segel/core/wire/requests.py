"""What a client asks of a server (docs/protocol/wire.md 4). One struct a request; its tag is the
method's name.

Authority, by request: *open* needs nothing; *node* needs the epoch key of the named node, proven
on the connection by `Enter` or by a `Proof` on the request; *device* needs the inbox's own key.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from segel.core.wire.ids import (
    Alias,
    Body,
    Bytes16,
    Bytes32,
    EpochKey,
    GroupId,
    InboxId,
    KnockBody,
    KnockId,
    Mid,
    NodeId,
    Position,
    Sdp,
    Signature,
    StreamId,
    WhisperBody,
)

Generation = Annotated[int, Meta(ge=1, le=2**32 - 1)]
TtlDays = Literal[1, 7, 30, 90]
Token = Bytes16


class OpenGeneration(Struct, array_like=True, frozen=True, tag="open_generation"):
    """Create the group of a meeting's generation: compare-and-set on (alias, generation). *Open*.

    `signature` is the opener key's over the opening (wire.md 3); generation 1 fixes `opener_key`
    for the alias.
    `invitation` is an operator's token where the server asks for one, else None.
    Answer: `Opened`. Refusals: taken, bad_signature, invitation_required, bad_invitation.
    """

    alias: Alias
    generation: Generation
    group: GroupId
    epoch_key: EpochKey
    ttl_days: TtlDays
    opener_key: Bytes32
    signature: Signature
    announcement: KnockBody
    invitation: Token | None


class FindMeeting(Struct, array_like=True, frozen=True, tag="find_meeting"):
    """Ask what stands under an alias. *Open*. Answer: `Meeting`. Refusal: unknown_alias."""

    alias: Alias


class Knock(Struct, array_like=True, frozen=True, tag="knock"):
    """Ask to be let in; replaces this connection's earlier knock at the alias. *Open*.

    Kept in memory while the connection lives. Answer: `Knocking`. Refusal: unknown_alias.
    """

    alias: Alias
    body: KnockBody


class Withdraw(Struct, array_like=True, frozen=True, tag="withdraw"):
    """Take this connection's knock at the alias back. *Open*. Answer: `Done`."""

    alias: Alias


class Announce(Struct, array_like=True, frozen=True, tag="announce"):
    """Publish the current epoch's knock key under the meeting's alias. *Node*, the latest.
    Answer: `Done`.
    """

    group: GroupId
    node: NodeId
    alias: Alias
    announcement: KnockBody


class Dismiss(Struct, array_like=True, frozen=True, tag="dismiss"):
    """Drop knocks that were answered or refused. *Node*, the latest. Answer: `Done`."""

    group: GroupId
    node: NodeId
    knocks: Annotated[list[KnockId], Meta(max_length=256)]


class Enter(Struct, array_like=True, frozen=True, tag="enter"):
    """Prove a node's epoch key on this connection, read its rows after `after`, and subscribe to
    it.

    `signature` is the epoch key's over the connection (wire.md 3). Answer: `Entered`.
    Refusals: unknown_group, unknown_node, bad_signature.
    """

    group: GroupId
    node: NodeId
    after: Position
    signature: Signature


class Exit(Struct, array_like=True, frozen=True, tag="exit"):
    """End this connection's subscription and its media in the group. *Open*. Answer: `Done`."""

    group: GroupId


class Commit(Struct, array_like=True, frozen=True, tag="commit"):
    """Append a commit as the first child of `node`: compare-and-set. *Node*. Answer: `Appended`.

    `announcement` replaces the one under the meeting's alias in the same step. Refusal: conflict,
    with the winner.
    """

    group: GroupId
    node: NodeId
    commit: Body
    child_key: EpochKey
    announcement: KnockBody | None


class Append(Struct, array_like=True, frozen=True, tag="append"):
    """Append an application message to the log under `node`. *Node*. Answer: `Appended`.

    Refusal: stale, with the child, once the node has one: the sender seals again in the new epoch.
    """

    group: GroupId
    node: NodeId
    body: Body


class Whisper(Struct, array_like=True, frozen=True, tag="whisper"):
    """Relay a sealed message to the node's subscribers; it is never stored. *Node*. Answer:
    `Done`.
    """

    group: GroupId
    node: NodeId
    body: WhisperBody


class CreateInbox(Struct, array_like=True, frozen=True, tag="create_inbox"):
    """Make the sealed mailbox whose id is made of `key` (wire.md 2). *Open*. Answer: `Done`; again
    is no error.

    `token_hash` is SHA-256 of the 16-byte delivery token. It expires `ttl_days` after its last
    opening.
    """

    key: Bytes32
    token_hash: Bytes32
    ttl_days: TtlDays


class Deliver(Struct, array_like=True, frozen=True, tag="deliver"):
    """Put a sealed item into an inbox. *Open*, by delivery token. Answer: `Done`.

    Refusals: unknown_inbox, bad_token, inbox_full.
    """

    inbox: InboxId
    token: Token
    body: Body


class OpenInbox(Struct, array_like=True, frozen=True, tag="open_inbox"):
    """Read an inbox and subscribe to it. *Device*: `signature` as wire.md 3 has it.
    Answer: `InboxItems`.
    """

    inbox: InboxId
    after: Position
    signature: Signature


class ClearInbox(Struct, array_like=True, frozen=True, tag="clear_inbox"):
    """Delete an inbox's items up to and including `upto`. *Device*, opened on this connection.
    Answer: `Done`.
    """

    inbox: InboxId
    upto: Position


class Publish(Struct, array_like=True, frozen=True, tag="publish"):
    """A track of an offer that the client sends: the server gives it a stream id."""

    kind: Literal["audio", "video"]


class Receive(Struct, array_like=True, frozen=True, tag="receive"):
    """A track of an offer on which the client receives the stream."""

    stream: StreamId


class OfferMedia(Struct, array_like=True, frozen=True, tag="offer_media"):
    """Join the group's relay, or renegotiate (RFC 8829). *Node*, the latest. Answer: `MediaAnswer`.

    `tracks` maps each mid of the offer to what it carries. `restart` asks for a new session: the
    old one ends. Refusals: no_media, bad_offer, slow_down.
    """

    group: GroupId
    node: NodeId
    offer: Sdp
    tracks: Annotated[dict[Mid, Publish | Receive], Meta(max_length=128)]
    restart: bool


class WatchMedia(Struct, array_like=True, frozen=True, tag="watch_media"):
    """Say which video streams are on screen; the relay sends no others. *Node*. Answer: `Done`."""

    group: GroupId
    node: NodeId
    streams: Annotated[list[StreamId], Meta(max_length=64)]


class LeaveMedia(Struct, array_like=True, frozen=True, tag="leave_media"):
    """Leave the group's relay. *Open*. Answer: `Done`."""

    group: GroupId


class Ping(Struct, array_like=True, frozen=True, tag="ping"):
    """Ask whether the connection lives. *Open*. Answer: `Done`."""


Request = (
    OpenGeneration
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
    | OfferMedia
    | WatchMedia
    | LeaveMedia
    | Ping
)


class Proof(Struct, array_like=True, frozen=True):
    """A signature on one request by a node's epoch key, where no connection vouches for it
    (wire.md 3).

    `expiry` is in seconds of Unix time, at most 120 s away.
    """

    group: GroupId
    node: NodeId
    nonce: Bytes16
    expiry: Annotated[int, Meta(ge=0, le=2**40)]
    signature: Signature


class Call(Struct, array_like=True, frozen=True, tag="call"):
    """One request on a connection. `body` is the encoded `Request`, as bytes since the proof
    signs its hash.
    """

    id: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    body: bytes
    proof: Proof | None
