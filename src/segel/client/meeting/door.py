"""Getting into a meeting: look it up, knock, wait for the Welcome; or open a generation
(meeting.md 5-7).
"""

import asyncio
from collections.abc import Callable
from typing import Literal

from segel.client.errors import Away, BadLink, NotLetIn, RefusedCall
from segel.client.meeting.founding import Plan, found
from segel.client.meeting.ground import BAD, Party, Standing
from segel.client.meeting.inbox import Inbox
from segel.core.cbor import Malformed
from segel.core.meeting.announcement import decode_announcement
from segel.core.wire import requests
from segel.core.wire.answers import (
    Announced,
    Event,
    Hello,
    InboxEvent,
    Knocking,
    Meeting,
)

_NOBODY_FOR, _NOBODY_AGAIN_FOR = 2.0, 12.0
"""Seconds for which nobody must be there before who may opens the next generation; the second
where somebody was there before: their connections may be on their way back.
"""
_LOOK_EVERY, _LOOK_SOON, _LOOK_NOBODY = 2.0, 0.5, 1.0
_KNOCK_AGAIN = 0.8
"""Seconds until a knock is renewed after the door changed: a Welcome may be on its way."""
_WELCOME_WITHIN = 8.0
"""Seconds after a change of the door in which a Welcome must come, or it was lost."""

Waiting = Literal["nobody-there", "for-answer"]
"""What one waits for at the door."""


class Door:
    """One way in. `arrived`, `away` and `event` tell it of the connection; `enter` goes through."""

    def __init__(self, party: Party, plan: Plan, *, waiting: Callable[[Waiting], None]) -> None:
        self._party, self._plan, self._waiting = party, plan, waiting
        self._news: asyncio.Queue[Hello | Event | None] = asyncio.Queue()
        self._inbox = Inbox(party)
        self._sealed_to: bytes | None = None
        self._changed_at: float | None = None
        self._nobody_since: float | None = None
        self._somebody_was = False

    def arrived(self, hello: Hello) -> None:
        """A connection stands."""
        self._news.put_nowait(hello)

    def away(self) -> None:
        """The connection is gone."""
        self._news.put_nowait(None)

    def event(self, event: Event) -> None:
        """Something that the server told."""
        if isinstance(event, InboxEvent | Announced):
            self._news.put_nowait(event)

    async def enter(self, *, create: bool) -> Standing:
        """Goes in; with `create` by opening generation 1. Raises NotLetIn, BadLink, Unreachable
        where the server will not have the meeting.
        """
        hello: Hello | None = None
        while True:
            while not isinstance(hello, Hello):
                hello = await self._news.get()  # type: ignore[assignment]
            try:
                standing = await self._approach(hello, create=create)
            except Away:
                standing = None
            if standing is not None:
                return standing
            create, hello = False, None

    async def _approach(self, hello: Hello, *, create: bool) -> Standing | None:
        """On one connection; None once it is gone."""
        self._sealed_to = None
        while True:
            standing, wait = await self._attempt(hello, create=create)
            if standing is not None:
                return standing
            create = False
            if (heard := await self._listen(hello, wait)) != "again":
                return heard

    async def _attempt(self, hello: Hello, *, create: bool) -> tuple[Standing | None, float | None]:
        """The standing, or after how many seconds to try again; None: when something happens."""
        try:
            if create:
                return await found(self._party, hello, 1, self._plan), None
            return await self._look(hello)
        except BAD:
            raise BadLink("the meeting that stands there is not the link's") from None
        except RefusedCall as error:
            return await self._refused(hello, error, create=create)

    async def _look(self, hello: Hello) -> tuple[Standing | None, float | None]:
        party = self._party
        if party.is_expired:
            raise NotLetIn("expired", "the link's time is over")
        meeting = await party.call(requests.FindMeeting(party.keys.alias), Meeting)
        if meeting.opener_key != party.keys.opener_public:
            raise Malformed("another opener's meeting")
        if meeting.announcement is not None:
            self._nobody_since, self._somebody_was = None, True
            return await self._knock(hello, meeting.announcement)
        now = party.clock.now()
        if self._nobody_since is None:
            self._nobody_since = now
        patience = _NOBODY_AGAIN_FOR if self._somebody_was else _NOBODY_FOR
        if now - self._nobody_since >= patience and self._may_open():
            return await found(party, hello, meeting.generation + 1, self._plan), None
        self._waiting("nobody-there")
        return None, _LOOK_NOBODY

    async def _refused(
        self, hello: Hello, error: RefusedCall, *, create: bool
    ) -> tuple[Standing | None, float | None]:
        code, detail = error.refusal.code, error.refusal.detail
        if code == "unknown_alias":
            return await self._not_there(hello, detail)
        if code in ("invitation_required", "bad_invitation"):
            raise NotLetIn("invitation", detail)
        if code == "taken":
            return None, _LOOK_SOON
        if create:
            raise error
        return None, _LOOK_EVERY

    async def _not_there(self, hello: Hello, detail: str) -> tuple[Standing | None, float | None]:
        """Under a link with a date the meeting may have ended, or not begun: who may opens it, and
        the others wait.
        """
        if self._party.link.until is None:
            raise NotLetIn("unknown-meeting", detail)
        if self._may_open():
            try:
                return await found(self._party, hello, 1, self._plan), None
            except RefusedCall as error:
                if error.refusal.code != "taken":
                    raise
                return None, _LOOK_SOON
        self._waiting("nobody-there")
        return None, _LOOK_EVERY

    def _may_open(self) -> bool:
        """Whether the next generation is ours to open. Raises NotLetIn where the link was
        revoked: where nobody is, it lets nobody in any more.
        """
        if self._party.rules.is_revoked:
            raise NotLetIn("closed", "the link was revoked")
        return self._party.keys.opener is not None

    async def _knock(self, hello: Hello, announced: bytes) -> tuple[Standing | None, float | None]:
        party = self._party
        announcement = decode_announcement(party.keys, announced)
        if self._is_lost() or not self._inbox.is_of(announcement.suite):
            self._changed_at = None
            self._inbox.renew(announcement.suite, hello.now)
        if (standing := await self._inbox.open(hello)) is not None:
            return standing, None
        body = self._inbox.knock(announcement.knock_key)
        answer = await party.call(requests.Knock(party.keys.alias, body), Knocking)
        self._sealed_to = announced
        self._waiting("for-answer")
        if answer.announcement != announced:
            return None, self._changed(answer.announcement)
        if self._changed_at is None:
            return None, None
        return None, max(0.0, _WELCOME_WITHIN - (party.clock.now() - self._changed_at))

    def _is_lost(self) -> bool:
        """Whether a Welcome for our KeyPackage must be lost with who made it."""
        changed = self._changed_at
        return changed is not None and self._party.clock.now() - changed >= _WELCOME_WITHIN

    def _changed(self, announcement: bytes | None) -> float | None:
        """The door is another: seconds until we knock again. None where it is the same."""
        if announcement is not None and announcement == self._sealed_to:
            return None
        if self._sealed_to is not None and self._changed_at is None:
            self._changed_at = self._party.clock.now()
        return _KNOCK_AGAIN * (1 + self._party.chance / 2)

    async def _listen(self, hello: Hello, wait: float | None) -> Standing | Literal["again"] | None:
        """Until we are in, `wait` seconds are over ("again"), or the connection is gone (None)."""
        clock = self._party.clock
        due = None if wait is None else clock.now() + wait
        while True:
            left = None if due is None else max(0.0, due - clock.now())
            try:
                async with asyncio.timeout(left):
                    news = await self._news.get()
            except TimeoutError:
                return "again"
            match news:
                case InboxEvent():
                    if (standing := await self._inbox.received(hello, news.item.body)) is not None:
                        return standing
                case Announced():
                    if (soon := self._changed(news.announcement)) is not None:
                        due = clock.now() + soon
                case Hello():
                    self._news.put_nowait(news)
                    return None
                case None:
                    return None
                case _:
                    pass
