"""What one participant receives of one stream: which packets, and under which numbers.

Timestamps pass as they are, since a subscription follows one stream for its whole life. Sequence
numbers close the gaps that the relay itself makes, and only those: a packet lost on its way in
stays a gap, which a late retransmission can still fill.
"""

from bisect import bisect_right

from segel.core.media import rtcp
from segel.core.media.outbox import Outbox
from segel.core.media.packet import HeaderProfile, MediaPacket
from segel.core.media.publication import Publication

RING = 1024
"""Sent packets that can be sent again, a power of two: 3 s of video at 2.5 Mbit/s."""

REPAIR_SHARE = 0.5
REPAIR_BURST = 200
"""Packets sent again for each one sent, in the long run and at once: a receiver that asks for
everything over and over must not make the relay multiply its packets."""

FIRST = 1
"""Index of the first packet sent: a receiver that misses it still guesses the roll-overs right."""

ALL_LAYERS = 9
NO_LAYER = -1


class Subscription:
    """One stream on its way to one receiver. `ssrc` and `rtx_ssrc` are the relay's own."""

    def __init__(
        self,
        publication: Publication,
        ssrc: int,
        rtx_ssrc: int | None,
        profile: HeaderProfile,
        rtx_profile: HeaderProfile | None,
    ) -> None:
        self.publication = publication
        self.ssrc = ssrc
        self.rtx_ssrc = rtx_ssrc
        self.profile = profile
        self._rtx_profile = rtx_profile
        self._rtx_index = FIRST
        self._ring: list[tuple[int, MediaPacket] | None] = [None] * RING
        self._repairs_left = float(REPAIR_BURST)
        self._starts = [0]
        self._offsets = [0]
        self._newest = -1
        self._first = 0
        self._awaits_key_frame = publication.format.kind == "video"
        self._layer = ALL_LAYERS
        self.target_layer = ALL_LAYERS
        """The highest temporal layer wanted now; NO_LAYER pauses the stream."""
        self.packets = 0
        self.octets = 0

    def forward(self, packet: MediaPacket, outbox: Outbox) -> None:
        """Put the packet into the receiver's outbox, or leave it out."""
        if (
            packet.index == self._newest + 1
            and packet.temporal <= self._layer == self.target_layer
            and not self._awaits_key_frame
        ):
            # The next packet of a stream that flows as it should: nearly all are.
            self._newest = packet.index
            self._send(packet, packet.index - self._offsets[-1], outbox)
            return
        if packet.index <= self._newest:
            if packet.index < self._first:
                return
            self._send(packet, packet.index - self._offset_at(packet.index), outbox)
            return
        if not self._takes(packet):
            self._skip(packet.index)
            return
        if self._newest < 0:
            self._first = packet.index
            self._offsets[-1] = packet.index - FIRST
        self._newest = packet.index
        self._send(packet, packet.index - self._offsets[-1], outbox)

    def resume(self) -> None:
        """Show the stream again after a pause, from a key frame on."""
        self._awaits_key_frame = self.publication.format.kind == "video"

    def ask(self) -> None:
        """Ask the publisher for the key frame that is awaited, if one is."""
        if self._awaits_key_frame and self.target_layer != NO_LAYER:
            self.publication.wants_key_frame = True

    def resend(self, lost: tuple[int, ...], outbox: Outbox) -> None:
        """Answer a generic NACK from the ring (RFC 4585 6.2.1, RFC 4588)."""
        if self._rtx_profile is None or self.rtx_ssrc is None:
            return
        for sequence in lost:
            entry = self._ring[sequence & RING - 1]
            if entry is None or entry[0] & 0xFFFF != sequence or self._repairs_left < 1:
                continue
            self._repairs_left -= 1
            packet = entry[1]
            form = packet.form(self._rtx_profile)
            payload = sequence.to_bytes(2) + packet.payload
            outbox.append(form, self._rtx_index, packet.timestamp, self.rtx_ssrc, payload)
            self._rtx_index += 1

    def report(self, ntp: int, timestamp: int) -> rtcp.SenderReport | None:
        """A sender report on the publisher's clocks, so that sound and picture stay together."""
        if not self.packets:
            return None
        octets = self.octets & 0xFFFFFFFF
        return rtcp.SenderReport(self.ssrc, ntp, timestamp, self.packets & 0xFFFFFFFF, octets)

    def _takes(self, packet: MediaPacket) -> bool:
        if self.target_layer == NO_LAYER:
            return False
        if self._awaits_key_frame:
            if not packet.begins_key_frame:
                return False
            self._awaits_key_frame = False
            self._layer = self.target_layer
        if self.target_layer < self._layer:
            self._layer = self.target_layer
        elif self.target_layer > self._layer and (packet.begins_key_frame or packet.switch_up):
            self._layer = self.target_layer
        return packet.temporal <= self._layer

    def _skip(self, index: int) -> None:
        if self._newest < 0:
            return
        self._newest = index
        if self._starts[-1] == index:
            self._starts[-1] = index + 1
            self._offsets[-1] += 1
        else:
            self._starts.append(index + 1)
            self._offsets.append(self._offsets[-1] + 1)
        if len(self._starts) > RING:
            del self._starts[: RING // 2], self._offsets[: RING // 2]

    def _offset_at(self, index: int) -> int:
        return self._offsets[max(0, bisect_right(self._starts, index) - 1)]

    def _send(self, packet: MediaPacket, index: int, outbox: Outbox) -> None:
        outbox.append(packet.form(self.profile), index, packet.timestamp, self.ssrc, packet.payload)
        self._ring[index & RING - 1] = (index, packet)
        if self._repairs_left < REPAIR_BURST:
            self._repairs_left += REPAIR_SHARE
        self.packets += 1
        self.octets += len(packet.payload)
