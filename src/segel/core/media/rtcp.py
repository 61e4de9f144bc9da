"""RTCP packets (RFC 3550 section 6, RFC 4585, RFC 5104): parse a compound, encode what the relay sends."""

from dataclasses import dataclass, field
from struct import pack, unpack_from

from segel.core.media.errors import RtcpMalformed

SENDER_REPORT = 200
RECEIVER_REPORT = 201
SOURCE_DESCRIPTION = 202
GOODBYE = 203
TRANSPORT_FEEDBACK = 205
PAYLOAD_FEEDBACK = 206


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """What a receiver says of one source (section 6.4.1). `jitter` is in clock units, `delay` in 1/65536 s."""

    ssrc: int
    fraction_lost: int
    total_lost: int
    highest: int
    jitter: int
    last_report: int
    delay: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """The wall clock (64-bit NTP) and the media clock of one instant, and what was sent (section 6.4.1)."""

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
    """The canonical name of a source (section 6.5); other items are left out."""

    ssrc: int
    cname: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """Sources that left (section 6.6)."""

    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nack:
    """Sequence numbers that are missing (RFC 4585 section 6.2.1)."""

    sender: int
    media: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """Transport-wide congestion feedback; `body` is what follows the two SSRCs: see `twcc`."""

    sender: int
    media: int
    body: bytes


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """A picture loss indication (RFC 4585 section 6.3.1)."""

    sender: int
    media: int


@dataclass(frozen=True, slots=True)
class FullIntra:
    """A full intra request (RFC 5104 section 4.3.1): SSRCs with their command counters."""

    sender: int
    requests: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A packet that the relay has no use for."""

    packet_type: int
    count: int
    body: bytes = field(repr=False)


RtcpPacket = (
    SenderReport | ReceiverReport | SourceDescription | Goodbye | Nack | TransportFeedback | PictureLoss
    | FullIntra | Unknown
)  # fmt: skip


def parse(data: bytes) -> list[RtcpPacket]:
    """The packets of a compound, reduced-size ones (RFC 5506) too. Raises RtcpMalformed."""
    packets: list[RtcpPacket] = []
    offset = 0
    if not data:
        raise RtcpMalformed("an empty packet")
    while offset < len(data):
        if offset + 4 > len(data) or data[offset] >> 6 != 2:
            raise RtcpMalformed("no RTCP header")
        first, packet_type, words = unpack_from("!BBH", data, offset)
        end = offset + 4 * (words + 1)
        if end > len(data):
            raise RtcpMalformed("a packet is cut off")
        body = _without_padding(data[offset + 4 : end], first)
        packets.append(_parse_one(packet_type, first & 0x1F, body))
        offset = end
    return packets


def _without_padding(body: bytes, first: int) -> bytes:
    if not first & 0x20:
        return body
    if not body or not 0 < body[-1] <= len(body):
        raise RtcpMalformed("padding longer than its packet")
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
    if offset + 24 * count > len(body):
        raise RtcpMalformed("a report is cut off")
    return tuple(_parse_block(body, offset + 24 * index) for index in range(count))


def _parse_block(body: bytes, offset: int) -> ReportBlock:
    ssrc, lost, highest, jitter, last, delay = unpack_from("!IIIIII", body, offset)
    total = lost & 0xFFFFFF
    signed = total - 0x1000000 if total & 0x800000 else total
    return ReportBlock(ssrc, lost >> 24, signed, highest, jitter, last, delay)


def _parse_sender_report(count: int, body: bytes) -> SenderReport:
    return SenderReport(*unpack_from("!IQIII", body), blocks=_parse_blocks(count, body, 24))


def _parse_receiver_report(count: int, body: bytes) -> ReceiverReport:
    return ReceiverReport(unpack_from("!I", body)[0], _parse_blocks(count, body, 4))


def _parse_description(count: int, body: bytes) -> RtcpPacket:
    if count != 1 or len(body) < 6 or body[4] != 1 or 6 + body[5] > len(body):
        return Unknown(SOURCE_DESCRIPTION, count, body)
    cname = body[6 : 6 + body[5]].decode(errors="replace")
    return SourceDescription(unpack_from("!I", body)[0], cname)


def _parse_goodbye(count: int, body: bytes) -> Goodbye:
    if 4 * count > len(body):
        raise RtcpMalformed("a goodbye is cut off")
    return Goodbye(unpack_from(f"!{count}I", body))


def _parse_nack(_: int, body: bytes) -> Nack:
    sender, media = unpack_from("!II", body)
    lost: list[int] = []
    for offset in range(8, len(body) - 3, 4):
        first, mask = unpack_from("!HH", body, offset)
        lost.append(first)
        lost.extend((first + bit + 1) & 0xFFFF for bit in range(16) if mask >> bit & 1)
    return Nack(sender, media, tuple(lost))


def _parse_full_intra(_: int, body: bytes) -> FullIntra:
    entries = tuple(unpack_from("!IBxxx", body, offset) for offset in range(8, len(body) - 7, 8))
    return FullIntra(unpack_from("!I", body)[0], entries)


_PARSERS = {
    (SENDER_REPORT, None): (24, _parse_sender_report),
    (RECEIVER_REPORT, None): (4, _parse_receiver_report),
    (SOURCE_DESCRIPTION, None): (0, _parse_description),
    (GOODBYE, None): (0, _parse_goodbye),
    (TRANSPORT_FEEDBACK, 1): (12, _parse_nack),
    (TRANSPORT_FEEDBACK, 15): (16, lambda _, body: TransportFeedback(*unpack_from("!II", body), body[8:])),
    (PAYLOAD_FEEDBACK, 1): (8, lambda _, body: PictureLoss(*unpack_from("!II", body))),
    (PAYLOAD_FEEDBACK, 4): (16, _parse_full_intra),
}


def encode(packets: "list[RtcpPacket] | tuple[RtcpPacket, ...]") -> bytes:
    """The compound of the packets."""
    return b"".join(_encode_one(packet) for packet in packets)


def _encode_one(packet: RtcpPacket) -> bytes:
    match packet:
        case SenderReport():
            fixed = pack("!IQIII", packet.ssrc, packet.ntp, packet.timestamp, packet.packets, packet.octets)
            return _frame(SENDER_REPORT, len(packet.blocks), fixed + _encode_blocks(packet.blocks))
        case ReceiverReport():
            body = pack("!I", packet.ssrc) + _encode_blocks(packet.blocks)
            return _frame(RECEIVER_REPORT, len(packet.blocks), body)
        case SourceDescription():
            name = packet.cname.encode()
            item = pack("!IBB", packet.ssrc, 1, len(name)) + name
            return _frame(SOURCE_DESCRIPTION, 1, item + bytes(4 - len(item) % 4))
        case Goodbye():
            return _frame(GOODBYE, len(packet.ssrcs), pack(f"!{len(packet.ssrcs)}I", *packet.ssrcs))
        case Nack():
            return _frame(TRANSPORT_FEEDBACK, 1, pack("!II", packet.sender, packet.media) + _encode_lost(packet.lost))
        case TransportFeedback():
            body = pack("!II", packet.sender, packet.media) + packet.body
            return _frame(TRANSPORT_FEEDBACK, 15, body)
        case PictureLoss():
            return _frame(PAYLOAD_FEEDBACK, 1, pack("!II", packet.sender, packet.media))
        case FullIntra():
            entries = b"".join(pack("!IBxxx", ssrc, counter) for ssrc, counter in packet.requests)
            return _frame(PAYLOAD_FEEDBACK, 4, pack("!II", packet.sender, 0) + entries)
        case Unknown():
            return _frame(packet.packet_type, packet.count, packet.body)


def _frame(packet_type: int, count: int, body: bytes) -> bytes:
    return pack("!BBH", 0x80 | count, packet_type, len(body) // 4) + body


def _encode_blocks(blocks: tuple[ReportBlock, ...]) -> bytes:
    return b"".join(
        pack("!IIIIII", b.ssrc, b.fraction_lost << 24 | b.total_lost & 0xFFFFFF, b.highest, b.jitter, b.last_report, b.delay)
        for b in blocks
    )  # fmt: skip


def _encode_lost(lost: tuple[int, ...]) -> bytes:
    entries = bytearray()
    rest = list(lost)
    while rest:
        first = rest.pop(0)
        mask = 0
        while rest and 0 < (rest[0] - first) & 0xFFFF <= 16:
            mask |= 1 << ((rest.pop(0) - first) & 0xFFFF) - 1
        entries += pack("!HH", first, mask)
    return bytes(entries)
