"""Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01).

One feedback tells, for a run of transport-wide sequence numbers, which packets came and when.
"""

import struct
from dataclasses import dataclass

from segel.core.media.errors import RtcpMalformed

TICK = 250
"""Microseconds of one unit of receive delta."""

REFERENCE = 64_000
"""Microseconds of one unit of reference time."""

REFERENCE_WRAP = 1 << 24
"""The reference time is a 24-bit number of units, and wraps."""

_HEAD = struct.Struct("!HHI")
_LOST, _SMALL, _LARGE = 0, 1, 2
_MAX_RUN = 0x1FFF


@dataclass(slots=True, frozen=True)
class Feedback:
    """What arrived of the packets `base_sequence`, `base_sequence` + 1, and so on (modulo 2^16).

    `deltas` has one entry for each packet: None if it did not arrive, else ticks of 250 us since
    the packet before it that arrived (since the reference time for the first), -32768 to 32767.
    `reference_time` counts 64 ms units modulo 2^24 on the receiver's own clock; `count` numbers
    the feedback packets modulo 256.
    """

    base_sequence: int
    reference_time: int
    count: int
    deltas: tuple[int | None, ...]


def parse(body: bytes) -> Feedback:
    """The feedback in the body of `rtcp.TransportFeedback`. Raises RtcpMalformed."""
    if len(body) < _HEAD.size:
        raise RtcpMalformed("transport feedback is too short")
    base, packets, reference = _HEAD.unpack_from(body)
    statuses, offset = _parse_chunks(body, _HEAD.size, packets)
    deltas = _parse_deltas(body, offset, statuses)
    return Feedback(base, reference >> 8, reference & 0xFF, deltas)


def _parse_chunks(body: bytes, offset: int, packets: int) -> tuple[list[int], int]:
    statuses: list[int] = []
    while len(statuses) < packets:
        if offset + 2 > len(body):
            raise RtcpMalformed("transport feedback ends within its chunks")
        statuses += _parse_chunk((body[offset] << 8) | body[offset + 1])
        offset += 2
    del statuses[packets:]
    return statuses, offset


def _parse_chunk(chunk: int) -> list[int]:
    if chunk & 0x8000 == 0:
        return [(chunk >> 13) & 3] * (chunk & _MAX_RUN)
    if chunk & 0x4000 == 0:
        return [(chunk >> shift) & 1 for shift in range(13, -1, -1)]
    return [(chunk >> shift) & 3 for shift in range(12, -1, -2)]


def _parse_deltas(body: bytes, offset: int, statuses: list[int]) -> tuple[int | None, ...]:
    deltas: list[int | None] = []
    for status in statuses:
        if status == _LOST:
            deltas.append(None)
            continue
        if status > _LARGE:
            raise RtcpMalformed("reserved packet status")
        if offset + status > len(body):
            raise RtcpMalformed("transport feedback ends within its deltas")
        deltas.append(int.from_bytes(body[offset : offset + status], signed=status == _LARGE))
        offset += status
    return tuple(deltas)


def encode(feedback: Feedback) -> bytes:
    """The body of `rtcp.TransportFeedback`, zero-padded to a multiple of four bytes."""
    reference = (feedback.reference_time << 8) | feedback.count
    body = bytearray(_HEAD.pack(feedback.base_sequence, len(feedback.deltas), reference))
    statuses = [_status(delta) for delta in feedback.deltas]
    body += _encode_chunks(statuses)
    for delta, status in zip(feedback.deltas, statuses, strict=True):
        if delta is not None:
            body += delta.to_bytes(status, signed=status == _LARGE)
    return bytes(body + bytes(-len(body) % 4))


def _status(delta: int | None) -> int:
    if delta is None:
        return _LOST
    return _SMALL if 0 <= delta <= 0xFF else _LARGE


def _encode_chunks(statuses: list[int]) -> bytearray:
    chunks = bytearray()
    start = 0
    while start < len(statuses):
        run = _run_length(statuses, start)
        rest = len(statuses) - start
        if run >= min(rest, 14):
            chunks += ((statuses[start] << 13) | run).to_bytes(2)
            start += run
        else:
            chunk, taken = _vector(statuses[start : start + 14])
            chunks += chunk.to_bytes(2)
            start += taken
    return chunks


def _run_length(statuses: list[int], start: int) -> int:
    end = start
    limit = min(len(statuses), start + _MAX_RUN)
    while end < limit and statuses[end] == statuses[start]:
        end += 1
    return end - start


def _vector(statuses: list[int]) -> tuple[int, int]:
    """A status vector chunk and how many statuses it holds: 14 of one bit, or 7 of two."""
    if _LARGE not in statuses:
        bits = sum(status << (13 - index) for index, status in enumerate(statuses))
        return 0x8000 | bits, len(statuses)
    statuses = statuses[:7]
    bits = sum(status << (12 - 2 * index) for index, status in enumerate(statuses))
    return 0xC000 | bits, len(statuses)
