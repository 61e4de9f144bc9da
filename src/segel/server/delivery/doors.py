"""What stands at a meeting's door: its announcement, and the knocks that wait (meeting.md 5).

In memory.
"""

from dataclasses import dataclass, field

from segel.core.wire.answers import Announced, KnockEvent, KnockGone, WaitingKnock
from segel.server.delivery.connection import Connection
from segel.server.delivery.groups import LiveGroups
from segel.server.delivery.limits import MAX_CONNECTION_KNOCKS, MAX_WAITING_KNOCKS
from segel.server.refusals import Refuse


@dataclass(slots=True)
class Door:
    """The door of one alias. `announcement` is None while nobody of the group is connected."""

    alias: bytes
    generation: int
    group: bytes
    announcement: bytes | None = None
    knocks: dict[bytes, tuple[Connection, bytes]] = field(default_factory=dict)


class Doors:
    """The doors with something to keep, by alias and by group."""

    def __init__(self, groups: LiveGroups) -> None:
        self._groups = groups
        self._by_alias: dict[bytes, Door] = {}
        self._by_group: dict[bytes, Door] = {}
        groups.on_empty.append(self._nobody)

    def announcement(self, alias: bytes) -> bytes | None:
        """What is announced under the alias now."""
        door = self._by_alias.get(alias)
        return None if door is None else door.announcement

    def announce(self, alias: bytes, generation: int, group: bytes, announcement: bytes) -> None:
        """Puts an announcement up, and tells those who knock."""
        self._change(self._door(alias, generation, group), announcement)

    def renew(self, group: bytes, announcement: bytes) -> None:
        """A commit's announcement replaces the one that stands."""
        door = self._by_group.get(group)
        if door is not None:
            self._change(door, announcement)

    def knock(self, door: Door, knock: bytes, connection: Connection, body: bytes) -> None:
        """Lets a knock wait, in place of the connection's earlier one. Refuses slow_down."""
        self.withdraw(door.alias, connection)
        # Taking back the only knock may have swept the door away.
        self._by_alias[door.alias] = self._by_group[door.group] = door
        full = len(door.knocks) >= MAX_WAITING_KNOCKS
        if full or len(connection.knocks) >= MAX_CONNECTION_KNOCKS:
            self._sweep(door)
            raise Refuse("slow_down", retry_after=5000)
        door.knocks[knock] = (connection, body)
        connection.knocks[door.alias] = knock
        self._groups.tell_latest(door.group, KnockEvent(door.group, WaitingKnock(knock, body)))

    def withdraw(self, alias: bytes, connection: Connection) -> None:
        """Takes the connection's knock at the alias back."""
        knock = connection.knocks.pop(alias, None)
        door = self._by_alias.get(alias)
        if door is not None and knock is not None:
            self._drop(door, knock)

    def withdraw_all(self, connection: Connection) -> None:
        """The connection has ended: so have its knocks."""
        for alias in list(connection.knocks):
            self.withdraw(alias, connection)

    def dismiss(self, group: bytes, knocks: list[bytes]) -> None:
        """Drops knocks of the group that were answered."""
        door = self._by_group.get(group)
        if door is not None:
            for knock in knocks:
                self._drop(door, knock)

    def waiting(self, group: bytes) -> list[WaitingKnock]:
        """The knocks at the group's door, oldest first."""
        door = self._by_group.get(group)
        knocks = {} if door is None else door.knocks
        return [WaitingKnock(knock, body) for knock, (_, body) in knocks.items()]

    def door(self, alias: bytes, generation: int, group: bytes) -> Door:
        """The alias' door, made if there is none. A new generation begins with nobody waiting."""
        return self._door(alias, generation, group)

    def _door(self, alias: bytes, generation: int, group: bytes) -> Door:
        door = self._by_alias.get(alias)
        if door is None:
            door = self._by_alias[alias] = Door(alias, generation, group)
        elif door.group != group:
            self._by_group.pop(door.group, None)
            door.generation, door.group, door.announcement = generation, group, None
        self._by_group[group] = door
        return door

    def _change(self, door: Door, announcement: bytes | None) -> None:
        if door.announcement == announcement:
            return
        door.announcement = announcement
        for connection, _ in list(door.knocks.values()):
            connection.tell(Announced(door.alias, door.generation, announcement))

    def _drop(self, door: Door, knock: bytes) -> None:
        found = door.knocks.pop(knock, None)
        if found is not None:
            found[0].knocks.pop(door.alias, None)
            self._groups.tell_latest(door.group, KnockGone(door.group, knock))
        self._sweep(door)

    def _nobody(self, group: bytes) -> None:
        door = self._by_group.get(group)
        if door is not None:
            self._change(door, None)
            self._sweep(door)

    def _sweep(self, door: Door) -> None:
        if not door.knocks and door.announcement is None:
            self._by_alias.pop(door.alias, None)
            self._by_group.pop(door.group, None)
