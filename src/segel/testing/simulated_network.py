"""A bottleneck in virtual time: a queue before a link of limited rate, with delay and loss.

Sans-IO, and the same for the same seed: what a machine does on a bad network can be replayed.
"""

import heapq
from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class LinkConditions:
    """What one direction of a path is like; may be changed while packets are under way."""

    rate: float
    """Bits per second."""
    delay: float = 0.02
    """Seconds of propagation."""
    queue: float = 0.3
    """Seconds of traffic that may wait; what comes then is dropped."""
    loss: float = 0.0
    """Share of packets lost at random."""
    jitter: float = 0.0
    """Seconds that single packets are delayed further, at most; may reorder."""


class SimulatedLink:
    """One direction of a path. Packets in with their time, packets out with theirs."""

    def __init__(self, conditions: LinkConditions, seed: int) -> None:
        self.conditions = conditions
        self._random = Random(seed)
        self._free_at = 0.0
        self._under_way: list[tuple[float, int, object]] = []
        self._count = 0
        self.dropped = 0
        """Packets lost, at random or for want of room."""

    def send(self, packet: object, size: int, now: float) -> None:
        """Put a packet of `size` bytes on the link; it may be lost."""
        conditions = self.conditions
        starts = max(now, self._free_at)
        if starts - now > conditions.queue or self._random.random() < conditions.loss:
            self.dropped += 1
            return
        self._free_at = starts + 8 * size / conditions.rate
        arrival = self._free_at + conditions.delay + self._random.random() * conditions.jitter
        self._count += 1
        heapq.heappush(self._under_way, (arrival, self._count, packet))

    def arrived(self, now: float) -> list[tuple[float, object]]:
        """(time, packet) of all that arrived until `now`, in order of arrival."""
        out = []
        while self._under_way and self._under_way[0][0] <= now:
            arrival, _, packet = heapq.heappop(self._under_way)
            out.append((arrival, packet))
        return out
