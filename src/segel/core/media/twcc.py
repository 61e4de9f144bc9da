"""Transport-wide congestion control: the books of both ends of one transport.

The receiver records arrivals and reports them; the sender reads the reports beside what it sent.
All times are whole microseconds on the respective end's own clock.
"""

from typing import Final, NamedTuple

from segel.core.media.rtp import SequenceUnwrapper
from segel.core.media.transport_feedback import REFERENCE, REFERENCE_WRAP, TICK, Feedback

INTERVAL: Final = 50_000
"""Microseconds between two reports while packets come."""

MAX_PACKETS: Final = 400
"""Packets that one report covers at most: it stays within one datagram (2 bytes a packet)."""

HISTORY: Final = 8_192
"""Sent packets whose fate is still of interest, a power of two."""

_MAX_DELTA: Final = 32_767


class ArrivalRecorder:
    """The receiving end: notes each packet's arrival and makes the reports for the sender."""

    __slots__ = ("_arrivals", "_count", "_last_report", "_next", "_unwrapper")

    def __init__(self) -> None:
        self._unwrapper = SequenceUnwrapper()
        self._arrivals: dict[int, int] = {}
        self._next: int | None = None
        self._count = 0
        self._last_report: int | None = None

    def record(self, sequence: int, now: int) -> None:
        """A packet with this 16-bit transport-wide sequence number came at `now`."""
        if self._last_report is None:
            self._last_report = now
        self._arrivals.setdefault(self._unwrapper.unwrap(sequence), now)

    def due(self, now: int) -> bool:
        """Whether `take` should be called: time is over, or a report is full."""
        if not self._arrivals or self._last_report is None:
            return False
        return now - self._last_report >= INTERVAL or len(self._arrivals) >= MAX_PACKETS

    def take(self, now: int) -> list[Feedback]:
        """Reports on all that came since the last call, in order; empty if nothing came."""
        reports: list[Feedback] = []
        pending = sorted(self._arrivals)
        while pending:
            report, pending = self._report(pending)
            reports.append(report)
        self._arrivals.clear()
        self._last_report = now
        return reports

    def _report(self, pending: list[int]) -> tuple[Feedback, list[int]]:
        base = self._base(pending[0])
        # Rounding each arrival by itself, not each difference, keeps errors from adding up.
        reference = self._arrivals[pending[0]] // REFERENCE
        tick = reference * (REFERENCE // TICK)
        deltas: list[int | None] = []
        taken = 0
        for sequence in pending:
            delta = self._arrivals[sequence] // TICK - tick
            if sequence - base >= MAX_PACKETS or not -_MAX_DELTA <= delta <= _MAX_DELTA:
                break
            deltas += [None] * (sequence - base - len(deltas))
            deltas.append(delta)
            tick += delta
            taken += 1
        self._next = max(base + len(deltas), self._next or 0)
        report = Feedback(base & 0xFFFF, reference % REFERENCE_WRAP, self._count, tuple(deltas))
        self._count = (self._count + 1) & 0xFF
        return report, pending[taken:]

    def _base(self, first: int) -> int:
        """Where a report starts: at what the last one left off, so that gaps are told as lost.

        A packet from before that (it was told lost) starts a report of its own; a leap too wide
        for one report is not told, the sender's stream began anew.
        """
        if self._next is None or not 0 <= first - self._next < MAX_PACKETS:
            return first
        return self._next


class FeedbackReader:
    """Unwraps the sequence numbers and times of the reports that one sender gets."""

    __slots__ = ("_reference", "_unwrapper")

    def __init__(self) -> None:
        self._unwrapper = SequenceUnwrapper()
        self._reference: int | None = None

    def read(self, feedback: Feedback) -> list[tuple[int, int | None]]:
        """(extended sequence number, arrival in microseconds or None if lost), in sequence order.

        The first number ever reported stands for itself, so it matches a sender that counts from
        0 without wrapping. Arrivals are on the receiver's clock; only differences mean something.
        """
        sequence = self._unwrapper.unwrap(feedback.base_sequence)
        arrival = self._unwrap_reference(feedback.reference_time) * REFERENCE
        packets: list[tuple[int, int | None]] = []
        for offset, delta in enumerate(feedback.deltas):
            if delta is None:
                packets.append((sequence + offset, None))
                continue
            arrival += delta * TICK
            packets.append((sequence + offset, arrival))
        return packets

    def _unwrap_reference(self, reference: int) -> int:
        half = REFERENCE_WRAP // 2
        if self._reference is None:
            self._reference = reference
        else:
            step = (reference - self._reference + half) % REFERENCE_WRAP - half
            self._reference += step
        return self._reference


class PacketResult(NamedTuple):
    """The fate of one sent packet: `size` in bytes, `arrived` None if it was lost."""

    sequence: int
    size: int
    sent: int
    arrived: int | None


class SentHistory:
    """The sending end: what was sent when, beside what the reports say of it."""

    __slots__ = ("_reader", "_sent")

    def __init__(self) -> None:
        self._reader = FeedbackReader()
        self._sent: list[tuple[int, int, int] | None] = [None] * HISTORY

    def add(self, sequence: int, size: int, now: int) -> None:
        """A packet of `size` bytes leaves; `sequence` counts from 0 without wrapping."""
        self._sent[sequence % HISTORY] = (sequence, size, now)

    def apply(self, feedback: Feedback) -> list[PacketResult]:
        """The packets that a report tells of, in sequence order.

        A packet told to have arrived is told only once; one told lost may be told arrived later.
        Packets never sent, or too old to be remembered, are left out.
        """
        results = []
        for sequence, arrived in self._reader.read(feedback):
            entry = self._sent[sequence % HISTORY]
            if entry is None or entry[0] != sequence:
                continue
            if arrived is not None:
                self._sent[sequence % HISTORY] = None
            results.append(PacketResult(sequence, entry[1], entry[2], arrived))
        return results
