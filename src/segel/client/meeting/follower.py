"""Following the group's log from epoch to epoch, and checking every step (delivery.md 2, 3)."""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from segel.client.errors import Away, Over
from segel.client.meeting.admission import Planned
from segel.client.meeting.ground import BAD, Ground
from segel.core.cbor import Malformed
from segel.core.crypto.signature import Ed25519
from segel.core.meeting.group import MeetingGroup, Member
from segel.core.meeting.log import LogAlarm
from segel.core.meeting.place import decode_place
from segel.core.mls.tree_math import LeafIndex
from segel.core.wire import requests, signing
from segel.core.wire.answers import Child, Entered, Row
from segel.core.wire.hashes import log_id


class FollowerUser(Protocol):
    """Who is told what the log brings."""

    def received(self, sender: Member, content: bytes) -> None:
        """An application message that holds."""

    def stored(self, sealed: bytes) -> bool:
        """A row is stored; True where it is a message of our own."""

    def moved(self, removed: Iterable[LeafIndex]) -> None:
        """The group went on without these leaves' members, also where somebody came in their
        place.
        """

    def won(self, planned: Planned, parent: bytes, child: Child) -> None:
        """Our own commit is the next epoch."""

    def entered(self, answer: Entered) -> None:
        """The connection stands inside the present epoch."""

    def alarm(self, kind: str, detail: str) -> None:
        """Evidence that something is wrong."""

    def ended(self, reason: Over, detail: str) -> None:
        """One is a member no more."""


class Item(NamedTuple):
    """A message under `node`, or the commit that makes a child of it."""

    node: bytes
    what: Row | Child


class Follower:
    """Takes rows in the order of their places, however they come in."""

    def __init__(self, ground: Ground, user: FollowerUser) -> None:
        self._ground, self._user = ground, user
        self._items: dict[int, Item] = {}
        self._planned: Planned | None = None
        self.over = False

    @property
    def waits(self) -> bool:
        """Whether rows wait for one that is missing."""
        return bool(self._items)

    def expect(self, planned: Planned | None) -> None:
        """Our own commit is on its way: its form in the log will be recognised. None: it will not
        come any more.
        """
        self._planned = planned

    async def catch_up(self) -> None:
        """A connection stands: takes what happened meanwhile. Raises LogAlarm, Unreachable."""
        self._items.clear()
        await self.enter()
        self._planned = None

    async def take(self, item: Item) -> None:
        """A row or a child came. Raises as `enter`."""
        self._items[item.what.receipt.position] = item
        node = self._ground.node
        self._drain()
        if not self.over and node != self._ground.node:
            await self.enter()

    async def enter(self) -> None:
        """Enters the node, takes what happened, and goes on to the child until there is none."""
        ground = self._ground
        while True:
            node = ground.node
            answer = await self._prove(node)
            for row in answer.rows:
                self._items[row.receipt.position] = Item(node, row)
            for child in answer.children[:1]:
                self._items[child.receipt.position] = Item(node, child)
            self._drain()
            if self.over:
                return
            if answer.more or node != ground.node:
                continue
            ground.log.check_head(answer.receipt.position, answer.receipt.head)
            ground.entered = True
            self._user.entered(answer)
            return

    async def fill_gap(self) -> None:
        """Asks for a row that did not come. Raises LogAlarm where it is missing for good."""
        if not self.waits:
            return
        await self.enter()
        if self.waits:
            raise LogAlarm("dropped", f"row {self._ground.log.position + 1} is missing")

    async def _prove(self, node: bytes) -> Entered:
        hello, group, log = self._ground.hello, self._ground.group, self._ground.log
        if hello is None:
            raise Away("not connected")
        proof = signing.connection(log_id(hello.server_key), hello.challenge, group.group_id, node)
        signature = Ed25519().sign(group.keys.epoch, proof)
        enter = requests.Enter(group.group_id, node, log.position, signature)
        return await self._ground.party.call(enter, Entered)

    def _drain(self) -> None:
        while not self.over and (item := self._next()) is not None:
            match item.what:
                case Row():
                    self._row(item.node, item.what)
                case Child():
                    self._child(item.node, item.what)

    def _next(self) -> Item | None:
        """The first item at or before the place that follows ours."""
        position = self._ground.log.position
        due = next((at for at in self._items if at <= position + 1), None)
        return None if due is None else self._items.pop(due)

    def _row(self, node: bytes, row: Row) -> None:
        if self._ground.log.take_row(node, row) and not self._user.stored(row.body):
            self._open(node, row.body)

    def _open(self, node: bytes, body: bytes) -> None:
        ground = self._ground
        try:
            if node != ground.node:
                raise Malformed("a message under another epoch than it was sealed in")
            opened = ground.group.open(body)
            self._check_place(opened.authenticated_data)
            sender = ground.group.member(opened.sender)
        except BAD as error:
            self._user.alarm("bad-message", str(error))
            return
        if sender is not None:
            self._user.received(sender, opened.data)

    def _check_place(self, authenticated: bytes) -> None:
        """Returns where the sender knew our history. Raises Malformed, LogAlarm."""
        place = decode_place(authenticated)
        if place.node != self._ground.node:
            raise Malformed("sealed for another epoch")
        self._ground.log.check_head(place.position, place.head)

    def _child(self, parent: bytes, child: Child) -> None:
        if not self._ground.log.take_child(parent, child):
            return
        planned, self._planned = self._planned, None
        if planned is None or planned.commit != child.commit:
            self._process(child)
            return
        self._merge(planned.next, planned.removed, child)
        self._user.won(planned, parent, child)

    def _process(self, child: Child) -> None:
        ground = self._ground
        try:
            done = ground.group.process(child.commit)
            self._check_place(done.authenticated_data)
        except BAD as error:
            self._end("refused-commit", str(error))
            return
        if done.next is None:
            banned = ground.party.identity.account in done.rule.terms.bans
            self._end("replaced" if done.replaced else "kicked" if banned else "removed", "")
        elif done.next.keys.epoch.public != child.epoch_key:
            self._end("refused-commit", "the next epoch's key is another")
        else:
            self._merge(done.next, done.removed, child)

    def _merge(self, following: MeetingGroup, removed: Iterable[LeafIndex], child: Child) -> None:
        ground = self._ground
        ground.group, ground.node, ground.entered = following, child.node, False
        ground.party.rules.saw(following)
        self._user.moved(removed)
        if following.rule.terms.ended:
            self._end("ended", "a host ended the meeting")

    def _end(self, reason: Over, detail: str) -> None:
        self.over = True
        self._user.ended(reason, detail)
