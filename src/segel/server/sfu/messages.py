"""What the HTTP process and the media process say to each other.

Each message is msgpack of one struct below, after its length in four bytes. Meetings, participants
and streams are random identifiers: nothing here says who anybody is (docs/protocol/media.md).
"""

from struct import Struct as Layout
from typing import Any, Generic, Literal, TypeVar

import msgspec

MAX_MESSAGE = 1 << 20
"""Bytes of one encoded message."""

_LENGTH = Layout("!I")


class ProtocolError(Exception):
    """The other process does not speak this protocol: a defect, and the connection ends."""


class Message(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True):
    """Base of all messages."""


class Publish(Message, frozen=True):
    """A section of an offer in which the participant sends a stream."""

    kind: str
    """audio or video, as the section says."""


class Receive(Message, frozen=True):
    """A section of an offer in which the participant receives a stream."""

    stream: bytes


Track = Publish | Receive


class Attach(Message, frozen=True):
    """A participant comes in; the meeting is there from its first participant on."""

    request: int
    meeting: bytes
    participant: bytes
    offer: str
    tracks: dict[str, Track]
    """By the section's mid; sections that are not named become inactive."""


class Reoffer(Message, frozen=True):
    """A participant's next offer: other streams, or new ICE credentials."""

    request: int
    meeting: bytes
    participant: bytes
    offer: str
    tracks: dict[str, Track]


class Wish(msgspec.Struct, frozen=True, array_like=True):
    """How a participant wants one stream. The first wishes of a list are the most important."""

    stream: bytes
    visible: bool
    small: bool
    """Fewer pictures a second do."""


class Subscribe(Message, frozen=True):
    """What a participant shows now. Streams that are not named stay as they are."""

    meeting: bytes
    participant: bytes
    wishes: list[Wish]


class Detach(Message, frozen=True):
    """A participant leaves; no event follows for itself."""

    meeting: bytes
    participant: bytes


class CloseMeeting(Message, frozen=True):
    """The meeting ends for everybody; no events follow."""

    meeting: bytes


class Started(Message, frozen=True):
    """The media process listens."""

    port: int


class Answered(Message, frozen=True):
    """To `Attach` and `Reoffer`."""

    request: int
    answer: str
    streams: dict[str, bytes]
    """The stream identifiers of the published sections, by mid."""


class Refused(Message, frozen=True):
    """To `Attach` and `Reoffer`: nothing has changed. `reason` is for the client's developer."""

    request: int
    reason: str


class StreamAdded(Message, frozen=True):
    """A participant publishes a stream: the others may receive it."""

    meeting: bytes
    participant: bytes
    stream: bytes
    kind: str


class StreamRemoved(Message, frozen=True):
    """A stream has ended: its sections may be reused."""

    meeting: bytes
    participant: bytes
    stream: bytes


GoneReason = Literal["silent", "closed", "failed"]


class ParticipantGone(Message, frozen=True):
    """The participant's connection has ended by itself; its streams are removed."""

    meeting: bytes
    participant: bytes
    reason: GoneReason


class Stats(Message, frozen=True):
    """Totals since the start, and how much there is now. Nothing about a single meeting."""

    meetings: int
    participants: int
    streams: int
    packets_in: int
    packets_out: int
    bytes_in: int
    bytes_out: int
    packets_refused: int
    """Datagrams that no participant's keys opened."""
    packets_dropped: int
    """Datagrams that this machine's network did not take."""


Command = Attach | Reoffer | Subscribe | Detach | CloseMeeting
Report = Started | Answered | Refused | StreamAdded | StreamRemoved | ParticipantGone | Stats

_ENCODER = msgspec.msgpack.Encoder()


def encode(message: Message) -> bytes:
    """One message with its length, as it goes over the socket."""
    body = _ENCODER.encode(message)
    return _LENGTH.pack(len(body)) + body


T = TypeVar("T")


class Reader(Generic[T]):
    """Cuts a stream of bytes into messages of one side's union, `Command` or `Report`."""

    def __init__(self, union: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[T] = msgspec.msgpack.Decoder(union)
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[T]:
        """The messages that `data` completes, in order; `ProtocolError`."""
        self._buffer += data
        messages = []
        while len(self._buffer) >= 4:
            (length,) = _LENGTH.unpack_from(self._buffer)
            if length > MAX_MESSAGE:
                raise ProtocolError("message too long")
            if len(self._buffer) < 4 + length:
                break
            body = bytes(self._buffer[4 : 4 + length])
            del self._buffer[: 4 + length]
            try:
                messages.append(self._decoder.decode(body))
            except msgspec.MsgspecError as error:
                raise ProtocolError("not a message") from error
        return messages


def command_reader() -> Reader[Command]:
    """What the media process reads."""
    return Reader(Command)


def report_reader() -> Reader[Report]:
    """What the HTTP process reads."""
    return Reader(Report)
