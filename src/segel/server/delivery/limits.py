"""How much one connection, group or inbox may take (wire.md 6)."""

from dataclasses import dataclass, field

from segel.server.refusals import Refuse

MAX_ENTERED = 64
MAX_CONNECTION_KNOCKS = 8
MAX_CONNECTION_INBOXES = 32
MAX_WAITING_KNOCKS = 256
MAX_GROUP_CONNECTIONS = 1000
MAX_OUTGOING = 16 * 2**20
"""Bytes that may wait for a slow reader."""
IDLE = 60.0
"""Seconds of silence after which a connection is closed."""


@dataclass(slots=True)
class Bucket:
    """A token bucket: `rate` a second, at most `burst` at once."""

    rate: float
    burst: float
    level: float = field(init=False)
    filled: float = 0.0

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, cost: float, now: float) -> None:
        """Takes `cost`, or refuses slow_down with the time until it is there."""
        self.level = min(self.burst, self.level + max(0.0, now - self.filled) * self.rate)
        self.filled = now
        if self.level < cost:
            missing = (cost - self.level) / self.rate
            raise Refuse("slow_down", retry_after=max(1, int(missing * 1000)))
        self.level -= cost


@dataclass(slots=True)
class Budget:
    """What one connection may spend."""

    calls: Bucket = field(default_factory=lambda: Bucket(100, 400))
    bytes: Bucket = field(default_factory=lambda: Bucket(2e6, 16e6))
    generations: Bucket = field(default_factory=lambda: Bucket(20 / 3600, 20))

    def spend(self, size: int, now: float) -> None:
        """One call of `size` bytes. Refuses slow_down."""
        self.calls.take(1, now)
        self.bytes.take(size, now)
