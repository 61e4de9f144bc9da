"""One person's meeting from the door to the end (meeting.md)."""

import asyncio
from collections import deque
from collections.abc import Callable

import aiohttp

from segel.client.errors import (
    BadLink,
    Denied,
    MeetingOver,
    NotLetIn,
    Over,
    SegelError,
    Unreachable,
)
from segel.client.events import (
    Alarm,
    Asked,
    Came,
    Changed,
    Connection,
    Ended,
    Event,
    Knocked,
    Left,
    Moved,
    Person,
    Rekeyed,
    Said,
)
from segel.client.files.files import Files
from segel.client.meeting.chat import Chat
from segel.client.meeting.door import Door, Waiting
from segel.client.meeting.founding import Plan
from segel.client.meeting.ground import Party
from segel.client.meeting.membership import Membership
from segel.client.meeting.roster import people
from segel.client.transport import Transport
from segel.client.vault import Vault
from segel.core.identity.account import Account, show_account
from segel.core.meeting.group import Member
from segel.core.meeting.whisper import What
from segel.core.wire import answers
from segel.core.wire.answers import Hello

_REJOINS, _REJOIN_WITHIN = 5, 300.0
"""How many times in how many seconds somebody who was removed knocks again by itself."""
_GOODBYE_WITHIN = 2.0
_MOST_ALARMS = 32


class Session:
    """The connection, the way in, the membership and what it says. `tell` is given each event."""

    def __init__(
        self,
        party: Party,
        plan: Plan,
        vault: Vault,
        http: aiohttp.ClientSession,
        tell: Callable[[Event], None],
    ) -> None:
        self.party, self._plan, self._tell = party, plan, tell
        self.transport = Transport(party.link.origin, http, party.entropy, self)
        party.call = self.transport.call
        self.chat = Chat(party, vault, self._said)
        self.files = Files(party, vault, http, lambda: self.member)
        self.member: Membership | None = None
        self.people: dict[Account, Person] = {}
        self.alarms: list[Alarm] = []
        self._knocking: set[Account] = set()
        self._authenticator = b""
        self._door: Door | None = None
        self._hello: Hello | None = None
        self._rejoined: deque[float] = deque(maxlen=_REJOINS)
        self._waiting: Callable[[Waiting], None] = lambda _: None
        self._carrying: asyncio.Task[None] | None = None
        self._returning: asyncio.Task[None] | None = None
        self._leaving = False
        self.over: Ended | None = None

    # Coming and going

    async def enter(self, *, create: bool, waiting: Callable[[Waiting], None]) -> None:
        """Goes in. Raises NotLetIn, BadLink, Unreachable."""
        self._waiting = waiting
        self._carrying = asyncio.create_task(self.transport.run())
        going = asyncio.create_task(self._go_in(create=create))
        try:
            await asyncio.wait({going, self._carrying}, return_when=asyncio.FIRST_COMPLETED)
            if self._carrying.done():
                self._carrying.result()
            await going
            self._carrying.add_done_callback(self._carried)
        except BaseException:
            going.cancel()
            await self.leave()
            raise

    def _carried(self, task: asyncio.Task[None]) -> None:
        """The connection is made no more: the server speaks another version by now, or worse."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self.broken(error)

    async def _go_in(self, *, create: bool) -> None:
        self._door = Door(self.party, self._plan, waiting=self._waiting)
        if self._hello is not None:
            self._door.arrived(self._hello)
        standing = await self._door.enter(create=create)
        self._door = None
        self.party.rules.saw(standing.group)
        self.member = Membership(self.party, standing, self)
        self.chat.through(self.member)
        if self._hello is not None:
            self.member.arrived(self._hello)
        self.changed()

    async def leave(self) -> None:
        """Says goodbye, and ends. A server that does not answer keeps nobody in a meeting."""
        self._leaving = True
        try:
            if self.member is not None:
                async with asyncio.timeout(_GOODBYE_WITHIN):
                    await self.member.leave()
        except (TimeoutError, SegelError):
            pass  # the others find out by themselves (meeting.md 8)
        finally:
            # Also where whoever leaves is cancelled: nothing goes on behind its back.
            await self.close("left", "")

    async def close(self, reason: Over | Denied, detail: str) -> None:
        """Ends everything at once."""
        for task in (self._returning, self._carrying):
            if task is not None and task is not asyncio.current_task():
                task.cancel()
                await asyncio.wait({task})
        if self.member is not None:
            await self.member.stop()
        self.member = None
        self._end(reason, detail)

    def _end(self, reason: Over | Denied, detail: str) -> None:
        if self.over is None:
            self.over = Ended(reason, detail)
            self.chat.close(MeetingOver(reason, detail or f"not in the meeting: {reason}"))
            self._tell(self.over)

    def check_going_on(self) -> None:
        """Returns while one is in the meeting, or on the way back. Raises MeetingOver."""
        if self.over is not None:
            raise MeetingOver(self.over.reason, f"not in the meeting: {self.over.reason}")

    def inside(self) -> Membership:
        """The present membership. Raises MeetingOver, and Unreachable on the way back in."""
        self.check_going_on()
        if self.member is None:
            raise Unreachable("on the way back into the meeting")
        return self.member

    # What the transport tells

    def arrived(self, hello: Hello) -> None:
        """TransportUser."""
        self._hello = hello
        self.chat.reset()
        for part in (self._door, self.member):
            if part is not None:
                part.arrived(hello)
        self._tell(Connection(online=True))

    def away(self) -> None:
        """TransportUser."""
        self._hello = None
        for part in (self._door, self.member):
            if part is not None:
                part.away()
        self._tell(Connection(online=False))

    def event(self, event: answers.Event) -> None:
        """TransportUser."""
        for part in (self._door, self.member):
            if part is not None:
                part.event(event)

    # What the membership tells

    def changed(self) -> None:
        """MemberUser: says who came, who left, whether the keys are others, who waits."""
        if self.member is None:
            return
        before, self.people = self.people, people(self.member)
        for account, person in before.items():
            if account not in self.people:
                self._tell(Left(person))
        for account, person in self.people.items():
            if account not in before:
                self._tell(Came(person))
            elif before[account] != person:
                self._tell(Moved(person))
        group = self.member.ground.group
        if group.keys.authenticator != self._authenticator:
            self._authenticator = group.keys.authenticator
            self._tell(Rekeyed(group.epoch))
        waiters = self.party.lobby.waiters(self.party.clock.now())
        for waiter in waiters:
            if waiter.account not in self._knocking:
                self._tell(Knocked(show_account(waiter.account), waiter.name))
        self._knocking = {waiter.account for waiter in waiters}

    def received(self, sender: Member, content: bytes) -> None:
        """MemberUser."""
        self.chat.received(sender, content)

    def stored(self, sealed: bytes) -> bool:
        """MemberUser."""
        return self.chat.stored(sealed)

    def entered(self) -> None:
        """MemberUser."""
        self.chat.flush()

    def alarm(self, kind: str, detail: str) -> None:
        """MemberUser."""
        alarm = Alarm(kind, detail)
        if alarm not in self.alarms and len(self.alarms) < _MOST_ALARMS:
            self.alarms.append(alarm)
            self._tell(alarm)

    def asked(self, what: What, by: str) -> None:
        """MemberUser."""
        self._tell(Asked("mute" if what is What.MUTE else "lower-hand", by))

    def ended(self, reason: Over, detail: str, *, superseded: bool) -> None:
        """MemberUser."""
        self.member = None
        self.chat.through(None)
        if reason == "refused-commit":
            self.alarm("refused-commit", detail)
        if self._leaving:
            return  # who leaves says so until they are taken out
        comes_back = superseded or (reason == "removed" and self._may_rejoin())
        self._returning = asyncio.create_task(
            self._return() if comes_back else self._finish(reason, detail)
        )

    def broken(self, error: BaseException) -> None:
        """MemberUser."""
        self.member = None
        known = isinstance(error, SegelError)
        detail = str(error) if known else f"internal error: {error!r}"
        self._returning = asyncio.create_task(self._finish("removed", detail))
        if not known:
            told = {"message": "a meeting ended by an error", "exception": error}
            asyncio.get_running_loop().call_exception_handler(told)

    def _may_rejoin(self) -> bool:
        now = self.party.clock.now()
        full = len(self._rejoined) == _REJOINS and now - self._rejoined[0] < _REJOIN_WITHIN
        self._rejoined.append(now)
        return not full

    async def _return(self) -> None:
        """Knocks again, as the same account. To the server this connection is still in the group:
        it is made anew.
        """
        await self.transport.restart()
        try:
            await self._go_in(create=False)
        except NotLetIn as error:
            await self.close(error.reason, str(error))
        except (BadLink, Unreachable) as error:
            await self.close("removed", str(error))

    async def _finish(self, reason: Over, detail: str) -> None:
        await self.close(reason, detail)

    def _said(self, number: str, new: bool) -> None:
        message = self.chat.conversation.message(number)
        if message is not None:
            self._tell(Said(message) if new else Changed(message))
