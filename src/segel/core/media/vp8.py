"""VP8 in RTP (RFC 7741 section 4) and as files of frames (IVF), as far as a relay and tests need.

A sealed payload keeps its descriptor and, on a frame's first packet, the frame's first byte clear.
"""

import struct
from dataclasses import dataclass

from segel.core.media.errors import Vp8Malformed

_IVF_FILE = struct.Struct("<4sHH4sHHIIII")
_IVF_FRAME = struct.Struct("<IQ")
_START_CODE = b"\x9d\x01\x2a"


@dataclass(slots=True, frozen=True)
class PayloadDescriptor:
    """The payload descriptor (RFC 7741 section 4.2); None where a field is absent.

    `picture_id` has 7 bits, or 15 with `long_picture_id`; `size` is the descriptor's bytes.
    """

    non_reference: bool
    starts_partition: bool
    partition: int
    picture_id: int | None
    long_picture_id: bool
    tl0_picture_index: int | None
    temporal: int | None
    layer_sync: bool
    key_index: int | None
    size: int

    @property
    def starts_frame(self) -> bool:
        """Whether the payload begins with the first byte of a frame."""
        return self.starts_partition and self.partition == 0


def parse_descriptor(payload: bytes | memoryview) -> PayloadDescriptor:
    """The descriptor at the start of an RTP payload. Raises Vp8Malformed."""
    try:
        return _parse_descriptor(payload)
    except IndexError:
        raise Vp8Malformed("payload descriptor is cut off") from None


def _parse_descriptor(payload: bytes | memoryview) -> PayloadDescriptor:
    first = payload[0]
    flags = payload[1] if first & 0x80 else 0
    offset = 2 if first & 0x80 else 1
    picture, long, index, temporal, key = None, False, None, None, None
    sync = False
    if flags & 0x80:
        long = payload[offset] >= 0x80
        picture = payload[offset] & 0x7F
        offset += 1
        if long:
            picture = (picture << 8) | payload[offset]
            offset += 1
    if flags & 0x40:
        index = payload[offset]
        offset += 1
    if flags & 0x30:
        layers = payload[offset]
        offset += 1
        if flags & 0x20:
            temporal, sync = layers >> 6, bool(layers & 0x20)
        key = layers & 0x1F if flags & 0x10 else None
    return PayloadDescriptor(
        bool(first & 0x20),
        bool(first & 0x10),
        first & 0x07,
        picture,
        long,
        index,
        temporal,
        sync,
        key,
        offset,
    )


def serialise_descriptor(descriptor: PayloadDescriptor) -> bytes:
    """The descriptor's bytes, of `descriptor.size`, with reserved bits 0."""
    first = (descriptor.non_reference << 5) | (descriptor.starts_partition << 4)
    first |= descriptor.partition
    flags = 0
    fields = bytearray()
    if descriptor.picture_id is not None:
        flags |= 0x80
        wide = descriptor.long_picture_id
        fields += (descriptor.picture_id | (0x8000 if wide else 0)).to_bytes(2 if wide else 1)
    if descriptor.tl0_picture_index is not None:
        flags |= 0x40
        fields.append(descriptor.tl0_picture_index)
    if descriptor.temporal is not None or descriptor.key_index is not None:
        flags |= 0x20 if descriptor.temporal is not None else 0
        flags |= 0x10 if descriptor.key_index is not None else 0
        layers = ((descriptor.temporal or 0) << 6) | (descriptor.layer_sync << 5)
        fields.append(layers | (descriptor.key_index or 0))
    # An extension byte without flags is allowed too; the size tells which form it was.
    if flags or descriptor.size == 2:
        return bytes((first | 0x80, flags)) + fields
    return bytes((first,))


def begins_key_frame(payload: bytes | memoryview, descriptor: PayloadDescriptor) -> bool:
    """Whether this packet begins a key frame (RFC 6386 section 9.1: the frame's lowest bit is 0).

    Raises Vp8Malformed if there is nothing behind the descriptor.
    """
    if len(payload) <= descriptor.size:
        raise Vp8Malformed("no payload behind the descriptor")
    return descriptor.starts_frame and payload[descriptor.size] & 1 == 0


def frame_size(frame: bytes) -> tuple[int, int]:
    """(width, height) in pixels of a key frame, from its first 10 bytes (RFC 6386 section 9.1).

    Raises Vp8Malformed if it is no key frame.
    """
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != _START_CODE:
        raise Vp8Malformed("not a key frame")
    width, height = struct.unpack_from("<HH", frame, 6)
    return width & 0x3FFF, height & 0x3FFF


class Depacketiser:
    """Joins the payloads of packets that come in order into frames; a gap drops the frame."""

    __slots__ = ("_next", "_parts")

    def __init__(self) -> None:
        self._parts: list[bytes] | None = None
        self._next: int | None = None

    def push(self, sequence: int, marker: bool, payload: bytes) -> bytes | None:
        """The frame that this packet completes, or None. Raises Vp8Malformed."""
        descriptor = parse_descriptor(payload)
        if self._next is not None and sequence != self._next:
            self._parts = None
        self._next = (sequence + 1) & 0xFFFF
        if descriptor.starts_frame:
            self._parts = []
        if self._parts is None:
            return None
        self._parts.append(payload[descriptor.size :])
        if not marker:
            return None
        frame = b"".join(self._parts)
        self._parts = None
        return frame


def ivf(frames: list[tuple[int, bytes]], width: int, height: int, rate: int = 90_000) -> bytes:
    """An IVF file of (timestamp, frame); timestamps are in units of 1/`rate` s."""
    head = _IVF_FILE.pack(b"DKIF", 0, 32, b"VP80", width, height, rate, 1, len(frames), 0)
    return head + b"".join(_IVF_FRAME.pack(len(frame), time) + frame for time, frame in frames)
