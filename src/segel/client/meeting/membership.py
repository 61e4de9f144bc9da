"""Being a member: the log that is followed, the heart that beats, the steward at the door.

Everything that changes the group runs one after the other, in the order in which it came.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from segel.client.errors import Away, Over, RefusedCall, SegelError
from segel.client.meeting.admission import Planned
from segel.client.meeting.follower import Follower, Item
from segel.client.meeting.government import (
    Decision,
    host_key_content,
    is_host_key,
    plan_decree,
    read_host_key,
)
from segel.client.meeting.ground import BAD, Ground, Party, Standing
from segel.client.meeting.heart import Heart
from segel.client.meeting.presence import HERE_EVERY
from segel.client.meeting.steward import Steward
from segel.client.meeting.timers import Timers
from segel.client.meeting.turns import Turns
from segel.core.identity.account import Account
from segel.core.meeting.group import Member
from segel.core.meeting.log import LogAlarm
from segel.core.meeting.whisper import What
from segel.core.mls.tree_math import LeafIndex
from segel.core.wire import requests
from segel.core.wire.answers import (
    Appended,
    Child,
    ChildEvent,
    Entered,
    Event,
    Hello,
    KnockEvent,
    KnockGone,
    Row,
    RowEvent,
    WhisperEvent,
)

_GOODBYE_AGAIN = 0.3
"""Seconds after which a goodbye is said again that nobody acted on."""
_TICK, _GAP, _ENTER_AGAIN = 1.0, 1.0, 2.0
_ASK_AT = (0.0, 0.5, 2.0)
_TRIES = 8
"""How often a change of the rule is tried, where others' commits come first."""


class MemberUser(Protocol):
    """Who is told what happens to a member."""

    def changed(self) -> None:
        """Something may be different: people, the rule, the connection."""

    def received(self, sender: Member, content: bytes) -> None:
        """An application message that holds, in the log's order."""

    def stored(self, sealed: bytes) -> bool:
        """A row is stored; True where it is a message of our own."""

    def entered(self) -> None:
        """The present epoch is entered: messages can be sent, and again where they were lost."""

    def alarm(self, kind: str, detail: str) -> None:
        """Evidence that something is wrong."""

    def asked(self, what: What, by: str) -> None:
        """A host, of this name, asks something of us."""

    def ended(self, reason: Over, detail: str, *, superseded: bool) -> None:
        """One is a member no more; `superseded`: the meeting went on in another group."""

    def broken(self, error: BaseException) -> None:
        """Something went wrong here that nobody foresaw."""


class Membership:
    """One stay in a group. `arrived`, `away` and `event` tell it of the connection."""

    def __init__(self, party: Party, standing: Standing, user: MemberUser) -> None:
        self.ground = Ground(party, *standing)
        self._user = user
        self.heart = Heart(self.ground)
        self._timers = Timers()
        self.turns = Turns(self._trouble, user.changed)
        self.later = self.turns.later
        self._follower = Follower(self.ground, self)
        self._steward = Steward(self.ground, self.heart, self._follower, self._timers, self.later)
        self._own: set[bytes] = set()
        """Messages of ours that are about the group, and are not shown."""
        self._timers.every("tick", _TICK, self._tick)
        self._timers.every("here", HERE_EVERY, lambda: self.later(self.heart.say_here))

    # The connection

    def arrived(self, hello: Hello) -> None:
        """A connection stands: catches up."""
        self.ground.hello = hello
        self.later(lambda: self._arrive(hello))

    def away(self) -> None:
        """The connection is gone."""
        self.ground.hello, self.ground.entered = None, False
        self.heart.deafen()
        self._steward.away()
        self._user.changed()

    def event(self, event: Event) -> None:
        """Something that the server told."""
        if getattr(event, "group", None) != self.ground.group.group_id:
            return
        match event:
            case RowEvent():
                self.later(lambda: self._take(Item(event.node, event.row)))
            case ChildEvent():
                self.later(lambda: self._take(Item(event.parent, event.child)))
            case WhisperEvent():
                # Not in turn: a commit of ours may be on its way, and what is said meanwhile
                # cannot be opened after it.
                self._whispered(event.node, event.body)
            case KnockEvent():
                self.turns.soon(lambda: self._steward.knocked(event.knock))
            case KnockGone():
                self.turns.soon(lambda: self._steward.gone(event.id))
            case _:
                pass

    # What one does

    async def append(self, body: bytes) -> None:
        """Stores what was sealed in the present epoch. Raises Away, RefusedCall."""
        group, node = self.ground.group.group_id, self.ground.node
        try:
            made = await self.ground.party.call(requests.Append(group, node, body), Appended)
        except RefusedCall as error:
            refused = error
            self.later(lambda: self._follow(refused))
            raise
        self.later(lambda: self._take(Item(node, Row(body, made.receipt))))

    async def decree(self, decide: Decision) -> None:
        """Changes the rule. Raises NotHost, Away, RefusedCall; Forbidden."""

        async def once() -> None:
            await self._steward.propose(plan_decree(self.ground, decide(self.ground.group)))

        await self._insist(once)

    async def give_host_key(self, account: Account) -> None:
        """Gives the hosts' key to a member. Raises as `decree`."""

        async def once() -> None:
            ground = self.ground
            content = host_key_content(ground, account)
            body = ground.group.seal(content, ground.place())
            self._own.add(body)
            node = ground.node
            request = requests.Append(ground.group.group_id, node, body)
            made = await ground.party.call(request, Appended)
            await self._take(Item(node, Row(body, made.receipt)))

        await self._insist(once)

    def ask(self, account: Account | None, what: What) -> None:
        """Asks something of a member, or of all; more than once, since some may not have entered
        the epoch yet.
        """
        nonce = int.from_bytes(self.ground.party.entropy.random(4))

        async def once() -> None:
            members = self.ground.group.members
            leaf = next((each.leaf for each in members if each.account == account), None)
            if account is None or leaf is not None:
                await self.heart.ask(leaf, what, nonce)

        for number, wait in enumerate(_ASK_AT):
            self._timers.after(f"ask {nonce} {number}", wait, lambda: self.later(once))

    def look(self) -> None:
        """A host spoke about who waits at the door."""
        self._steward.look()
        self._user.changed()

    async def leave(self) -> None:
        """Says goodbye until we are taken out, or nobody is there who could: where the group moves
        on meanwhile, nobody hears what is said in the epoch before, nor does who enters the next
        one later. Raises Away where it cannot be said.
        """
        while not self.turns.over and len(self.ground.group.members) > 1:
            try:
                await self.turns.result(self.heart.say_leaving)
            except RefusedCall:
                pass  # the server's word was followed: it is said again
            if self.ground.hello is None:
                raise Away("not connected")
            if self.ground.entered and not self.heart.acting():
                break
            await self.turns.ended(_GOODBYE_AGAIN)
        await self.stop()

    async def stop(self) -> None:
        """Ends everything at once."""
        self._timers.stop()
        await self.turns.stop()

    def _halt(self) -> None:
        self._timers.stop()
        self.turns.halt()

    # What goes wrong

    async def _trouble(self, error: Exception) -> None:
        match error:
            case LogAlarm():
                self._user.alarm(error.kind, str(error))
            case RefusedCall():
                try:
                    await self._follow(error)
                except SegelError:
                    pass  # it is tried again when the connection stands again
            case SegelError():
                pass
            case _:
                self._halt()
                self._user.broken(error)

    async def _insist(self, task: Callable[[], Awaitable[None]]) -> None:
        """Does it in its turn, and again where another's commit came first."""

        async def insisted() -> None:
            for tries in range(1, _TRIES + 1):
                if not self.ground.entered:
                    raise Away("not connected")
                try:
                    return await task()
                except RefusedCall as error:
                    if tries == _TRIES:
                        raise
                    await self._follow(error)

        await self.turns.result(insisted)

    async def _follow(self, error: RefusedCall) -> None:
        """A request that the server refused: goes where it says that the group went."""
        code, child = error.refusal.code, error.refusal.child
        if code in ("stale", "conflict") and child is not None:
            await self._take(Item(self.ground.node, child))
        elif code in ("unknown_group", "unknown_node"):
            row = self.ground.log.position
            self._user.alarm("forgotten", f"the server knows nothing of row {row} any more")
            self._end("removed", "the server has the meeting no more", superseded=True)
        elif code == "taken":
            self._end("removed", "the meeting went on in another group", superseded=True)
        elif not self.ground.entered or code == "not_proven":
            self._timers.after(
                "enter again", _ENTER_AGAIN, lambda: self.later(self._follower.enter)
            )

    async def _arrive(self, hello: Hello) -> None:
        if hello is not self.ground.hello:
            return
        if hello.server_key != self.ground.log.server_key:
            raise LogAlarm("forked", "the server has another key than before")
        await self._follower.catch_up()
        await self._steward.announce()
        await self.heart.say_here()

    async def _take(self, item: Item) -> None:
        await self._follower.take(item)
        if self._follower.waits and not self.turns.over:
            self._timers.after("gap", _GAP, lambda: self.later(self._follower.fill_gap))

    def _whispered(self, node: bytes, body: bytes) -> None:
        asked = self.heart.whispered(node, body)
        if asked is not None:
            member = self.ground.group.member(asked.leaf)
            self._user.asked(asked.what, "?" if member is None else member.name)
        self._steward.schedule()
        self._user.changed()

    def _tick(self) -> None:
        if self.ground.entered:
            self._steward.tick()
            self._user.changed()

    def _end(self, reason: Over, detail: str, *, superseded: bool) -> None:
        self._halt()
        self._user.ended(reason, detail, superseded=superseded)

    # What the follower tells

    def received(self, sender: Member, content: bytes) -> None:
        """FollowerUser."""
        if not is_host_key(content):
            self._user.received(sender, content)
            return
        group, party = self.ground.group, self.ground.party
        if sender.account not in group.rule.terms.hosts:
            return
        try:
            pair = read_host_key(group, content)
        except BAD:
            return
        if pair is not None:
            party.keys = party.keys._replace(opener=pair)
            party.rules.keep_host_key(pair)

    def stored(self, sealed: bytes) -> bool:
        """FollowerUser."""
        if sealed in self._own:
            self._own.discard(sealed)
            return True
        return self._user.stored(sealed)

    def moved(self, removed: Iterable[LeafIndex]) -> None:
        """FollowerUser."""
        self.heart.next_epoch(removed)
        self._steward.moved()
        self._timers.after(
            "here soon", self.heart.here_soon, lambda: self.later(self.heart.say_here)
        )

    def won(self, planned: Planned, parent: bytes, child: Child) -> None:
        """FollowerUser."""
        self._steward.welcome(planned, parent, child)

    def entered(self, answer: Entered) -> None:
        """FollowerUser."""
        self.heart.listen()
        self._user.entered()
        self._steward.found(answer.knocks)

    def alarm(self, kind: str, detail: str) -> None:
        """FollowerUser."""
        self._user.alarm(kind, detail)

    def ended(self, reason: Over, detail: str) -> None:
        """FollowerUser."""
        self._end(reason, detail, superseded=False)
