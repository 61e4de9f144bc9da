"""A meeting that one is in: what is said and done there, and what happens."""

import asyncio
import os
import weakref
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Literal

from segel.client.errors import MeetingOver, NotHost, UsageError
from segel.client.events import Alarm, Ended, Event, Knocked, Person
from segel.client.files.upload import Progress
from segel.client.meeting.conversation import Message
from segel.client.meeting.door import Waiting
from segel.client.meeting.government import Decision, change, kick, promote, step_down
from segel.client.meeting.session import Session
from segel.core.cbor import Malformed
from segel.core.content.act import Act, Delete, Edit, Give, React, Say, Unreact
from segel.core.content.file_reference import FileReference
from segel.core.identity.account import Account, read_account, show_account
from segel.core.meeting.code import code
from segel.core.meeting.link import format_link
from segel.core.meeting.rule import Forbidden, Terms
from segel.core.meeting.suites import HYBRID
from segel.core.meeting.whisper import What


def _quiet(done: int, size: int) -> None:
    """No progress is asked for."""


class Events:
    """What happens from now on: `async for event in meeting.events()`. Ends after `Ended`."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue()
        self._over = False

    def put(self, event: Event) -> None:
        """It happened."""
        self._queue.put_nowait(event)

    def __aiter__(self) -> "Events":
        return self

    async def __anext__(self) -> Event:
        if self._over:
            raise StopAsyncIteration
        event = await self._queue.get()
        self._over = isinstance(event, Ended)
        return event


class Meeting:
    """Being in a meeting. Made by `Segel.create` and `Segel.join`.

    What is said is durable on the server when the call returns. A connection that is lost comes
    back by itself; nothing is lost or sent twice. Methods raise MeetingOver once one is out.
    """

    def __init__(self, open_session: Callable[[Callable[[Event], None]], Session]) -> None:
        self._listeners: weakref.WeakSet[Events] = weakref.WeakSet()
        self._session = open_session(self._tell)

    async def enter(self, *, create: bool, waiting: Callable[[Waiting], None]) -> None:
        """Goes in: for `Segel`, which does it."""
        await self._session.enter(create=create, waiting=waiting)

    # What there is

    @property
    def link(self) -> str:
        """What others join by. Whoever has it can knock."""
        return format_link(self._session.party.link)

    @property
    def people(self) -> list[Person]:
        """Everybody in the meeting, oneself first."""
        return list(self._session.people.values())

    @property
    def me(self) -> Person:
        """Oneself. Raises MeetingOver, Unreachable."""
        self._session.inside()
        return next(person for person in self.people if person.you)

    @property
    def waiting(self) -> list[Knocked]:
        """Who waits for our word, where we are host, in the order in which they came."""
        party = self._session.party
        waiters = party.lobby.waiters(party.clock.now()) if self._session.over is None else []
        return [Knocked(show_account(each.account), each.name) for each in waiters]

    @property
    def messages(self) -> list[Message]:
        """What was said, as far as this vault knows, in order."""
        return self._session.chat.conversation.messages

    @property
    def alarms(self) -> list[Alarm]:
        """What went wrong that must never happen."""
        return list(self._session.alarms)

    @property
    def rule(self) -> Terms:
        """What the hosts have laid down."""
        return self._session.inside().ground.group.rule.terms

    @property
    def suite(self) -> Literal["hybrid", "classic"]:
        """Hybrid holds against quantum computers too."""
        return "hybrid" if self._session.inside().ground.group.suite is HYBRID else "classic"

    @property
    def epoch(self) -> int:
        """How often the group's keys were changed in this generation of the meeting."""
        return self._session.inside().ground.group.epoch

    @property
    def over(self) -> Ended | None:
        """How it ended; None while one is in it."""
        return self._session.over

    def message(self, id: str) -> Message | None:
        """The message of an id, as it is now."""
        return self._session.chat.conversation.message(id)

    def events(self) -> Events:
        """What happens from this call on; what was before stands in `people` and `messages`. Each
        call gives a stream of its own.
        """
        events = Events()
        if self._session.over is not None:
            events.put(self._session.over)
        self._listeners.add(events)
        return events

    async def code(self) -> list[str]:
        """Six groups of five digits: who reads out the same is in the same group with the same
        keys, and nobody between.
        """
        authenticator = self._session.inside().ground.group.keys.authenticator
        return await asyncio.to_thread(code, authenticator)

    # What one says

    async def send(self, text: str, reply_to: str | None = None) -> Message:
        """Says something; returns when the server has stored it. Raises NotSent, UsageError."""
        if not text:
            raise UsageError("there is nothing to send")
        return await self._say(Say(text, None if reply_to is None else _id(reply_to)))

    async def edit(self, message: str, text: str) -> None:
        """Puts another text in the place of one's own message. Raises NotSent."""
        await self._act(Edit(_id(self._own(message)), text))

    async def delete(self, message: str) -> None:
        """Takes one's own message back, and its file off the server. Raises NotSent."""
        file = self._session.chat.conversation.file(self._own(message))
        await self._act(Delete(_id(message)))
        if file is not None:
            await self._session.files.deleted(message, file)

    async def react(self, message: str, sign: str, *, on: bool = True) -> None:
        """Adds a sign to a message, or takes it back. Raises NotSent."""
        made = self._session.chat.conversation.own_reaction(message, sign)
        if on and made is None:
            await self._act(React(_id(message), sign))
        elif not on and made is not None:
            await self._act(Unreact(_id(made)))

    async def send_file(
        self,
        path: str | os.PathLike[str],
        *,
        name: str | None = None,
        progress: Progress = _quiet,
    ) -> Message:
        """Gives a file: sealed here chunk by chunk, sent on after a break. Returns when the file
        and its message are stored. Raises FileError, UsageError, NotSent.
        """
        self._session.check_going_on()
        source = Path(path)
        files = self._session.files
        file, blob = await files.upload(source, name or source.name, progress)
        message = await self._say(Give(file))
        files.keep_token(message.id, blob)
        return message

    def read_file(self, message: str) -> AsyncIterator[bytes]:
        """The file of a message, piece by piece. What comes is what its sender sealed; the file is
        whole only where the iteration ends without an error. Raises FileError, UsageError.
        """
        return self._session.files.read(self._file(message))

    async def save_file(
        self, message: str, to: str | os.PathLike[str], *, progress: Progress = _quiet
    ) -> Path:
        """Saves the file of a message in a folder under its cleaned name, or as the name that `to`
        is; where it is now. Nothing that is there already is written over. Raises FileError,
        UsageError.
        """
        return await self._session.files.save(self._file(message), Path(to), progress)

    async def raise_hand(self, up: bool = True) -> None:
        """Asks for the word, or no more."""
        member = self._session.inside()
        member.heart.here = member.heart.here._replace(hand=up)
        await member.turns.result(member.heart.say_here)
        self._session.changed()

    async def leave(self) -> None:
        """Says goodbye and goes."""
        await self._session.leave()

    # What a host may do. Each raises NotHost.

    async def admit(self, account: str) -> None:
        """Lets somebody in who waits in the lobby."""
        self._host()
        self._session.party.lobby.admit(_account(account))
        self._session.inside().look()

    async def deny(self, account: str) -> None:
        """Does not let somebody in who waits."""
        self._host()
        self._session.party.lobby.deny(_account(account))
        self._session.inside().look()

    async def kick(self, account: str) -> None:
        """Takes somebody out for good."""
        self._session.party.lobby.deny(_account(account))
        await self._decree(kick(_account(account)))

    async def promote(self, account: str) -> None:
        """Makes somebody a host as well: for good, since a host knows the hosts' key."""
        self._host()
        await self._session.inside().give_host_key(_account(account))
        await self._decree(promote(_account(account)))

    async def step_down(self) -> None:
        """Is no host any more."""
        await self._decree(step_down(self._session.party.identity.account))

    async def set_lobby(self, on: bool) -> None:
        """From now on only hosts let newcomers in; or everybody does."""
        await self._decree(change(lobby=on))

    async def lock(self, on: bool = True) -> None:
        """From now on nobody new comes in; or they do again."""
        await self._decree(change(locked=on))

    async def ask_to_mute(self, account: str | None = None) -> None:
        """Asks somebody, or everybody, to mute their microphone."""
        self._host()
        self._session.inside().ask(None if account is None else _account(account), What.MUTE)

    async def revoke_link(self) -> None:
        """From now on the link lets nobody in."""
        await self._decree(change(revoked=True))

    async def end(self) -> None:
        """Ends the meeting for all."""
        await self._decree(change(ended=True))

    # Within

    def _tell(self, event: Event) -> None:
        for listener in list(self._listeners):
            listener.put(event)

    async def _act(self, act: Act) -> str:
        self._session.check_going_on()
        number, stored = self._session.chat.say(act)
        await asyncio.shield(stored)
        return number

    async def _say(self, act: Act) -> Message:
        message = self.message(await self._act(act))
        if message is None:
            raise MeetingOver("left", "the message is gone")
        return message

    def _own(self, message: str) -> str:
        found = self.message(message)
        if found is None or not found.you:
            raise UsageError("only one's own message can be changed")
        return message

    def _file(self, message: str) -> FileReference:
        file = self._session.chat.conversation.file(message)
        if file is None:
            raise UsageError("the message has no file, or no more")
        return file

    def _host(self) -> None:
        if not self._session.inside().ground.is_host:
            raise NotHost("only a host may do this")

    async def _decree(self, decision: Decision) -> None:
        self._host()
        try:
            await self._session.inside().decree(decision)
        except (Forbidden, Malformed) as error:
            raise NotHost(str(error)) from None


def _id(shown: str) -> bytes:
    try:
        number = bytes.fromhex(shown)
    except ValueError:
        number = b""
    if len(number) != 32:
        raise UsageError("not a message's id")
    return number


def _account(shown: str) -> Account:
    try:
        return read_account(shown)
    except Malformed:
        raise UsageError("not an account: 32 letters and digits, as `people` shows them") from None
