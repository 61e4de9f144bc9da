"""RTCP packets (RFC 3550 section 6, RFC 4585, RFC 5104): reports and feedback in compounds.

Reduced-size packets (RFC 5506) are accepted. What the relay has no use for is kept raw.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from struct import Struct, iter_unpack, pack, unpack_from

from segel.core.media.errors import RtcpMalformed

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
GOODBYE = 203
TRANSPORT_FEEDBACK = 205
PAYLOAD_FEEDBACK = 206

_BLOCK = Struct("!IB3sIIII")
_SENDER = Struct("!IQIII")


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source (section 6.4.1).

    `fraction_lost` is in 1/256; `total_lost` is signed, 24 bits; `highest` is the extended
    sequence number, 32 bits; `jitter` is in clock units; `last_report` is the middle of the NTP
    time of the last sender report and `delay` the time since then in 1/65536 s.
    """

    ssrc: int
    fraction_lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The wall clock (`ntp`, 32.32 bits of seconds since 1900) and the media clock of one instant,
    and what was sent until then (section 6.4.1)."""

    ssrc: int
    ntp: int
    timestamp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    """What one receiver says of its sources (section 6.4.2)."""

    ssrc: int
    blocks: tuple[ReportBlock, ...]


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """The canonical name of one source (section 6.5), at most 255 bytes; other items are left out.

    A description of several sources, or whose first item is not the name, is kept as `Unknown`.
    """

    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that left (section 6.6); the reason is left out."""

    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers that are missing (RFC 4585 section 6.2.1)."""

    sender: int
    media: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Transport-wide congestion feedback; `body` is what follows the two SSRCs, a multiple of four
    bytes: see `segel.core.media.transport_feedback`."""

    sender: int
    media: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """A picture loss indication (RFC 4585 section 6.3.1): please send a key frame."""

    sender: int
    media: int


@dataclass(frozen=True, slots=True)
class FullIntra:
    """A full intra request (RFC 5104 section 4.3.1): SSRCs with their command counters."""

    sender: int
    requests: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A packet that the relay has no use for; `count` is the header's 5-bit field."""

    packet_type: int
    count: int
    body: bytes = field(repr=False)


RtcpPacket = (
    SenderReport
    | ReceiverReport
    | SourceDescription
    | Goodbye
    | Nack
    | TransportFeedback
    | PictureLoss
    | FullIntra
    | Unknown
)


def parse(data: bytes) -> list[RtcpPacket]:
    """The packets of a decrypted datagram in order. Raises RtcpMalformed."""
    if not data:
        raise RtcpMalformed("an empty datagram")
    packets: list[RtcpPacket] = []
    offset = 0
    while offset < len(data):
        if offset + 4 > len(data) or data[offset] >> 6 != 2:
            raise RtcpMalformed("no RTCP header")
        first, packet_type, words = unpack_from("!BBH", data, offset)
        end = offset + 4 * (words + 1)
        if end > len(data):
            raise RtcpMalformed("a packet is cut off")
        body = bytes(data[offset + 4 : end])
        if first & 0x20:
            body = _without_padding(body, is_last=end == len(data))
        packets.append(_parse_one(packet_type, first & 0x1F, body))
        offset = end
    return packets


def _without_padding(body: bytes, *, is_last: bool) -> bytes:
    # Section 6.4.1: only the last packet of a compound is padded, by a multiple of four bytes.
    if not is_last or not body or not 0 < body[-1] <= len(body) or body[-1] % 4:
        raise RtcpMalformed("wrong padding")
    return body[: -body[-1]]


def _parse_one(packet_type: int, count: int, body: bytes) -> RtcpPacket:
    parser = _PARSERS.get((packet_type, count)) or _PARSERS.get((packet_type, None))
    if parser is None:
        return Unknown(packet_type, count, body)
    least, parse_body = parser
    if len(body) < least:
        raise RtcpMalformed("a packet is shorter than its kind")
    return parse_body(count, body)


def _parse_blocks(count: int, body: bytes, offset: int) -> tuple[ReportBlock, ...]:
    if offset + _BLOCK.size * count > len(body):
        raise RtcpMalformed("a report is cut off")
    return tuple(_parse_block(body, offset + _BLOCK.size * index) for index in range(count))


def _parse_block(body: bytes, offset: int) -> ReportBlock:
    ssrc, fraction, lost, highest, jitter, last, delay = _BLOCK.unpack_from(body, offset)
    total = int.from_bytes(lost, signed=True)
    return ReportBlock(ssrc, fraction, total, highest, jitter, last, delay)


def _parse_sender_report(count: int, body: bytes) -> RtcpPacket:
    ssrc, ntp, timestamp, packets, octets = _SENDER.unpack_from(body)
    blocks = _parse_blocks(count, body, _SENDER.size)
    return SenderReport(ssrc, ntp, timestamp, packets, octets, blocks)


def _parse_receiver_report(count: int, body: bytes) -> RtcpPacket:
    return ReceiverReport(int.from_bytes(body[:4]), _parse_blocks(count, body, 4))


def _parse_description(count: int, body: bytes) -> RtcpPacket:
    if count == 1 and len(body) >= 6 and body[4] == 1 and 6 + body[5] <= len(body):
        try:
            return SourceDescription(int.from_bytes(body[:4]), body[6 : 6 + body[5]].decode())
        except UnicodeDecodeError:
            pass
    return Unknown(SOURCE_DESCRIPTION, count, body)


def _parse_goodbye(count: int, body: bytes) -> RtcpPacket:
    if 4 * count > len(body):
        raise RtcpMalformed("a goodbye is cut off")
    return Goodbye(unpack_from(f"!{count}I", body))


def _parse_nack(_: int, body: bytes) -> RtcpPacket:
    lost: list[int] = []
    for first, mask in iter_unpack("!HH", body[8:]):
        lost.append(first)
        lost.extend((first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1)
    return Nack(*_ssrcs(body), tuple(lost))


def _parse_transport_feedback(_: int, body: bytes) -> RtcpPacket:
    return TransportFeedback(*_ssrcs(body), body[8:])


def _parse_picture_loss(_: int, body: bytes) -> RtcpPacket:
    return PictureLoss(*_ssrcs(body))


def _parse_full_intra(_: int, body: bytes) -> RtcpPacket:
    if len(body) % 8:
        raise RtcpMalformed("a full intra request is cut off")
    return FullIntra(_ssrcs(body)[0], tuple(iter_unpack("!IBxxx", body[8:])))


def _ssrcs(body: bytes) -> tuple[int, int]:
    return int.from_bytes(body[:4]), int.from_bytes(body[4:8])


_PARSERS: dict[tuple[int, int | None], tuple[int, Callable[[int, bytes], RtcpPacket]]] = {
    (SENDER_REPORT, None): (24, _parse_sender_report),
    (RECEIVER_REPORT, None): (4, _parse_receiver_report),
    (SOURCE_DESCRIPTION, None): (0, _parse_description),
    (GOODBYE, None): (0, _parse_goodbye),
    (TRANSPORT_FEEDBACK, 1): (12, _parse_nack),
    (TRANSPORT_FEEDBACK, 15): (16, _parse_transport_feedback),
    (PAYLOAD_FEEDBACK, 1): (8, _parse_picture_loss),
    (PAYLOAD_FEEDBACK, 4): (16, _parse_full_intra),
}


def encode(packets: Iterable[RtcpPacket]) -> bytes:
    """One datagram of these packets; a full compound starts with a report (section 6.1)."""
    return b"".join(_encode_one(packet) for packet in packets)


def _encode_one(packet: RtcpPacket) -> bytes:
    match packet:
        case SenderReport(ssrc, ntp, timestamp, packets, octets, blocks):
            body = _SENDER.pack(ssrc, ntp, timestamp, packets, octets) + _encode_blocks(blocks)
            return _frame(SENDER_REPORT, len(blocks), body)
        case ReceiverReport(ssrc, blocks):
            return _frame(RECEIVER_REPORT, len(blocks), pack("!I", ssrc) + _encode_blocks(blocks))
        case SourceDescription(ssrc, cname):
            name = cname.encode()
            item = pack("!IBB", ssrc, 1, len(name)) + name
            return _frame(SOURCE_DESCRIPTION, 1, item + bytes(4 - len(item) % 4))
        case Goodbye(ssrcs):
            return _frame(GOODBYE, len(ssrcs), pack(f"!{len(ssrcs)}I", *ssrcs))
        case Unknown(packet_type, count, body):
            return _frame(packet_type, count, body)
        case _:
            return _encode_feedback(packet)


def _encode_feedback(packet: Nack | TransportFeedback | PictureLoss | FullIntra) -> bytes:
    match packet:
        case Nack(sender, media, lost):
            body = pack("!II", sender, media) + _encode_lost(lost)
            return _frame(TRANSPORT_FEEDBACK, 1, body)
        case TransportFeedback(sender, media, body):
            return _frame(TRANSPORT_FEEDBACK, 15, pack("!II", sender, media) + body)
        case PictureLoss(sender, media):
            return _frame(PAYLOAD_FEEDBACK, 1, pack("!II", sender, media))
        case FullIntra(sender, requests):
            entries = b"".join(pack("!IBxxx", ssrc, counter) for ssrc, counter in requests)
            return _frame(PAYLOAD_FEEDBACK, 4, pack("!II", sender, 0) + entries)


def _frame(packet_type: int, count: int, body: bytes) -> bytes:
    return pack("!BBH", 0x80 | count, packet_type, len(body) // 4) + body


def _encode_blocks(blocks: tuple[ReportBlock, ...]) -> bytes:
    return b"".join(_encode_block(block) for block in blocks)


def _encode_block(block: ReportBlock) -> bytes:
    total = block.total_lost.to_bytes(3, signed=True)
    return _BLOCK.pack(
        block.ssrc,
        block.fraction_lost,
        total,
        block.highest,
        block.jitter,
        block.last_report,
        block.delay,
    )


def _encode_lost(lost: tuple[int, ...]) -> bytes:
    entries = bytearray()
    index = 0
    while index < len(lost):
        first = lost[index]
        index += 1
        last = mask = 0
        # In rising order only, so that what is parsed again comes in the same order.
        while index < len(lost) and last < (distance := (lost[index] - first) & 0xFFFF) <= 16:
            mask |= 1 << (distance - 1)
            last = distance
            index += 1
        entries += pack("!HH", first, mask)
    return bytes(entries)
