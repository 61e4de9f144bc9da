"""Which packets were seen: the replay lists of SRTP and SRTCP (RFC 3711 3.3.2)."""

from dataclasses import dataclass, field

from segel.core.crypto.srtp_profile import MAX_STREAMS, SrtpMalformed, SrtpReplayed

REPLAY_WINDOW = 128
"""Packets behind the newest that may still arrive (RFC 3711 3.3.2 asks for at least 64)."""


@dataclass(slots=True)
class ReplayWindow:
    """The newest index received and a bit for each of the `REPLAY_WINDOW` before it."""

    newest: int = -1
    seen: int = 0

    def check(self, index: int) -> None:
        """Raise `SrtpReplayed` unless `index` may still be taken."""
        age = self.newest - index
        if age >= 0 and (age >= REPLAY_WINDOW or self.seen >> age & 1):
            raise SrtpReplayed("replayed, or too old")

    def take(self, index: int) -> None:
        """Remember `index`, whose packet has proved authentic."""
        age = self.newest - index
        if age >= 0:
            self.seen |= 1 << age
            return
        advance = min(-age, REPLAY_WINDOW)
        self.seen = ((self.seen << advance) | 1) & ((1 << REPLAY_WINDOW) - 1)
        self.newest = index

    def guess(self, sequence: int) -> int:
        """The index that a 16-bit sequence number most likely means (RFC 3711 3.3.1)."""
        if self.newest < 0:
            return sequence
        distance = (sequence - self.newest) & 0xFFFF
        index = self.newest + (distance - 0x10000 if distance > 0x8000 else distance)
        return index if index >= 0 else index + 0x10000


@dataclass(slots=True)
class ReplayWindows:
    """Replay windows by SSRC, at most `MAX_STREAMS` of them."""

    by_ssrc: dict[int, ReplayWindow] = field(default_factory=dict)

    def get(self, ssrc: int) -> ReplayWindow:
        """The window of `ssrc`, a new one when it is not known yet (not kept until `take`)."""
        return self.by_ssrc.get(ssrc) or ReplayWindow()

    def take(self, ssrc: int, window: ReplayWindow, index: int) -> None:
        """Keep what an authentic packet has taught."""
        if ssrc not in self.by_ssrc and len(self.by_ssrc) >= MAX_STREAMS:
            raise SrtpMalformed("too many SSRCs")
        window.take(index)
        self.by_ssrc[ssrc] = window
