"""Retransmissions as a stream of their own: RTX (RFC 4588)."""

import struct

from segel.core.media.errors import RtpMalformed
from segel.core.media.rtp import Buffer, RtpHeader

_FIRST = struct.Struct("!BBH")
_PADDING = 0x20
_MARKER = 0x80


def wrap(
    packet: Buffer, header: RtpHeader, payload_type: int, ssrc: int, sequence: int
) -> bytearray:
    """The retransmission of a packet in its RTX stream (section 4), without padding."""
    wrapped = bytearray(packet[: header.header_size])
    wrapped += header.sequence.to_bytes(2)
    wrapped += packet[header.header_size : header.size - header.padding_size]
    _number(wrapped, payload_type, sequence, ssrc)
    return wrapped


def unwrap(packet: Buffer, header: RtpHeader, payload_type: int, ssrc: int) -> bytearray | None:
    """The packet that an RTX packet carries, or None when it carries only padding.

    `payload_type` and `ssrc` are the original stream's. A payload shorter than an original
    sequence number raises RtpMalformed; browsers send empty RTX packets to probe the link.
    """
    start, end = header.header_size, header.size - header.padding_size
    if start == end:
        return None
    if end - start < 2:
        raise RtpMalformed("RTX payload without an original sequence number")
    original = bytearray(packet[:start])
    original += packet[start + 2 : end]
    _number(original, payload_type, packet[start] << 8 | packet[start + 1], ssrc)
    return original


def _number(packet: bytearray, payload_type: int, sequence: int, ssrc: int) -> None:
    """Gives a packet without padding these numbers; the marker stays."""
    first, second = packet[0] & ~_PADDING, packet[1] & _MARKER | payload_type
    _FIRST.pack_into(packet, 0, first, second, sequence)
    packet[8:12] = ssrc.to_bytes(4)
