"""What one participant publishes: one stream of packets, read once for all who receive it."""

from dataclasses import dataclass, field

from segel.core.media import rtcp, vp8
from segel.core.media.dependency_descriptor import DescriptorReader
from segel.core.media.errors import Malformed
from segel.core.media.packet import MediaPacket
from segel.core.media.reception import Reception
from segel.core.media.rtp import RtpHeader

KEY_FRAME_INTERVAL = 0.5
"""Seconds between two requests for a key frame, however many receivers ask."""

RATE_WINDOW = 1.0
"""Seconds over which the rate of each temporal layer is measured."""

MAX_TEMPORAL = 4
"""Temporal layers that are told apart; higher ones count as the highest."""


@dataclass(frozen=True, slots=True)
class Format:
    """What was negotiated for the section; 0 stands for an extension that was not."""

    kind: str
    payload_type: int
    rtx_payload_type: int | None
    clock_rate: int
    transport_sequence: int
    descriptor: int
    audio_level: int


@dataclass(slots=True)
class _Rates:
    """Bits per second of each temporal layer, measured window by window."""

    began: float
    bits: list[int] = field(default_factory=lambda: [0] * MAX_TEMPORAL)
    rates: list[float] = field(default_factory=lambda: [0.0] * MAX_TEMPORAL)

    def add(self, temporal: int, size: int, now: float) -> None:
        span = now - self.began
        if span >= RATE_WINDOW:
            self.rates = [bits / span for bits in self.bits]
            self.bits = [0] * MAX_TEMPORAL
            self.began = now
        self.bits[min(temporal, MAX_TEMPORAL - 1)] += 8 * size


class Publication:
    """One published stream. `stream` is its random id; `ssrc` is None until it is known."""

    def __init__(
        self, stream: bytes, form: Format, ssrc: int | None, rtx_ssrc: int | None, now: float
    ) -> None:
        self.stream = stream
        self.format = form
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.reception = Reception(form.clock_rate)
        self.last_report: tuple[int, float] | None = None
        """The middle 32 bits of the NTP time of the last sender report, and when it came."""
        self.wants_key_frame = False
        self._asked = -KEY_FRAME_INTERVAL
        self._rates = _Rates(now)
        self._descriptors = DescriptorReader()

    def receive(self, header: RtpHeader, packet: bytes, now: float) -> MediaPacket | None:
        """A packet that came on the stream's own SSRC; None for a duplicate or an empty one."""
        index = self.reception.extend(header.sequence)
        if not self.reception.take(index, header.timestamp, now):
            return None
        return self._read(index, header, packet, now)

    def recover(self, header: RtpHeader, packet: bytes, now: float) -> MediaPacket | None:
        """A packet that came as a retransmission, unwrapped; None if it was not missing."""
        index = self.reception.extend(header.sequence)
        return self._read(index, header, packet, now) if self.reception.recover(index) else None

    def rate(self, temporal: int) -> float:
        """Bits per second of the layers up to `temporal`."""
        return sum(self._rates.rates[: temporal + 1])

    @property
    def highest_temporal(self) -> int:
        """The highest temporal layer that lately carried anything."""
        used = [layer for layer, rate in enumerate(self._rates.rates) if rate > 0]
        return used[-1] if used else 0

    def feedback(self, now: float, round_trip: float) -> list[rtcp.RtcpPacket]:
        """What the publisher must hear now: lost packets, and a wish for a key frame."""
        if self.ssrc is None:
            return []
        packets: list[rtcp.RtcpPacket] = []
        if self.format.kind == "video":
            lost = self.reception.wanted(now, round_trip)
            if lost:
                packets.append(rtcp.Nack(self.ssrc, self.ssrc, tuple(lost)))
            if self.reception.gave_up:
                self.reception.gave_up = False
                self.wants_key_frame = True
            if self.wants_key_frame and now - self._asked >= KEY_FRAME_INTERVAL:
                self._asked = now
                self.wants_key_frame = False
                packets.append(rtcp.PictureLoss(self.ssrc, self.ssrc))
        return packets

    def report(self, now: float) -> rtcp.ReportBlock | None:
        """The receiver report's block on this stream."""
        block = self.reception.report()
        if block is None or self.ssrc is None:
            return None
        last, delay = 0, 0
        if self.last_report is not None:
            last, delay = self.last_report[0], int((now - self.last_report[1]) * 65536) & 0xFFFFFFFF
        return rtcp.ReportBlock(
            self.ssrc, block.fraction_lost, block.cumulative_lost, block.highest_sequence,
            block.jitter, last, delay,
        )  # fmt: skip

    def _read(self, index: int, header: RtpHeader, packet: bytes, now: float) -> MediaPacket | None:
        payload = packet[header.header_size : header.size - header.padding_size]
        if not payload:
            return None
        media = MediaPacket(index, header.timestamp, header.marker, payload)
        if self.format.kind == "video":
            self._read_layers(media, _extension(header, packet, self.format.descriptor))
        else:
            media.audio_level = _extension(header, packet, self.format.audio_level)
        self._rates.add(media.temporal, header.size, now)
        return media

    def _read_layers(self, media: MediaPacket, descriptor: bytes | None) -> None:
        try:
            if descriptor is not None:
                media.descriptor = descriptor
                read = self._descriptors.read(descriptor)
                media.temporal = read.temporal
                media.begins_key_frame = read.attached and read.starts_frame
                media.switch_up = read.switches_up_to(read.temporal)
            else:
                described = vp8.parse_descriptor(media.payload)
                media.temporal = described.temporal or 0
                media.begins_key_frame = vp8.begins_key_frame(media.payload, described)
                media.switch_up = described.layer_sync or media.temporal == 0
        except Malformed:
            # Its receivers may still make use of it: a relay judges no payload.
            media.temporal = 0


def _extension(header: RtpHeader, packet: bytes, identifier: int) -> bytes | None:
    found = header.extensions.get(identifier) if identifier else None
    return None if found is None else packet[found[0] : found[0] + found[1]]
