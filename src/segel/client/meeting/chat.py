"""What this person says and hears: shown, kept in the vault, and sent until it is stored
(delivery.md 4).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from segel.client.errors import MeetingOver, NotSent, RefusedCall, Unreachable, UsageError
from segel.client.meeting.conversation import Conversation, Entry, decode_entry
from segel.client.meeting.ground import Party
from segel.client.meeting.membership import Membership
from segel.client.vault import Vault
from segel.core.cbor import Malformed
from segel.core.content.act import Act, compose
from segel.core.content.mimi import encode_content
from segel.core.content.text import MAX_TEXT
from segel.core.meeting.group import Member

_SEND_AGAIN = 3.0
"""Seconds until a message that the server could not store is sent again."""
_NEVER = ("too_large", "malformed", "storage_full", "internal")
"""What the same message is refused with again, and what only the operator can end."""


@dataclass(slots=True)
class _Outgoing:
    """An own message on its way. `sealed` is its form in the epoch of `node`, while that may still
    arrive; `asked`: an append was asked for on this connection, and not answered yet.
    """

    entry: Entry
    stored: asyncio.Future[None]
    sealed: bytes | None = None
    node: bytes = b""
    asked: bool = False


class Chat:
    """The conversation, its history, and what is not stored yet. `told` is called with the id of
    each message that is new or another.
    """

    def __init__(self, party: Party, vault: Vault, told: Callable[[str, bool], None]) -> None:
        self._party, self._vault, self._told = party, vault, told
        self._box = f"meeting/{party.keys.alias.hex()}"
        self.conversation = Conversation(party.keys.alias, party.identity.account)
        self._outbox: dict[str, _Outgoing] = {}
        self._member: Membership | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._load()

    def _load(self) -> None:
        """Shows what the vault has of the meeting, and sends what was not stored."""
        for _, kept in self._vault.list(f"{self._box}/log"):
            self.conversation.take(decode_entry(kept), "sent")
        for number, kept in self._vault.list(f"{self._box}/outbox"):
            entry = decode_entry(kept)
            if not self.conversation.has(number):
                self.conversation.take(entry, "sending")
            self._outbox[number] = _Outgoing(entry, _unwatched())

    def say(self, act: Act) -> tuple[str, asyncio.Future[None]]:
        """Shows it at once and keeps it until it is stored: its id, and when it is. Raises
        UsageError for a text that is too long.
        """
        if len(getattr(act, "text", "").encode()) > MAX_TEXT:
            raise UsageError(f"a message has at most {MAX_TEXT:,} bytes")
        party = self._party
        content = encode_content(compose(act, party.entropy.random(16)))
        entry = Entry(party.identity.account, party.name, party.clock.wall(), content)
        number = self.conversation.entry_id(entry)
        self._vault.put(f"{self._box}/outbox", number, entry.encode())
        self._show(entry, sent=False)
        outgoing = self._outbox[number] = _Outgoing(entry, _unwatched())
        self.flush()
        return number, outgoing.stored

    def through(self, member: Membership | None) -> None:
        """From now on messages go through this membership; None while there is none."""
        self._member = member
        self.reset()

    def reset(self) -> None:
        """A new connection: what was asked for and not answered is asked for again."""
        for outgoing in self._outbox.values():
            outgoing.asked = False

    def flush(self) -> None:
        """Sends what is due, in order."""
        member = self._member
        if member is None or not member.ground.entered:
            return
        for number, outgoing in self._outbox.items():
            if not outgoing.asked:
                outgoing.asked = True
                self._start(number, outgoing, member)

    def _start(self, number: str, outgoing: _Outgoing, member: Membership) -> None:
        # Sealed in its turn, in order; the appends themselves wait for nobody.
        async def turn() -> None:
            ground = member.ground
            if not ground.entered or number not in self._outbox:
                outgoing.asked = False
                return
            if outgoing.sealed is None or outgoing.node != ground.node:
                outgoing.sealed = ground.group.seal(outgoing.entry.content, ground.place())
                outgoing.node = ground.node
            task = asyncio.create_task(self._append(number, outgoing.sealed, member))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)

        member.later(turn)

    async def _append(self, number: str, sealed: bytes, member: Membership) -> None:
        try:
            await member.append(sealed)
        except Unreachable as error:
            self._not_stored(number, error)

    def _not_stored(self, number: str, error: Unreachable) -> None:
        outgoing = self._outbox.get(number)
        if outgoing is None:
            return
        code = error.refusal.code if isinstance(error, RefusedCall) else "away"
        if code in _NEVER:
            self._give_up(number, outgoing, error)
            return
        outgoing.asked = False
        if code not in ("away", "stale"):
            asyncio.get_running_loop().call_later(_SEND_AGAIN, self.flush)

    def _give_up(self, number: str, outgoing: _Outgoing, error: Exception) -> None:
        del self._outbox[number]
        self._vault.delete(f"{self._box}/outbox", number)
        self.conversation.deliver(number, "failed")
        if not outgoing.stored.done():
            outgoing.stored.set_exception(NotSent(str(error)))
        self._told(number, False)

    def stored(self, sealed: bytes) -> bool:
        """A row is stored; True where it is a message of ours."""
        for number, outgoing in self._outbox.items():
            if outgoing.sealed == sealed:
                self._is_stored(number, outgoing)
                return True
        return False

    def received(self, sender: Member, content: bytes) -> None:
        """A message of another, or our own of before the program was started again."""
        entry = Entry(sender.account, sender.name, self._party.clock.wall(), content)
        try:
            number = self.conversation.entry_id(entry)
        except Malformed:
            return
        if (outgoing := self._outbox.get(number)) is not None:
            self._is_stored(number, outgoing)
        elif not self.conversation.has(number) and self._show(entry, sent=True):
            self._vault.put(f"{self._box}/log", number, entry.encode())

    def _is_stored(self, number: str, outgoing: _Outgoing) -> None:
        del self._outbox[number]
        with self._vault.together():
            self._vault.put(f"{self._box}/log", number, outgoing.entry.encode())
            self._vault.delete(f"{self._box}/outbox", number)
        self.conversation.deliver(number, "sent")
        if not outgoing.stored.done():
            outgoing.stored.set_result(None)
        self._told(number, False)

    def _show(self, entry: Entry, *, sent: bool) -> bool:
        """Takes an entry and tells what it changed; False for what this client does not show."""
        try:
            changed = self.conversation.take(entry, "sent" if sent else "sending")
        except Malformed:
            return False
        if changed is not None:
            self._told(changed, changed == self.conversation.entry_id(entry))
        return True

    def close(self, error: MeetingOver) -> None:
        """The meeting is over: who waits for a message to be stored is told. What was not stays in
        the vault.
        """
        for task in list(self._sending):
            task.cancel()
        for outgoing in self._outbox.values():
            if not outgoing.stored.done():
                outgoing.stored.set_exception(error)


def _unwatched() -> asyncio.Future[None]:
    """A future whose exception nobody must fetch: the message itself says how it was delivered."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.add_done_callback(lambda done: done.cancelled() or done.exception())
    return future
