"""What every request works with."""

from collections.abc import Callable
from dataclasses import dataclass, field

from segel.core.crypto.ed25519 import SigningKey
from segel.core.wire import hashes
from segel.server.delivery.connection import Connection
from segel.server.delivery.doors import Doors
from segel.server.delivery.groups import LiveGroups
from segel.server.delivery.limits import Addresses
from segel.server.delivery.media import Media
from segel.server.delivery.proofs import Nonces
from segel.server.storage.store import Store


@dataclass(slots=True)
class Context:
    """One server's state: durable in `store`, everything else in memory.

    `now` gives Unix seconds.
    """

    store: Store
    server_key: SigningKey
    now: Callable[[], float]
    groups: LiveGroups
    doors: Doors
    media: Media
    nonces: Nonces = field(default_factory=Nonces)
    addresses: Addresses = field(default_factory=Addresses)
    inbox_readers: dict[bytes, set[Connection]] = field(default_factory=dict)

    @property
    def log_id(self) -> bytes:
        """The server's id, which signatures name."""
        return hashes.log_id(self.server_key.public)
