"""How well one stream arrives: loss, jitter, what is missing (RFC 3550 A.1, A.3, A.8; RFC 4585).

Sequence numbers are extended to indexes that never wrap, counted from the first packet's number.
"""

from dataclasses import dataclass, field

NACK_INTERVAL = 0.06
"""Seconds between two requests for the same packet, unless the round trip takes longer."""

NACK_ATTEMPTS = 6
"""Requests for one packet before it is given up: later than that no decoder wants it."""

MAX_MISSING = 200
"""Packets that may be missing at a time; with more, a key frame is cheaper than repair."""

MAX_JUMP = 3000
"""A leap in sequence numbers beyond this is a restarted stream, not loss (RFC 3550 A.1)."""

_START = 0x10000
"""What indexes begin at: one wrap below the first packet stays free for what was reordered."""


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """One report block of a receiver report (RFC 3550 6.4.1), without the times of reports."""

    fraction_lost: int
    """In 1/256, since the last block."""
    cumulative_lost: int
    highest_sequence: int
    jitter: int
    """In units of the RTP clock."""


@dataclass(slots=True)
class _Missing:
    """A gap that has not been filled."""

    attempts: int = 0
    next_request: float = 0.0


@dataclass(slots=True)
class Reception:
    """The receiving side's account of one SSRC."""

    clock_rate: int
    first: int = -1
    newest: int = -1
    """The highest index so far, -1 before the first packet."""
    received: int = 0
    _jitter: float = 0.0
    _transit: float | None = None
    _reported_expected: int = 0
    _reported_received: int = 0
    _missing: dict[int, _Missing] = field(default_factory=dict)
    gave_up: bool = False
    """Something was lost for good since this was last set to false: video needs a key frame."""

    def extend(self, sequence: int) -> int:
        """The index that a 16-bit sequence number most likely means."""
        if self.newest < 0:
            return sequence + _START
        distance = (sequence - self.newest) & 0xFFFF
        return self.newest + (distance - 0x10000 if distance >= 0x8000 else distance)

    def take(self, index: int, timestamp: int, now: float) -> bool:
        """Account for a packet that came on its own SSRC. False: a duplicate, drop it.

        `timestamp` is the RTP timestamp, `now` in seconds.
        """
        if index > self.newest:
            self._advance(index)
        elif self._missing.pop(index, None) is None:
            return False
        self.received += 1
        self._update_jitter(timestamp, now)
        return True

    def recover(self, index: int) -> bool:
        """Account for a packet that came by retransmission. False: not missing (any more)."""
        return self._missing.pop(index, None) is not None

    def _advance(self, index: int) -> None:
        gap = index - self.newest - 1
        if self.newest < 0:
            self.first = index
        elif gap > MAX_JUMP:
            self._missing.clear()
            self.gave_up = True
        elif gap:
            for lost in range(self.newest + 1, index):
                self._missing[lost] = _Missing()
        self.newest = index
        if len(self._missing) > MAX_MISSING:
            self._missing.clear()
            self.gave_up = True

    def _update_jitter(self, timestamp: int, now: float) -> None:
        transit = now * self.clock_rate - timestamp
        if self._transit is not None:
            difference = abs(transit - self._transit)
            # A wrapped timestamp is no jitter.
            if difference < 0x80000000:
                self._jitter += (difference - self._jitter) / 16
        self._transit = transit

    def wanted(self, now: float, round_trip: float) -> list[int]:
        """Sequence numbers to request now (generic NACK), at most once per round trip each."""
        due = []
        for index, missing in list(self._missing.items()):
            if missing.next_request > now:
                continue
            if missing.attempts >= NACK_ATTEMPTS:
                del self._missing[index]
                self.gave_up = True
                continue
            missing.attempts += 1
            missing.next_request = now + max(NACK_INTERVAL, round_trip * 1.2)
            due.append(index & 0xFFFF)
        return due

    def report(self) -> ReportBlock | None:
        """The report block since the last call; none before the first packet."""
        if self.newest < 0:
            return None
        expected = self.newest - self.first + 1
        interval = expected - self._reported_expected
        lost = max(0, interval - (self.received - self._reported_received))
        self._reported_expected, self._reported_received = expected, self.received
        return ReportBlock(
            fraction_lost=min(255, lost * 256 // interval) if interval > 0 else 0,
            cumulative_lost=max(-0x800000, min(0x7FFFFF, expected - self.received)),
            highest_sequence=(self.newest - _START) & 0xFFFFFFFF,
            jitter=int(self._jitter),
        )
