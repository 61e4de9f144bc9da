"""Everything that leaves for one receiver: sealed packets in one buffer, ready for the socket.

This is the inner loop of the relay: it runs once for each packet and receiver.
"""

from typing import NamedTuple

from segel.core.crypto.srtp import MAX_OVERHEAD, SrtpSender
from segel.core.media.packet import HeaderForm

CAPACITY = 48_000
"""Bytes of one buffer: what a drained socket brings for one receiver, about 40 packets."""

HISTORY = 4096
"""Sent packets whose arrival can still be reported, a power of two: 4 s at 1 000 a second."""


class Sealed(NamedTuple):
    """Datagrams one after the other: `sizes` in bytes, from the start of `buffer`."""

    buffer: memoryview
    sizes: list[int]


class Outbox:
    """Seals packets for one receiver and remembers when they left (transport-wide numbers)."""

    __slots__ = (
        "_buffer",
        "_end",
        "_full",
        "_seal",
        "_sender",
        "_sizes",
        "_view",
        "bytes",
        "now",
        "packets",
        "sent_bytes",
        "sent_times",
        "transport_sequence",
    )

    def __init__(self, sender: SrtpSender) -> None:
        self._sender = sender
        self._seal = sender.seal_rtp
        self._full: list[Sealed] = []
        self.now = 0.0
        """Seconds; the owner sets it before it appends."""
        self.packets = 0
        self.bytes = 0
        self.transport_sequence = 0
        """The next transport-wide sequence number, without wrapping."""
        self.sent_times = [0.0] * HISTORY
        self.sent_bytes = [0] * HISTORY
        self._renew()

    def _renew(self) -> None:
        self._buffer = bytearray(CAPACITY)
        self._view = memoryview(self._buffer)
        self._end = 0
        self._sizes: list[int] = []

    def append(
        self, form: HeaderForm, index: int, timestamp: int, ssrc: int, payload: bytes
    ) -> None:
        """Seal one RTP packet. `index` is its sequence number with roll-overs."""
        layout, first, block, element, rest, length = form
        start = self._end
        header_end = start + length
        if header_end + len(payload) + MAX_OVERHEAD > CAPACITY:
            self._rotate()
            start, header_end = 0, length
        buffer = self._buffer
        if block < 0:
            layout.pack_into(buffer, start, first, index & 0xFFFF, timestamp, ssrc)
        else:
            number = self.transport_sequence
            self.transport_sequence = number + 1
            layout.pack_into(
                buffer, start, first, index & 0xFFFF, timestamp, ssrc, block, element,
                number & 0xFFFF,
            )  # fmt: skip
            number &= HISTORY - 1
            self.sent_times[number] = self.now
            self.sent_bytes[number] = length + len(payload)
        if rest:
            buffer[header_end - len(rest) : header_end] = rest
        self._end = end = self._seal(self._view, start, header_end, payload, ssrc, index)
        self._sizes.append(end - start)

    def append_control(self, packet: bytes) -> None:
        """Seal one compound RTCP packet."""
        self.append_sealed(self._sender.protect_rtcp(packet))

    def append_sealed(self, datagram: bytes) -> None:
        """Put a datagram in line that needs no sealing."""
        if self._end + len(datagram) > CAPACITY:
            self._rotate()
        end = self._end + len(datagram)
        self._buffer[self._end : end] = datagram
        self._end = end
        self._sizes.append(len(datagram))

    def take(self) -> list[Sealed]:
        """What waits to be sent. The buffers are good until the next `append`."""
        taken = self._full
        if self._sizes:
            taken.append(Sealed(self._view, self._sizes))
            self.packets += len(self._sizes)
            self.bytes += self._end
            self._end = 0
            self._sizes = []
        if taken:
            self._full = []
        return taken

    def _rotate(self) -> None:
        self.packets += len(self._sizes)
        self.bytes += self._end
        self._full.append(Sealed(self._view, self._sizes))
        self._renew()
