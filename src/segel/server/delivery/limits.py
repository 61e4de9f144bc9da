"""How much one connection, group or inbox may take (wire.md 6)."""

from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Literal

from segel.server.refusals import Refuse

MAX_ENTERED = 64
MAX_CONNECTION_KNOCKS = 8
MAX_CONNECTION_INBOXES = 32
MAX_WAITING_KNOCKS = 256
MAX_GROUP_CONNECTIONS = 1000
MAX_OUTGOING = 16 * 2**20
"""Bytes that may wait for a slow reader."""
MAX_ADDRESSES = 10_000
"""Network addresses whose budgets are remembered; the one unseen for longest goes first."""
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
    deposits: "Deposits | None" = None
    """What its network address may leave; None for this machine's own, a proxy's."""

    def spend(self, size: int, now: float) -> None:
        """One call of `size` bytes. Refuses slow_down."""
        self.calls.take(1, now)
        self.bytes.take(size, now)

    def deposit(self, kind: "Deposit", amount: int, now: float) -> None:
        """Something that stays on the server. Refuses slow_down."""
        if self.deposits is not None:
            getattr(self.deposits, kind).take(amount, now)


Deposit = Literal["generations", "inboxes", "bytes"]


@dataclass(slots=True)
class Deposits:
    """What may be left from one network address, however many connections it makes: an office of
    many people behind one address is meant to fit.
    """

    generations: Bucket = field(default_factory=lambda: Bucket(120 / 3600, 60))
    inboxes: Bucket = field(default_factory=lambda: Bucket(600 / 3600, 300))
    bytes: Bucket = field(default_factory=lambda: Bucket(2**17, 2**28))
    """Of what is delivered to inboxes."""
    calls: Budget = field(default_factory=Budget)
    """Of calls that come without a connection."""


class Addresses:
    """Budgets by network address, in memory; an IPv6 subscriber's are those of its /64."""

    def __init__(self) -> None:
        self._of: dict[str, Deposits] = {}

    def budget(self, address: str | None) -> Budget:
        """For a new connection."""
        return Budget(deposits=self._find(address))

    def call_budget(self, address: str | None) -> Budget:
        """For a call without a connection: what its address has left."""
        deposits = self._find(address)
        if deposits is None:
            return Budget()
        deposits.calls.deposits = deposits
        return deposits.calls

    def _find(self, address: str | None) -> Deposits | None:
        who = _subscriber(address)
        if who is None:
            return None
        deposits = self._of.pop(who, None) or Deposits()
        self._of[who] = deposits
        if len(self._of) > MAX_ADDRESSES:
            del self._of[next(iter(self._of))]
        return deposits


def _subscriber(address: str | None) -> str | None:
    """Who is behind an address, as far as it tells; None for this machine itself."""
    if address is None:
        return None
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return None
    if isinstance(found, IPv6Address):
        return str(IPv6Network((found, 64), strict=False))
    return str(found)
