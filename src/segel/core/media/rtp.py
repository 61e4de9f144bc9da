"""RTP packets (RFC 3550 section 5.1) and header extensions (RFC 8285).

A parsed header is offsets into the packet, not copies: the relay reads one for each packet.
"""

import struct
from collections.abc import Iterable

from segel.core.media.errors import RtpMalformed

FIXED_SIZE = 12
"""Bytes of a header without contributing sources and extensions."""

ONE_BYTE = 0xBEDE
TWO_BYTE = 0x1000

_FIXED = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")

Buffer = bytes | bytearray | memoryview


class RtpHeader:
    """The header of one packet, as offsets into the packet's bytes.

    `header_size` includes contributing sources and extensions; the payload is
    `packet[header_size : size - padding_size]`. `extensions` maps a local extension id to
    (offset, length) of its data in the packet; of a repeated id the last counts.
    """

    __slots__ = (
        "extensions",
        "header_size",
        "marker",
        "padding_size",
        "payload_type",
        "sequence",
        "size",
        "ssrc",
        "timestamp",
    )

    marker: bool
    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    size: int
    header_size: int
    padding_size: int
    extensions: dict[int, tuple[int, int]]


def header_size(packet: Buffer) -> int:
    """Bytes of the header including contributing sources and extensions.

    Needs no decrypted payload, so it finds the part that SRTP leaves clear. Raises RtpMalformed.
    """
    size = len(packet)
    if size < FIXED_SIZE or packet[0] & 0xC0 != 0x80:
        raise RtpMalformed("not an RTP version 2 header")
    first = packet[0]
    end = FIXED_SIZE + 4 * (first & 0x0F)
    if first & 0x10:
        if end + 4 > size:
            raise RtpMalformed("header extension beyond the packet")
        end += 4 + 4 * ((packet[end + 2] << 8) | packet[end + 3])
    if end > size:
        raise RtpMalformed("header beyond the packet")
    return end


def parse(packet: Buffer) -> RtpHeader:
    """The header of a packet whose payload is already decrypted. Raises RtpMalformed."""
    end = header_size(packet)
    header = RtpHeader()
    first, second, header.sequence, header.timestamp, header.ssrc = _FIXED.unpack_from(packet)
    header.marker = second >= 0x80
    header.payload_type = second & 0x7F
    header.size = len(packet)
    header.header_size = end
    header.padding_size = _padding_size(packet, end) if first & 0x20 else 0
    if first & 0x10:
        header.extensions = _extensions(packet, FIXED_SIZE + 4 * (first & 0x0F), end)
    else:
        header.extensions = {}
    return header


def _padding_size(packet: Buffer, end: int) -> int:
    padding = packet[-1]
    if padding == 0 or padding > len(packet) - end:
        raise RtpMalformed("padding beyond the payload")
    return padding


def _extensions(packet: Buffer, start: int, end: int) -> dict[int, tuple[int, int]]:
    profile = (packet[start] << 8) | packet[start + 1]
    if profile == ONE_BYTE:
        return _one_byte_extensions(packet, start + 4, end)
    if profile & 0xFFF0 == TWO_BYTE:
        return _two_byte_extensions(packet, start + 4, end)
    return {}


def _one_byte_extensions(packet: Buffer, offset: int, end: int) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    while offset < end:
        head = packet[offset]
        offset += 1
        if head == 0:
            continue
        identifier = head >> 4
        length = (head & 0x0F) + 1
        # RFC 8285 4.2: id 15, and id 0 with a length, end the processing of the block.
        if identifier in (0, 15):
            break
        if offset + length > end:
            raise RtpMalformed("extension element beyond its block")
        found[identifier] = (offset, length)
        offset += length
    return found


def _two_byte_extensions(packet: Buffer, offset: int, end: int) -> dict[int, tuple[int, int]]:
    found: dict[int, tuple[int, int]] = {}
    while offset < end:
        identifier = packet[offset]
        offset += 1
        if identifier == 0:
            continue
        if offset == end or offset + 1 + packet[offset] > end:
            raise RtpMalformed("extension element beyond its block")
        length = packet[offset]
        found[identifier] = (offset + 1, length)
        offset += 1 + length
    return found


def pack_header(
    payload_type: int,
    sequence: int,
    timestamp: int,
    ssrc: int,
    *,
    marker: bool = False,
    extensions: Iterable[tuple[int, Buffer]] = (),
) -> bytearray:
    """A header with these extensions in this order, without contributing sources and padding.

    Extension ids are 1 to 255 and data at most 255 bytes; the two-byte form is chosen when an
    element does not fit the one-byte form (id above 14, no data, or more than 16 bytes).
    """
    elements = list(extensions)
    header = bytearray(
        _FIXED.pack(
            0x90 if elements else 0x80,
            payload_type | (0x80 if marker else 0),
            sequence,
            timestamp,
            ssrc,
        )
    )
    if elements:
        header += _extension_block(elements)
    return header


def _extension_block(elements: list[tuple[int, Buffer]]) -> bytearray:
    small = all(identifier < 15 and 1 <= len(data) <= 16 for identifier, data in elements)
    block = bytearray(4)
    for identifier, data in elements:
        if small:
            block.append((identifier << 4) | (len(data) - 1))
        else:
            block += bytes((identifier, len(data)))
        block += data
    block += bytes(-len(block) % 4)
    profile = ONE_BYTE if small else TWO_BYTE
    _EXTENSION.pack_into(block, 0, profile, len(block) // 4 - 1)
    return block


class SequenceUnwrapper:
    """Turns 16-bit sequence numbers into ones that never wrap (RFC 3550 appendix A.1).

    The first number stands for itself; each later one is taken as the nearest to the highest
    so far, so a number before the first may be negative. `& 0xFFFF` gives the original back.
    """

    __slots__ = ("highest",)

    def __init__(self) -> None:
        self.highest: int | None = None

    def unwrap(self, sequence: int) -> int:
        """The extended number of `sequence` (0 to 65535)."""
        highest = self.highest
        if highest is None:
            self.highest = sequence
            return sequence
        extended = highest + ((sequence - highest + 0x8000) & 0xFFFF) - 0x8000
        if extended > highest:
            self.highest = extended
        return extended
