"""How much a path towards a receiver carries, from its transport-wide feedback.

After draft-ietf-rmcat-gcc-02: the trend of one-way delays tells a growing queue before anything is
lost; loss is the second sign. The estimate rises slowly while all is well, and falls at once to a
little under what really arrived when it is not.
"""

from collections import deque
from collections.abc import Sequence
from math import sqrt

from segel.core.media.twcc import PacketResult

MINIMUM = 50_000
MAXIMUM = 50_000_000
"""Bits per second: bounds of any estimate."""

TREND_WINDOW = 20
"""Groups of packets over which the trend of delays is taken."""

GROUP = 5_000
"""Microseconds: packets sent within this time are one group."""

OVERUSE = 0.02
"""A trend above this (seconds of delay per second) is a queue that grows."""

CERTAINTY = 3.0
"""Standard errors by which the trend must exceed that: on a path with jitter, more must be seen.

It stands in for the adaptive threshold of section 5.4, which needs seconds to adapt.
"""

QUEUE = 15_000
"""Microseconds of delay over the window that count as a queue at all: less is jitter."""

STANDING = 60_000
"""Microseconds of delay above the path's least that are a queue which does not drain."""

FLOOR_WINDOW = 10_000_000
"""Microseconds for which the least delay is kept, at least; clocks drift, paths change."""

BACKOFF = 0.85
"""The share of what arrived that is kept at overuse (4.4)."""

SETTLE = 0.3
"""Seconds between two falls: the first one's queue needs a while to drain."""

GROWTH = 0.3
"""Share of the estimate that it grows a second, far from where the path last was full.

More than the 0.08 of section 5.5: nothing here probes for bandwidth besides.
"""

STEP = 40_000
"""Bits per second that it grows a second, near there: equal steps let flows come to share."""

NEAR = 0.15
"""What is near: a share of the rate at which the path was full."""

PROVEN = 1.5
"""The estimate never rises above this many times what arrived ..."""

UNPROVEN = 2_500_000
"""... or this: a relay that has paused video sends too little to prove that it would fit."""

LOSS_WINDOW = 1.0
"""Seconds over which loss is taken: one feedback tells of too few packets."""

MAX_ARRIVALS, MAX_FEEDBACKS = 8_192, 256
"""Entries of the books at most: a receiver may claim that all came at once, or tell it often."""

LOSS_LOW, LOSS_HIGH = 0.05, 0.1
"""Shares of loss: below the first the estimate may rise, above the second it falls (6)."""


class DelayFloor:
    """The least one-way delay of the last 10 to 20 s, in microseconds between two clocks."""

    def __init__(self) -> None:
        self._began: int | None = None
        self._before: int | None = None
        self._least = 0

    def add(self, sent: int, delay: int) -> None:
        """Learn one packet's delay."""
        if self._began is None:
            self._began, self._least = sent, delay
        elif abs(sent - self._began) > FLOOR_WINDOW:
            self._began, self._before, self._least = sent, self._least, delay
        self._least = min(self._least, delay)

    @property
    def least(self) -> int:
        """The least delay."""
        return self._least if self._before is None else min(self._before, self._least)


class DelayTrend:
    """Whether the path has a queue: by the slope of the one-way delays, and by their height."""

    def __init__(self) -> None:
        self._floor = DelayFloor()
        self._groups: deque[tuple[int, int]] = deque(maxlen=TREND_WINDOW)
        """(sent, delay) of each group, in microseconds."""

    def add(self, sent: int, arrived: int) -> None:
        """A packet arrived; microseconds, on two clocks."""
        delay = arrived - sent
        self._floor.add(sent, delay)
        if self._groups and 0 <= sent - self._groups[-1][0] < GROUP:
            began, before = self._groups[-1]
            self._groups[-1] = began, max(before, delay)
        else:
            self._groups.append((sent, delay))

    def forget(self) -> None:
        """Begin anew, since the sender's rate has changed."""
        self._groups.clear()

    @property
    def stands(self) -> bool:
        """A queue is there all the time, whether it grows or not."""
        delays = [delay for _, delay in self._groups]
        return len(delays) >= 3 and min(delays[-3:]) - self._floor.least > STANDING

    @property
    def grows(self) -> bool:
        """The delays rise, and have risen by more than jitter."""
        if len(self._groups) < TREND_WINDOW // 2:
            return False
        delays = [delay for _, delay in self._groups]
        if max(delays[-3:]) - min(delays) < QUEUE:
            return False
        slope, error = _line(list(self._groups))
        return slope - CERTAINTY * error > OVERUSE


def _line(points: list[tuple[int, int]]) -> tuple[float, float]:
    """The slope of the line that fits best, and its standard error; no slope if all x are one."""
    count = len(points)
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    xx = sum((x - mean_x) ** 2 for x, _ in points)
    if xx == 0:
        return 0.0, 0.0
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / xx
    rest = sum((y - mean_y - slope * (x - mean_x)) ** 2 for x, y in points)
    return slope, sqrt(rest / ((count - 2) * xx))


class Traffic:
    """What arrived and what was lost lately. Arrivals are as told: the books stay small anyway."""

    def __init__(self) -> None:
        self._arrivals: deque[tuple[int, int]] = deque()
        """(arrival in microseconds, bytes) of the last second."""
        self._bytes = 0
        self._counts: deque[tuple[float, int, int]] = deque(maxlen=MAX_FEEDBACKS)
        """(time, packets told of, packets lost) of each feedback of the window."""

    def add(self, results: Sequence[PacketResult], now: float) -> None:
        """Learn from one feedback."""
        for result in results:
            if result.arrived is not None:
                self._arrivals.append((result.arrived, result.size))
                self._bytes += result.size
        self._shorten()
        lost = sum(result.arrived is None for result in results)
        self._counts.append((now, len(results), lost))
        while self._counts[0][0] < now - LOSS_WINDOW:
            self._counts.popleft()

    def _shorten(self) -> None:
        arrivals = self._arrivals
        while arrivals and (
            arrivals[0][0] < arrivals[-1][0] - 1_000_000 or len(arrivals) > MAX_ARRIVALS
        ):
            self._bytes -= arrivals.popleft()[1]

    def forget_loss(self) -> None:
        """Do not blame the same loss twice."""
        self._counts.clear()

    @property
    def loss(self) -> float:
        """The share of packets lost, 0 to 1."""
        told = sum(count for _, count, _ in self._counts)
        return sum(lost for _, _, lost in self._counts) / told if told else 0.0

    @property
    def rate(self) -> float | None:
        """Bits per second that arrived; none while too little time has passed to tell."""
        if not self._arrivals:
            return None
        span = self._arrivals[-1][0] - self._arrivals[0][0]
        if span < 300_000:
            return None
        return 8e6 * self._bytes / span


class BandwidthEstimator:
    """One path's estimate; times in seconds, `bitrate` in bits per second."""

    def __init__(self, bitrate: float, now: float) -> None:
        self.bitrate = float(bitrate)
        self._changed = now
        self._fell = now - SETTLE
        self._full: float | None = None
        """Where the path was full last."""
        self._trend = DelayTrend()
        self._traffic = Traffic()

    def feedback(self, results: Sequence[PacketResult], now: float) -> None:
        """Learn from the packets that one feedback tells of."""
        if not results:
            return
        self._traffic.add(results, now)
        for result in results:
            if result.arrived is not None:
                self._trend.add(result.sent, result.arrived)
        loss = self._traffic.loss
        rate = self._traffic.rate
        if self._trend.grows or self._trend.stands:
            self._fall(BACKOFF * (self.bitrate if rate is None else rate), rate, now)
        elif loss > LOSS_HIGH:
            self._fall(self.bitrate * (1 - 0.5 * loss), rate, now)
        elif loss < LOSS_LOW:
            self._rise(rate, now)
        self._changed = max(self._changed, now)

    def _fall(self, bitrate: float, rate: float | None, now: float) -> None:
        if 0 <= now - self._fell < SETTLE:
            return
        self._fell = now
        self._full = rate
        self._trend.forget()
        self._traffic.forget_loss()
        self.bitrate = max(MINIMUM, min(self.bitrate, bitrate))

    def _rise(self, rate: float | None, now: float) -> None:
        elapsed = min(1.0, max(0.0, now - self._changed))
        if self._full is not None and abs(self.bitrate / self._full - 1) < NEAR:
            grown = self.bitrate + STEP * elapsed
        else:
            grown = self.bitrate * (1 + GROWTH * elapsed) + STEP / 4 * elapsed
        proven = PROVEN * (rate or 0.0)
        if self._full is None:
            # A path that never showed a queue carries what it carries: nothing to approach yet.
            grown = max(grown, proven)
        ceiling = max(self.bitrate, UNPROVEN, proven)
        self.bitrate = min(MAXIMUM, ceiling, grown)
