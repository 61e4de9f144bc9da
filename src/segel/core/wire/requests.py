"""What a client asks of a server (docs/protocol/wire.md 4). One struct a request; its tag is the
method's name.

Authority, by request: *open* needs nothing; *node* needs the epoch key of the named node, proven
on the connection by `Enter` or by a `Proof` on the request; *device* needs the inbox's own key.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from segel.core.wire.ids import (
    Alias,
    BlobName,
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

    The same request again is answered again, for as long as the group stands at its first epoch.
    The announcement stands for as long as this connection, or another member, is there: `Enter`
    the group within 10 s.
    Answer: `Opened`. Refusals: taken (another generation is next, or the group's id is in use),
    bad_signature (also for another opener key than the alias has), invitation_required,
    bad_invitation, slow_down (20 in an hour).
    """

    alias: Alias
    generation: Generation
    """One more than the one that stands under the alias; 1 where none does."""
    group: GroupId
    """The new group's random id."""
    epoch_key: EpochKey
    """The Ed25519 public key of its first epoch (delivery.md 2)."""
    ttl_days: TtlDays
    """The retention class of all that the group stores (delivery.md 5)."""
    opener_key: Bytes32
    """The opener's Ed25519 public key (meeting.md 1); generation 1 fixes it for the alias."""
    signature: Signature
    """The opener key's over the opening (wire.md 3)."""
    announcement: KnockBody
    """What stands at the door from now on (meeting.md 5)."""
    invitation: Token | None
    """The operator's token, where `starters` is `invited` (wire.md 8); read for generation 1."""


class FindMeeting(Struct, array_like=True, frozen=True, tag="find_meeting"):
    """Ask what stands under an alias. *Open*. Answer: `Meeting`. Refusal: unknown_alias."""

    alias: Alias


class Knock(Struct, array_like=True, frozen=True, tag="knock"):
    """Ask to be let in; replaces this connection's earlier knock at the alias. *Open*.

    Kept in memory while the connection lives. Answer: `Knocking`. Refusals: unknown_alias,
    slow_down (256 wait there, or 8 of this connection), unknown_method without a socket.
    """

    alias: Alias
    body: KnockBody
    """The sealed knock (meeting.md 5)."""


class Withdraw(Struct, array_like=True, frozen=True, tag="withdraw"):
    """Take this connection's knock at the alias back. *Open*. Answer: `Done`."""

    alias: Alias


class Announce(Struct, array_like=True, frozen=True, tag="announce"):
    """Publish the current epoch's knock key under the meeting's alias. *Node*, the latest.

    While nobody of the group is connected, it is answered and not published.
    Answer: `Done`. Refusals: stale, unknown_alias, taken (another group stands there by now).
    """

    group: GroupId
    node: NodeId
    """The latest node."""
    alias: Alias
    announcement: KnockBody
    """The announcement (meeting.md 5); it replaces the one that stands."""


class Dismiss(Struct, array_like=True, frozen=True, tag="dismiss"):
    """Drop knocks that were answered or refused. *Node*, the latest. Answer: `Done`.
    Refusal: stale.
    """

    group: GroupId
    node: NodeId
    """The latest node."""
    knocks: Annotated[list[KnockId], Meta(max_length=256)]
    """Those to drop; unknown ones are passed over."""


class Enter(Struct, array_like=True, frozen=True, tag="enter"):
    """Prove a node's epoch key on this connection, read its rows, and subscribe to it. *Open*.

    Answer: `Entered`. Refusals: unknown_group, unknown_node, bad_signature, slow_down (1 000
    connections are in the group), unknown_method without a socket.
    """

    group: GroupId
    node: NodeId
    """The node whose key is proven."""
    after: Position
    """Rows after this place are given: the last one that the client has, or 0."""
    signature: Signature
    """The epoch key's over the connection (wire.md 3)."""


class Exit(Struct, array_like=True, frozen=True, tag="exit"):
    """End this connection's subscription and its media in the group. *Open*. Answer: `Done`."""

    group: GroupId


class Commit(Struct, array_like=True, frozen=True, tag="commit"):
    """Append a commit as the first child of `node`: compare-and-set. *Node*. Answer: `Appended`.

    Refusal: conflict, with the winner.
    """

    group: GroupId
    node: NodeId
    """The node that the commit ends."""
    commit: Body
    """The MLS commit: an MLSMessage with a PrivateMessage (meeting.md 3)."""
    child_key: EpochKey
    """The Ed25519 public key of the epoch that the commit makes."""
    announcement: KnockBody | None
    """That epoch's announcement (meeting.md 5); nil leaves the old one, which nobody can answer
    any more.
    """


class Append(Struct, array_like=True, frozen=True, tag="append"):
    """Append an application message to the log under `node`. *Node*. Answer: `Appended`.

    Refusal: stale, with the child, once the node has one: the sender seals again in the new epoch.
    """

    group: GroupId
    node: NodeId
    """The node that the message was sealed in: the latest."""
    body: Body
    """An MLSMessage with a PrivateMessage (meeting.md 10)."""


class Whisper(Struct, array_like=True, frozen=True, tag="whisper"):
    """Relay a sealed message to the node's subscribers; it is never stored. *Node*. Answer:
    `Done`, also under a node that has a child, where nobody hears it.
    """

    group: GroupId
    node: NodeId
    body: WhisperBody
    """The sealed whisper (meeting.md 8)."""


class CreateInbox(Struct, array_like=True, frozen=True, tag="create_inbox"):
    """Make the sealed mailbox whose id is made of `key` (wire.md 2). *Open*.

    Made again it stays as it is. Answer: `Done`.
    """

    key: Bytes32
    """An Ed25519 public key made for this inbox alone."""
    token_hash: Bytes32
    """SHA-256 of the 16-byte delivery token."""
    ttl_days: TtlDays
    """Days for which the inbox lives after it was last opened, and an item after it came."""


class Deliver(Struct, array_like=True, frozen=True, tag="deliver"):
    """Put a sealed item into an inbox. *Open*, by delivery token. Answer: `Done`.

    Refusals: unknown_inbox, bad_token, inbox_full.
    """

    inbox: InboxId
    token: Token
    """The inbox's delivery token."""
    body: Body
    """The sealed item (meeting.md 6)."""


class OpenInbox(Struct, array_like=True, frozen=True, tag="open_inbox"):
    """Read an inbox and subscribe to it. *Device*.

    Answer: `InboxItems`. Refusals: unknown_inbox, bad_signature, slow_down (32 on a connection).
    """

    inbox: InboxId
    after: Position
    """Items after this place are given."""
    signature: Signature
    """The inbox key's over the connection (wire.md 3)."""


class ClearInbox(Struct, array_like=True, frozen=True, tag="clear_inbox"):
    """Delete an inbox's items up to and including `upto`. *Device*, opened on this connection.

    Answer: `Done`. Refusal: not_proven.
    """

    inbox: InboxId
    upto: Position
    """The last place to delete; 2^53 - 1 for all."""


class CreateBlob(Struct, array_like=True, frozen=True, tag="create_blob"):
    """Make room for a sealed file, which then comes over HTTP (blobs.md 2). *Node*, the latest.

    The same request again is answered again. Answer: `BlobCreated`.
    Refusals: stale, malformed (the size is no Padmé size), too_large (above the server's largest
    file), quota (the group's files), storage_full (the server's), taken (the name is in use).
    """

    group: GroupId
    """The group whose quota and days the blob counts for."""
    node: NodeId
    """The latest node."""
    name: BlobName
    token_hash: Bytes32
    """SHA-256 of the 16-byte write token, which uploads and deletes."""
    size: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    """Bytes of the blob, once for all: a Padmé size (delivery.md 5)."""


class Publish(Struct, array_like=True, frozen=True, tag="publish"):
    """A track of an offer that the client sends: the server gives it a stream id."""

    kind: Literal["audio", "video"]
    """What the track carries."""


class Receive(Struct, array_like=True, frozen=True, tag="receive"):
    """A track of an offer on which the client receives the stream."""

    stream: StreamId


class OfferMedia(Struct, array_like=True, frozen=True, tag="offer_media"):
    """Join the group's relay, or renegotiate (RFC 8829). *Node*, the latest. Answer: `MediaAnswer`.

    Refusals: stale, no_media, bad_offer, unknown_method without a socket.
    """

    group: GroupId
    node: NodeId
    """The latest node."""
    offer: Sdp
    """The offer (media.md 2)."""
    tracks: Annotated[dict[Mid, Publish | Receive], Meta(max_length=128)]
    """What each section of the offer carries, by its mid; inactive ones are left out."""
    restart: bool
    """True asks for a new session: this connection's old one in the group ends first."""


class WatchMedia(Struct, array_like=True, frozen=True, tag="watch_media"):
    """Say which video streams are on screen; of those there are now no others are sent. *Node*.

    Answer: `Done`. Refusal: no_media (no relay, or this connection has no session there).
    """

    group: GroupId
    node: NodeId
    streams: Annotated[list[StreamId], Meta(max_length=64)]
    """All video to be sent. Sound is sent always; what is published later, until the next time."""
    small: Annotated[list[StreamId], Meta(max_length=64)]
    """Those of them that are shown so small that fewer pictures a second do."""


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
    | CreateBlob
    | OfferMedia
    | WatchMedia
    | LeaveMedia
    | Ping
)


class Proof(Struct, array_like=True, frozen=True):
    """A signature on one request by a node's epoch key, where no connection vouches for it.

    Refusals: not_proven (of another group or node than the request), expired, replayed,
    bad_signature.
    """

    group: GroupId
    """That of the request."""
    node: NodeId
    """That of the request."""
    nonce: Bytes16
    """Random, used once."""
    expiry: Annotated[int, Meta(ge=0, le=2**40)]
    """Unix seconds: not past, and at most 120 s ahead of the server's clock."""
    signature: Signature
    """The epoch key's over the request (wire.md 3)."""


class Call(Struct, array_like=True, frozen=True, tag="call"):
    """One request on a connection. `body` is the encoded `Request`, as bytes since the proof
    signs its hash.
    """

    id: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    """Chosen by the client; its reply carries it. Unique among the calls that wait."""
    body: bytes
    """The encoded `Request`."""
    proof: Proof | None
    """A proof where the connection has not entered the node, else nil."""
