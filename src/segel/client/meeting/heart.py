"""Saying that we are here, and hearing who else is (meeting.md 8)."""

from collections.abc import Iterable
from typing import NamedTuple

from segel.client.meeting.ground import Ground
from segel.client.meeting.presence import Presence
from segel.core.cbor import Malformed
from segel.core.meeting.whisper import (
    Asking,
    Here,
    Leaving,
    Saying,
    What,
    open_whisper,
    seal_whisper,
)
from segel.core.mls.tree_math import LeafIndex
from segel.core.wire import requests
from segel.core.wire.answers import Done

_HERE_WITHIN = 4.0
"""Seconds within which a member says that it is here after the group changed; with a hand up, a
tenth.
"""


class Asked(NamedTuple):
    """What a host, at a leaf, asks of us."""

    leaf: LeafIndex
    what: What


class Heart:
    """The presence of this epoch, and our own part in it."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.presence = Presence()
        self.here = Here()
        """What we say of our devices."""
        self._asked: set[int] = set()
        self._counter = 0
        self.leaving = False
        """We said that we leave: from then on we say nothing else."""

    def listen(self) -> None:
        """The connection is inside the epoch from now on."""
        self.presence = self.presence.listen(self._now())

    def deafen(self) -> None:
        """The connection is gone."""
        self.presence = self.presence.deafen()

    def next_epoch(self, removed: Iterable[LeafIndex]) -> None:
        """Another epoch began, without these leaves' members."""
        self.presence = self.presence.next_epoch(removed)
        self._counter = 0

    @property
    def here_soon(self) -> float:
        """Seconds until we say that we are in a new epoch: at random, so that not everybody speaks
        at once.
        """
        shows = self.here.microphone or self.here.camera or self.here.hand
        return self._ground.party.chance * (_HERE_WITHIN / 10 if shows else _HERE_WITHIN)

    async def say_here(self) -> None:
        """Says that we are here, and what our devices do; or that we leave, once that was said."""
        await self._say(Leaving() if self.leaving else self.here)

    async def say_leaving(self) -> None:
        """Says goodbye, now and whenever we would say that we are here."""
        self.leaving = True
        await self.say_here()

    async def ask(self, leaf: LeafIndex | None, what: What, nonce: int) -> None:
        """Asks something of the member at a leaf, or of all; only a host is heard."""
        await self._say(Asking(leaf, what, nonce))

    async def _say(self, saying: Saying) -> None:
        ground, party = self._ground, self._ground.party
        if not ground.entered:
            return
        group = ground.group
        self._counter += 1
        body = seal_whisper(
            group.keys.whisper,
            ground.node,
            party.identity.device,
            group.leaf,
            self._counter,
            saying,
            party.entropy.random(12),
        )
        await party.call(requests.Whisper(group.group_id, ground.node, body), Done)

    def whispered(self, node: bytes, body: bytes) -> Asked | None:
        """A whisper came; one that does not hold is as if it had not. What a host asks of us."""
        group = self._ground.group
        if node != self._ground.node:
            return None
        try:
            heard = open_whisper(group.keys.whisper, node, body)
            member = group.member(heard.leaf)
            if member is None or heard.leaf == group.leaf:
                return None
            heard.check(member.device_key)
        except Malformed:
            return None
        following = self.presence.hear(heard, self._now())
        if following is None:
            return None
        self.presence = following
        return self._asks(heard.leaf, heard.saying)

    def _asks(self, leaf: LeafIndex, saying: Saying) -> Asked | None:
        group = self._ground.group
        if not isinstance(saying, Asking) or not group.is_host(leaf):
            return None
        if saying.leaf not in (None, group.leaf) or saying.nonce in self._asked:
            return None
        self._asked.add(saying.nonce)
        return Asked(leaf, saying.what)

    def departed(self) -> list[LeafIndex]:
        """Leaves that left or vanished."""
        return self.presence.departed(self._others(), self._now())

    def acting(self) -> list[LeafIndex]:
        """Other leaves that can be expected to act."""
        return self.presence.acting(self._others(), self._now())

    def _others(self) -> list[LeafIndex]:
        group = self._ground.group
        return [member.leaf for member in group.members if member.leaf != group.leaf]

    def _now(self) -> float:
        return self._ground.party.clock.now()
