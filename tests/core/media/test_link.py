"""The path to one receiver: its feedback read beside the outbox's books."""

from segel.core.crypto.srtp_gcm import GcmSender
from segel.core.media.link import START_BITRATE, Link
from segel.core.media.outbox import HISTORY, Outbox
from segel.core.media.packet import HeaderProfile, make_form
from segel.core.media.transport_feedback import Feedback

FORM = make_form(HeaderProfile(96, 3), False, [])
PACKET = bytes(1_000)
GAP = 0.005
TICKS = 20
"""The gap in units of 250 us."""
PER_REPORT = 10


class Path:
    """A link and its outbox, and a receiver at no distance that reports what arrived."""

    def __init__(self) -> None:
        self.outbox = Outbox(GcmSender(bytes(16), bytes(12)))
        self.link = Link(self.outbox, 0.0)
        self.now = 0.0

    def send(self, count: int) -> None:
        """Send packets `GAP` apart."""
        for _ in range(count):
            self.outbox.now = self.now
            index = self.outbox.transport_sequence + 1
            self.outbox.append(FORM, index, 0, 7, PACKET)
            self.outbox.take()
            self.now += GAP

    def report(self, base: int, arrived: list[bool]) -> None:
        """Tell which packets from `base` on arrived; the receiver's clock is the sender's."""
        reference = base * TICKS // 256
        last = reference * 256
        deltas: list[int | None] = []
        for number, came in enumerate(arrived, base):
            deltas.append(number * TICKS - last if came else None)
            last = number * TICKS if came else last
        self.link.take(Feedback(base & 0xFFFF, reference, 0, tuple(deltas)), self.now)


def test_begins_with_the_assumed_rate() -> None:
    assert Path().link.bitrate == START_BITRATE


def test_loss_lowers_the_rate() -> None:
    path = Path()
    for base in range(0, 600, PER_REPORT):
        path.send(PER_REPORT)
        path.report(base, [True, False] * (PER_REPORT // 2))
    assert path.link.bitrate < START_BITRATE / 2


def test_even_arrivals_do_not_lower_it() -> None:
    path = Path()
    for base in range(0, 600, PER_REPORT):
        path.send(PER_REPORT)
        path.report(base, [True] * PER_REPORT)
    assert path.link.bitrate >= START_BITRATE


def test_numbers_never_sent_tell_nothing() -> None:
    path = Path()
    path.send(5)
    for base in range(5, 605, PER_REPORT):
        path.now += PER_REPORT * GAP
        path.report(base, [False] * PER_REPORT)
    assert path.link.bitrate == START_BITRATE


def test_numbers_of_long_ago_tell_nothing() -> None:
    path = Path()
    path.send(HISTORY + 600)
    for base in range(0, 600, PER_REPORT):
        path.now += PER_REPORT * GAP
        path.report(base, [False] * PER_REPORT)
    assert path.link.bitrate == START_BITRATE
