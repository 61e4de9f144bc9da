"""What the parts of a membership share: where the member stands, and what it may ask."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from segel.client.clock import Clock
from segel.client.errors import Away
from segel.client.meeting.lobby import Lobby
from segel.client.meeting.rulebook import RuleBook
from segel.core.cbor import Malformed
from segel.core.crypto.entropy import Entropy
from segel.core.identity.account import Identity
from segel.core.meeting.group import MeetingGroup
from segel.core.meeting.link import Link, LinkKeys
from segel.core.meeting.log import Log
from segel.core.meeting.rule import Forbidden
from segel.core.mls.errors import MlsError
from segel.core.wire.answers import Hello
from segel.core.wire.requests import Request

R = TypeVar("R")

BAD = (Malformed, Forbidden, MlsError)
"""What another's bytes can do wrong, as against what goes wrong here."""


class Call(Protocol):
    """Asks the server: as Transport.call. Raises Away, RefusedCall."""

    def __call__(self, request: Request, kind: type[R]) -> Awaitable[R]: ...


async def _nobody(request: Request, kind: type[R]) -> R:
    raise Away("not connected")


@dataclass(slots=True)
class Party:
    """Who one is in a meeting, over all times that one comes in."""

    identity: Identity
    name: str
    link: Link
    keys: LinkKeys
    """`opener` comes with becoming a host."""
    rules: RuleBook
    entropy: Entropy
    clock: Clock
    call: Call = _nobody
    lobby: Lobby = field(default_factory=Lobby)

    @property
    def is_expired(self) -> bool:
        """Whether the link's time is over."""
        return self.link.until is not None and self.clock.wall() > self.link.until

    @property
    def chance(self) -> float:
        """A number in [0, 1), for waits that must not be everybody's."""
        return self.entropy.random(1)[0] / 256


class Standing(NamedTuple):
    """Where a member stands: its group, the node of the epoch, and the log so far."""

    group: MeetingGroup
    node: bytes
    log: Log


@dataclass(slots=True)
class Ground:
    """The ground under a membership."""

    party: Party
    group: MeetingGroup
    node: bytes
    log: Log
    hello: Hello | None = None
    """The connection's first word; None while there is none."""
    entered: bool = False
    """The connection stands inside the present epoch."""

    @property
    def is_host(self) -> bool:
        """Whether we are a host, with the hosts' key."""
        return self.party.keys.opener is not None and self.group.is_host(self.group.leaf)

    def place(self) -> bytes:
        """What goes into the authenticated data of what is sealed now."""
        return self.log.place(self.node).encode()
