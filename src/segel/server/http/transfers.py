"""How many blobs may be on their way, and one upload at a time for each (blobs.md 3, 6)."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

MAX_TRANSFERS = 256
MAX_OF_ADDRESS = 32


class TooMany(Exception):
    """No more transfers now."""


@dataclass(slots=True)
class _Lane:
    """A blob's uploads: one runs, the newest is told apart, the others wait to find out that they
    are over.
    """

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    newest: asyncio.WriteTransport | None = None
    users: int = 0


class Transfers:
    """What is on its way. Addresses are kept in memory while their transfers run."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()
        self._lanes: dict[bytes, _Lane] = {}

    @contextlib.contextmanager
    def slot(self, address: str | None) -> Iterator[None]:
        """A place for one transfer. Behind this machine's own address, a proxy, are many people.

        Raises TooMany.
        """
        who = "" if address is None or ip_address(address).is_loopback else address
        if self._of.total() >= MAX_TRANSFERS or (who and self._of[who] >= MAX_OF_ADDRESS):
            raise TooMany
        self._of[who] += 1
        try:
            yield
        finally:
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]

    @contextlib.asynccontextmanager
    async def alone(self, name: bytes, transport: asyncio.WriteTransport) -> AsyncIterator[None]:
        """Nobody else writes the blob meanwhile: whoever did has lost its connection, which ends
        it, and what it brought is on disk.
        """
        lane = self._lanes.setdefault(name, _Lane())
        if lane.newest is not None:
            lane.newest.abort()
        lane.newest = transport
        lane.users += 1
        try:
            async with lane.lock:
                yield
        finally:
            lane.users -= 1
            if lane.newest is transport:
                lane.newest = None
            if not lane.users:
                del self._lanes[name]
