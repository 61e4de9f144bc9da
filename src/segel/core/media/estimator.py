"""How much a path towards a receiver carries, from its transport-wide feedback.

After draft-ietf-rmcat-gcc-02: the trend of one-way delays tells a growing queue before anything is
lost; loss is the second sign. The estimate rises slowly while all is well, and falls at once to a
little under what really arrived when it is not.
"""

from collections import deque
from collections.abc import Sequence

from segel.core.media.twcc import PacketResult

MINIMUM = 50_000
MAXIMUM = 50_000_000
"""Bits per second: bounds of any estimate."""

WINDOW = 20
"""Groups of packets over which the trend of delays is taken."""

GROUP = 5_000
"""Microseconds: packets sent within this time are one group."""

OVERUSE = 0.02
"""A trend above this (seconds of delay per second) that lasts is a queue that grows."""

QUEUE = 15_000
"""Microseconds of delay over the window that count as a queue at all: less is jitter."""

BACKOFF = 0.85
"""The share of what arrived that is kept at overuse."""

GROWTH = 0.08
"""The estimate's growth a second while all is well."""

HEADROOM = 1.5
"""The estimate never rises above this many times what arrived: nothing proves more."""

LOSS_LOW, LOSS_HIGH = 0.02, 0.1
"""Shares of loss: below the first the estimate may rise, above the second it falls."""


class BandwidthEstimator:
    """One path's estimate; times in seconds, `bitrate` in bits per second."""

    def __init__(self, bitrate: float, now: float) -> None:
        self.bitrate = float(bitrate)
        self._changed = now
        self._backed_off = now - 1.0
        self._groups: deque[tuple[int, int]] = deque(maxlen=WINDOW)
        """(sent, delay) of each group, in microseconds."""
        self._received: deque[tuple[int, int]] = deque()
        """(arrival in microseconds, bytes) of the last second."""

    def feedback(self, results: Sequence[PacketResult], now: float) -> None:
        """Learn from the packets that one feedback tells of."""
        arrived = [result for result in results if result.arrived is not None]
        if not arrived:
            return
        loss = 1 - len(arrived) / len(results)
        for result in arrived:
            self._take(result)
        acknowledged = self._acknowledged()
        if loss > LOSS_HIGH:
            self._fall(self.bitrate * (1 - 0.5 * loss), now)
        elif self._queue_grows():
            self._fall(BACKOFF * acknowledged, now)
        elif loss < LOSS_LOW:
            self._rise(acknowledged, now)
        self._changed = max(self._changed, now)

    def _take(self, result: PacketResult) -> None:
        if result.arrived is None:
            return
        delay = result.arrived - result.sent
        if self._groups and 0 <= result.sent - self._groups[-1][0] < GROUP:
            sent, before = self._groups[-1]
            self._groups[-1] = sent, max(before, delay)
        else:
            self._groups.append((result.sent, delay))
        self._received.append((result.arrived, result.size))
        while self._received[0][0] < result.arrived - 1_000_000:
            self._received.popleft()

    def _acknowledged(self) -> float:
        """Bits per second that arrived in the last second; over less it is not told."""
        span = self._received[-1][0] - self._received[0][0]
        size = sum(size for _, size in self._received)
        return 8e6 * size / span if span > 300_000 else self.bitrate

    def _queue_grows(self) -> bool:
        if len(self._groups) < WINDOW // 2:
            return False
        sent = [group[0] for group in self._groups]
        delays = [group[1] for group in self._groups]
        if max(delays[-3:]) - min(delays) < QUEUE:
            return False
        mean_sent, mean_delay = sum(sent) / len(sent), sum(delays) / len(delays)
        spread = sum((s - mean_sent) ** 2 for s in sent)
        slope = sum((s - mean_sent) * (d - mean_delay) for s, d in zip(sent, delays, strict=True))
        return spread > 0 and slope / spread > OVERUSE

    def _fall(self, bitrate: float, now: float) -> None:
        # One fall for one congestion: its queue needs a while to drain before the next verdict.
        if now - self._backed_off < 0.3:
            return
        self._backed_off = now
        self._groups.clear()
        self.bitrate = max(MINIMUM, min(self.bitrate, bitrate))

    def _rise(self, acknowledged: float, now: float) -> None:
        elapsed = min(1.0, max(0.0, now - self._changed))
        ceiling = max(self.bitrate, HEADROOM * acknowledged)
        grown = self.bitrate * (1 + GROWTH * elapsed) + 4_000 * elapsed
        self.bitrate = min(MAXIMUM, ceiling, grown)
