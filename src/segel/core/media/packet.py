"""A media packet on its way through the relay, and the forms its header takes for receivers.

A packet is read once and written once for each receiver. What is the same for all receivers with
the same numbers (payload type, extension identifiers) is made once and kept with the packet.
"""

from struct import Struct
from typing import NamedTuple

from segel.core.media.rtp import ONE_BYTE

TWO_BYTE = 0x1000

_PLAIN = Struct("!HHII")
_ONE_BYTE_ALONE = Struct("!HHIIIBHx")
_ONE_BYTE = Struct("!HHIIIBH")
_TWO_BYTE = Struct("!HHIIIHH")


class HeaderForm(NamedTuple):
    """What an `Outbox` needs to write one packet's header for one kind of receiver."""

    layout: Struct
    first: int
    """Version, extension bit, marker and payload type: the first 16 bits."""
    block: int
    """The first word of the extension block, profile and length; -1: no transport sequence."""
    element: int
    """What stands before the transport-wide sequence number: its identifier and length."""
    rest: bytes
    """Everything behind the part of `layout`."""
    length: int
    """Bytes of the whole header."""


class HeaderProfile(NamedTuple):
    """The numbers one receiver has negotiated for one section; 0: extension not negotiated."""

    payload_type: int
    transport_sequence: int = 0
    descriptor: int = 0
    audio_level: int = 0


class MediaPacket:
    """One packet of a stream, decrypted once and shared by all who receive it."""

    __slots__ = (
        "_forms",
        "audio_level",
        "begins_key_frame",
        "descriptor",
        "index",
        "marker",
        "payload",
        "switch_up",
        "temporal",
        "timestamp",
    )

    def __init__(self, index: int, timestamp: int, marker: bool, payload: bytes) -> None:
        self.index = index
        """The sequence number, extended by its roll-overs."""
        self.timestamp = timestamp
        self.marker = marker
        self.payload = payload
        self.temporal = 0
        """The temporal layer, 0 for the base."""
        self.begins_key_frame = False
        self.switch_up = False
        """A receiver of lower layers may start with this frame to decode its layer."""
        self.descriptor: bytes | None = None
        """The dependency descriptor."""
        self.audio_level: bytes | None = None
        self._forms: dict[HeaderProfile, HeaderForm] = {}

    def form(self, profile: HeaderProfile) -> HeaderForm:
        """The header for receivers of `profile`."""
        form = self._forms.get(profile)
        if form is None:
            form = self._forms[profile] = self._make_form(profile)
        return form

    def _make_form(self, profile: HeaderProfile) -> HeaderForm:
        elements = []
        if self.descriptor is not None and profile.descriptor:
            elements.append((profile.descriptor, self.descriptor))
        if self.audio_level is not None and profile.audio_level:
            elements.append((profile.audio_level, self.audio_level))
        return make_form(profile, self.marker, elements)


def make_form(
    profile: HeaderProfile, marker: bool, elements: list[tuple[int, bytes]]
) -> HeaderForm:
    """The header form of a packet with these further extensions (identifier, value)."""
    identifiers = [identifier for identifier, _ in elements]
    two_byte = any(len(value) > 16 or not value for _, value in elements) or any(
        identifier > 14 for identifier in [*identifiers, profile.transport_sequence]
    )
    body = b"".join(_element(two_byte, identifier, value) for identifier, value in elements)
    first = 0x8000 | marker << 7 | profile.payload_type
    if not profile.transport_sequence:
        return _without_sequence(first, two_byte, body)
    start = 4 if two_byte else 3
    body += bytes(-(start + len(body)) % 4)
    words = (start + len(body)) // 4
    block = (TWO_BYTE if two_byte else ONE_BYTE) << 16 | words
    if two_byte:
        layout, element = _TWO_BYTE, profile.transport_sequence << 8 | 2
    else:
        layout, element = _ONE_BYTE, profile.transport_sequence << 4 | 1
    if body == b"\0":
        layout, body = _ONE_BYTE_ALONE, b""
    return HeaderForm(layout, first | 0x1000, block, element, body, 16 + 4 * words)


def _without_sequence(first: int, two_byte: bool, body: bytes) -> HeaderForm:
    if not body:
        return HeaderForm(_PLAIN, first, -1, 0, b"", 12)
    body += bytes(-len(body) % 4)
    block = (TWO_BYTE if two_byte else ONE_BYTE) << 16 | len(body) // 4
    rest = block.to_bytes(4) + body
    return HeaderForm(_PLAIN, first | 0x1000, -1, 0, rest, 12 + len(rest))


def _element(two_byte: bool, identifier: int, value: bytes) -> bytes:
    if two_byte:
        return bytes((identifier, len(value))) + value
    return bytes((identifier << 4 | len(value) - 1,)) + value
