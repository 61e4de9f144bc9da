"""Who reads which group now: in memory, by connection, never written (delivery.md 1, 3)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from segel.core.wire.answers import Child, ChildEvent, ServerMessage
from segel.server.delivery.connection import Connection, tell_all
from segel.server.delivery.limits import MAX_GROUP_CONNECTIONS
from segel.server.refusals import Refuse

GRACE = 10.0
"""Seconds to enter a new epoch, after which a connection no longer counts as there."""

Gone = Callable[[bytes, Connection], None]
"""Told when a connection is no longer in a group."""


@dataclass(slots=True)
class LiveGroup:
    """A group with somebody connected.

    `readers` have entered `node`, the latest; `late` not yet.
    """

    node: bytes
    readers: set[Connection] = field(default_factory=set)
    late: dict[Connection, asyncio.TimerHandle] = field(default_factory=dict)

    def empty(self) -> bool:
        """Nobody is there any more."""
        return not self.readers and not self.late


class LiveGroups:
    """All groups that somebody reads. `empty` is told when the last connection leaves a group."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._groups: dict[bytes, LiveGroup] = {}
        self.on_gone: list[Gone] = []
        self.on_empty: list[Callable[[bytes], None]] = []

    def __len__(self) -> int:
        return len(self._groups)

    def expect(self, group: bytes, node: bytes, connection: Connection) -> None:
        """Counts a connection as there, for a while: it is about to enter what it opened."""
        if connection.send is not None:
            live = self._groups.setdefault(group, LiveGroup(node))
            self._wait_for(live, group, connection)

    def enter(self, group: bytes, node: bytes, connection: Connection) -> None:
        """Subscribes the connection to the latest node. Refuses slow_down if the group is full."""
        live = self._groups.setdefault(group, LiveGroup(node))
        live.node = node
        if len(live.readers) >= MAX_GROUP_CONNECTIONS and connection not in live.readers:
            raise Refuse("slow_down", retry_after=5000)
        timer = live.late.pop(connection, None)
        if timer is not None:
            timer.cancel()
        live.readers.add(connection)

    def move_on(self, group: bytes, parent: bytes, child: Child, author: Connection) -> None:
        """A child was appended: its parent's readers get it, then nothing until they enter it."""
        live = self._groups.get(group)
        if live is None:
            return
        tell_all(live.readers, ChildEvent(group, parent, child), author)
        before, live.readers, live.node = live.readers, set(), child.node
        for connection in before:
            self._wait_for(live, group, connection)

    def tell(
        self, group: bytes, node: bytes, message: ServerMessage, author: Connection | None = None
    ) -> None:
        """Sends a message to the node's readers, if it is the latest."""
        live = self._groups.get(group)
        if live is not None and live.node == node:
            tell_all(live.readers, message, author)

    def tell_latest(
        self, group: bytes, message: ServerMessage, besides: Connection | None = None
    ) -> None:
        """Sends a message to whoever reads the latest node."""
        live = self._groups.get(group)
        if live is not None:
            tell_all(live.readers, message, besides)

    def present(self, group: bytes) -> bool:
        """Somebody is there."""
        return group in self._groups

    def leave(self, group: bytes, connection: Connection) -> None:
        """Takes the connection out of the group."""
        live = self._groups.get(group)
        if live is None or (connection not in live.readers and connection not in live.late):
            return
        live.readers.discard(connection)
        timer = live.late.pop(connection, None)
        if timer is not None:
            timer.cancel()
        for told in self.on_gone:
            told(group, connection)
        if live.empty():
            del self._groups[group]
            for each in self.on_empty:
                each(group)

    def leave_all(self, connection: Connection) -> None:
        """Takes a connection that has ended out of all groups."""
        for group, live in list(self._groups.items()):
            if connection in live.readers or connection in live.late:
                self.leave(group, connection)

    def _wait_for(self, live: LiveGroup, group: bytes, connection: Connection) -> None:
        if connection not in live.late and connection not in live.readers:
            timer = self._loop.call_later(GRACE, self.leave, group, connection)
            live.late[connection] = timer
