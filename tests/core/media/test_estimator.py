"""The bandwidth estimator on simulated links: what it finds, how fast, and what it survives."""

import tracemalloc
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media.estimator import MAXIMUM, MINIMUM, BandwidthEstimator
from segel.core.media.twcc import PacketResult
from segel.testing.simulated_network import LinkConditions, SimulatedLink

PACKET = 1_000
STEP = 0.01
FEEDBACK_INTERVAL = 0.06


@dataclass
class Flow:
    """A sender that fills its estimate up to `limit`, and the feedback it gets over `link`."""

    link: SimulatedLink
    estimator: BandwidthEstimator
    limit: float = 3e6
    number: int = 0
    credit: float = 0.0
    sent: dict[int, int] = field(default_factory=dict)
    arrivals: dict[int, int] = field(default_factory=dict)
    reported: int = 0
    delivered: int = 0

    def step(self, now: float) -> None:
        self.credit += min(self.estimator.bitrate, self.limit) * STEP / 8
        while self.credit >= PACKET:
            self.credit -= PACKET
            self.sent[self.number] = int(now * 1e6)
            self.link.send((self, self.number), PACKET, now)
            self.number += 1

    def take(self, number: int, arrival: float) -> None:
        self.arrivals[number] = int(arrival * 1e6)
        self.delivered += PACKET

    def feed_back(self, now: float) -> None:
        if not self.arrivals:
            return
        newest = max(self.arrivals)
        told = range(self.reported, newest + 1)
        results = [PacketResult(n, PACKET, self.sent[n], self.arrivals.get(n)) for n in told]
        self.arrivals.clear()
        self.reported = newest + 1
        self.estimator.feedback(results, now)


def run(flows: list[Flow], begin: float, end: float) -> None:
    """Run flows that share one link for a while of virtual time."""
    link = flows[0].link
    steps = round((end - begin) / STEP)
    due = begin + FEEDBACK_INTERVAL
    for step in range(steps):
        now = begin + step * STEP
        for flow in flows:
            flow.step(now)
        for arrival, packet in link.arrived(now):
            assert isinstance(packet, tuple)
            packet[0].take(packet[1], arrival)
        if now >= due:
            due += FEEDBACK_INTERVAL
            for flow in flows:
                flow.feed_back(now)


def flow(rate: float, start: float = 300_000, **conditions: float) -> Flow:
    link = SimulatedLink(LinkConditions(rate, **conditions), seed=1)
    return Flow(link, BandwidthEstimator(start, 0.0))


def goodput(subject: Flow, begin: float, end: float) -> float:
    before = subject.delivered
    run([subject], begin, end)
    return 8 * (subject.delivered - before) / (end - begin)


@pytest.mark.parametrize("start", [300_000, 2_500_000])
def test_finds_a_bottleneck_of_one_megabit_within_ten_seconds(start: float) -> None:
    subject = flow(1e6, start=start)
    run([subject], 0, 10)
    assert 0.8e6 <= subject.estimator.bitrate <= 1.1e6
    assert 0.8e6 <= goodput(subject, 10, 40) <= 1.0e6


def test_falls_below_a_link_that_narrows_within_three_seconds() -> None:
    subject = flow(2e6, start=1.5e6)
    run([subject], 0, 10)
    subject.link.conditions.rate = 300_000
    run([subject], 10, 13)
    assert subject.estimator.bitrate < 330_000


def test_recovers_when_the_link_widens_again() -> None:
    subject = flow(300_000)
    run([subject], 0, 10)
    subject.link.conditions.rate = 3e6
    run([subject], 10, 25)
    assert subject.estimator.bitrate > 1.5e6


def test_recovers_although_little_is_sent_to_prove_it() -> None:
    """A relay that has paused all video sends sound only: it must come to try video again."""
    subject = flow(100_000)
    run([subject], 0, 10)
    subject.limit = 40_000
    subject.link.conditions.rate = 3e6
    run([subject], 10, 40)
    assert subject.estimator.bitrate > 600_000


def test_follows_what_a_wide_path_already_carries() -> None:
    """Several videos at once must not be paused because the first guess was small."""
    estimator = BandwidthEstimator(2.5e6, 0.0)
    for report in range(20):
        sent = range(report * 50, report * 50 + 50)
        results = [PacketResult(n, PACKET, n * 1000, n * 1000 + 20_000) for n in sent]
        estimator.feedback(results, (report + 1) * 0.05)
    assert estimator.bitrate > 8e6


def test_random_loss_of_two_percent_is_not_congestion() -> None:
    subject = flow(2e6, start=500_000, loss=0.02)
    run([subject], 0, 30)
    assert subject.estimator.bitrate > 1e6


def test_heavy_loss_is() -> None:
    subject = flow(5e6, start=1e6, loss=0.25)
    run([subject], 0, 5)
    assert subject.estimator.bitrate < 500_000


@pytest.mark.parametrize("jitter", [0.008, 0.02])
def test_jitter_is_not_a_queue(jitter: float) -> None:
    subject = flow(2e6, start=500_000, jitter=jitter)
    run([subject], 0, 15)
    assert goodput(subject, 15, 40) > 1.6e6


def test_two_flows_share() -> None:
    first = flow(2e6, start=1.2e6)
    second = Flow(first.link, BandwidthEstimator(300_000, 0.0))
    run([first, second], 0, 30)
    before = first.delivered, second.delivered
    run([first, second], 30, 90)
    shares = first.delivered - before[0], second.delivered - before[1]
    jain = sum(shares) ** 2 / (2 * sum(share**2 for share in shares))
    assert jain > 0.8


def test_no_traffic_changes_nothing() -> None:
    estimator = BandwidthEstimator(400_000, 0.0)
    estimator.feedback([], 5.0)
    assert estimator.bitrate == 400_000


@pytest.mark.parametrize("pace", [0, -1, 1_000])
def test_the_books_stay_small_whatever_a_receiver_tells(pace: int) -> None:
    """It may claim that all came at once, or ever earlier, and tell the same again and again."""
    estimator = BandwidthEstimator(400_000, 0.0)
    told = [PacketResult(n, PACKET, n, pace * n) for n in range(400)]
    tracemalloc.start()
    for _ in range(200):
        estimator.feedback(told, 1.0)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 2_000_000


RESULTS = st.lists(
    st.builds(
        PacketResult,
        sequence=st.integers(0, 1 << 20),
        size=st.integers(0, 1500),
        sent=st.integers(0, 1 << 40),
        arrived=st.none() | st.integers(-(1 << 40), 1 << 40),
    ),
    max_size=60,
)


@given(st.lists(st.tuples(RESULTS, st.floats(-1e3, 1e6)), max_size=10))
def test_fuzz_feedback(reports: list[tuple[list[PacketResult], float]]) -> None:
    """Any feedback leaves an estimate within its bounds, never anything else."""
    estimator = BandwidthEstimator(400_000, 0.0)
    for results, now in reports:
        estimator.feedback(results, now)
        assert MINIMUM <= estimator.bitrate <= MAXIMUM


@pytest.mark.parametrize("rate", [150_000, 500_000, 4_000_000])
def test_the_queue_stays_short(rate: float) -> None:
    subject = flow(rate, start=rate / 2, queue=2.0)
    run([subject], 0, 30)
    waiting = subject.number - subject.reported
    assert 8 * PACKET * waiting / rate < 0.6
