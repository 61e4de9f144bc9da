"""One client's connection, as delivery sees it: what it has proven, and a way to send to it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from segel.core.wire import codec
from segel.core.wire.answers import ServerMessage
from segel.server.delivery.limits import MAX_ENTERED, Budget
from segel.server.refusals import Refuse


@dataclass(slots=True, eq=False)
class Connection:
    """`challenge` is what `Hello` said; `send` takes an encoded message and never waits.

    A call that comes without a socket has a connection of its own, whose `send` is None; so has one
    whose socket is closed, while its last calls are carried out.
    """

    challenge: bytes
    send: Callable[[bytes], None] | None
    budget: Budget = field(default_factory=Budget)
    entered: dict[tuple[bytes, bytes], None] = field(default_factory=dict)
    """The nodes whose epoch key it has proven, by group; the oldest is forgotten first."""
    knocks: dict[bytes, bytes] = field(default_factory=dict)
    """Its waiting knock's id, by alias."""
    inboxes: set[bytes] = field(default_factory=set)
    """The inboxes that it has opened."""

    def require_socket(self) -> None:
        """Returns if it can be told of events. Refuses unknown_method."""
        if self.send is None:
            raise Refuse("unknown_method")

    def prove(self, group: bytes, node: bytes) -> None:
        """Remembers that it holds the node's key."""
        self.entered.pop((group, node), None)
        self.entered[group, node] = None
        if len(self.entered) > MAX_ENTERED:
            del self.entered[next(iter(self.entered))]

    def forget(self, group: bytes) -> None:
        """Forgets what it has proven in the group."""
        for place in [each for each in self.entered if each[0] == group]:
            del self.entered[place]

    def tell(self, message: ServerMessage) -> None:
        """Sends one message to it alone."""
        if self.send is not None:
            self.send(codec.encode(message))


def tell_all(
    connections: set[Connection], message: ServerMessage, besides: Connection | None = None
) -> None:
    """Sends one message to many, encoded once; not to `besides`, who asked for it."""
    if not connections:
        return
    frame = codec.encode(message)
    for connection in connections:
        if connection is not besides and connection.send is not None:
            connection.send(frame)
