"""Letting others in and out, when it is our turn (meeting.md 6, 8)."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256

from segel.client.errors import RefusedCall, Unreachable
from segel.client.meeting.admission import (
    Knocker,
    Opened,
    Planned,
    open_visit,
    plan,
    sort,
    unfit,
)
from segel.client.meeting.follower import Follower, Item
from segel.client.meeting.ground import BAD, Ground
from segel.client.meeting.heart import Heart
from segel.client.meeting.timers import Timers
from segel.core.cbor import Malformed
from segel.core.meeting.announcement import Announcement, encode_announcement
from segel.core.meeting.envelope import Denial, Envelope, seal_denial, seal_envelope
from segel.core.meeting.group import MeetingGroup
from segel.core.mls.tree_math import LeafIndex
from segel.core.wire import requests
from segel.core.wire.answers import Appended, Child, Done, WaitingKnock

_GATHER, _TURN, _JITTER = 0.05, 1.5, 0.5
"""Seconds: knocks are collected for so long; between two leaves' turns; at random."""
_MOST_TURNS = 6
_DUTY = "duty"

Task = Callable[[], Awaitable[None]]


class Steward:
    """Answers knocks and removes who is gone. `later` runs a task in its turn."""

    def __init__(
        self,
        ground: Ground,
        heart: Heart,
        follower: Follower,
        timers: Timers,
        later: Callable[[Task], None],
    ) -> None:
        self._ground, self._heart, self._follower = ground, heart, follower
        self._timers, self._later = timers, later
        self._knocks: dict[bytes, WaitingKnock] = {}
        self._opened: dict[bytes, Opened] = {}
        self._news = self._announced = False
        self._due = 0.0

    def away(self) -> None:
        """The connection is gone: the server forgets who knocked, and what we announced."""
        self._knocks.clear()
        self._opened.clear()
        self._announced = False

    def found(self, knocks: Sequence[WaitingKnock]) -> None:
        """Who waits at the door of the epoch that was entered."""
        self._knocks = {knock.id: knock for knock in knocks}
        self.look()

    def knocked(self, knock: WaitingKnock) -> None:
        """Somebody knocks."""
        self._knocks[knock.id] = knock
        self.look()

    def gone(self, knock: bytes) -> None:
        """A knock was taken away."""
        self._knocks.pop(knock, None)
        self._opened.pop(knock, None)

    def moved(self) -> None:
        """The group went on: what was to be done is looked at anew."""
        self._timers.cancel(_DUTY)
        self._opened.clear()
        if not self._rules:
            self._ground.party.lobby.clear()

    def look(self) -> None:
        """Looks at the door anew: somebody knocked, or a host spoke."""
        self._news = True
        self.schedule()

    @property
    def _rules(self) -> bool:
        """Whether it is for us to say who comes in from the lobby."""
        group = self._ground.group
        return group.rule.terms.lobby and group.is_host(group.leaf)

    def schedule(self) -> None:
        """Takes our turn where there is something to do: sooner than planned where those before us
        are gone.
        """
        ground = self._ground
        if not ground.entered or self._heart.leaving or not (self._news or self._heart.departed()):
            return
        # Who may answer for the lobby waits for nobody.
        own = ground.group.leaf
        before = 0 if self._rules else sum(leaf < own for leaf in self._heart.acting())
        wait = _GATHER
        if before:
            wait += min(before, _MOST_TURNS) * _TURN + ground.party.chance * _JITTER
        due = ground.party.clock.now() + wait
        if self._timers.has(_DUTY) and self._due <= due:
            return
        self._due = due
        self._timers.after(_DUTY, wait, lambda: self._later(self._duty))

    async def announce(self) -> None:
        """Publishes the present epoch's knock key, once on each connection."""
        if self._announced:
            return
        group, node, party = self._ground.group, self._ground.node, self._ground.party
        announcement = self._announcement(group)
        await party.call(
            requests.Announce(group.group_id, node, party.keys.alias, announcement), Done
        )
        self._announced = True

    def _announcement(self, group: MeetingGroup) -> bytes:
        said = Announcement(group.meeting.generation, group.suite.id, group.keys.knock.public)
        return encode_announcement(self._ground.party.keys, said)

    async def _duty(self) -> None:
        ground = self._ground
        if not ground.entered or self._heart.leaving:
            return
        for number, knock in self._knocks.items():
            if number not in self._opened:
                self._opened[number] = open_visit(ground, knock)
        todo = sort(ground, self._opened.values())
        self._news = False
        await self._dismiss(todo.settled)
        for knocker, reason in todo.denied:
            await self._deny(knocker, reason)
        departed = self._heart.departed()
        if todo.knockers or departed:
            await self._commit(departed, todo.knockers)

    async def _deny(self, knocker: Knocker, reason: Denial) -> None:
        ground, visitor = self._ground, knocker.visitor
        key = visitor.package.init_key
        # A key that is none, or an inbox that is gone: nobody waits there.
        with contextlib.suppress(RefusedCall, Malformed):
            body = seal_denial(ground.group.suite, key, reason, ground.party.entropy)
            await ground.party.call(requests.Deliver(*visitor.address, body), Done)
        await self._dismiss([knocker.id])

    def tick(self) -> None:
        """The knocks that wait for our word lie there still."""
        party = self._ground.party
        for _, visitor in self._opened.values():
            if visitor is not None:
                party.lobby.still_there(visitor.account, party.clock.now())
        self.schedule()

    async def _commit(self, departed: Sequence[LeafIndex], knockers: Sequence[Knocker]) -> None:
        try:
            planned = plan(self._ground, departed, knockers)
        except BAD:
            await self._dismiss(unfit(self._ground, knockers))
            return
        await self.propose(planned)

    async def propose(self, planned: Planned) -> None:
        """Sends a commit of ours. Raises RefusedCall, also where another's was first; then it is
        as if it had not been made.
        """
        ground = self._ground
        node, key = ground.node, planned.next.keys.epoch.public
        self._follower.expect(planned)
        request = requests.Commit(
            ground.group.group_id, node, planned.commit, key, self._announcement(planned.next)
        )
        try:
            made = await ground.party.call(request, Appended)
        except RefusedCall:
            self._follower.expect(None)
            raise
        child = Child(made.node, planned.commit, key, made.receipt)
        await self._follower.take(Item(node, child))

    def welcome(self, planned: Planned, parent: bytes, child: Child) -> None:
        """Our commit won: gives every joiner its Welcome, then takes the answered knocks off the
        door.
        """
        for knocker in planned.knockers:
            self.gone(knocker.id)
        self._welcoming = asyncio.create_task(self._deliver(planned, parent, child))

    async def _deliver(self, planned: Planned, parent: bytes, child: Child) -> None:
        party, receipt = self._ground.party, child.receipt
        digest = sha256(child.commit).digest()

        async def give(knocker: Knocker, welcome: bytes) -> None:
            visitor = knocker.visitor
            envelope = Envelope(parent, digest, receipt.head, receipt.position, welcome)
            key = visitor.package.init_key
            body = seal_envelope(planned.next.suite, key, envelope, party.entropy)
            await party.call(requests.Deliver(*visitor.address, body), Done)

        given = zip(planned.knockers, planned.welcomes, strict=True)
        results = await asyncio.gather(*(give(*each) for each in given), return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, Unreachable | Malformed):
                raise result
        self._later(lambda: self._dismiss([each.id for each in planned.knockers]))

    async def _dismiss(self, ids: Sequence[bytes]) -> None:
        if not ids:
            return
        ground = self._ground
        for each in ids:
            self.gone(each)
        request = requests.Dismiss(ground.group.group_id, ground.node, list(ids))
        await ground.party.call(request, Done)
