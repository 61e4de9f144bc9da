"""The chat as it is shown: what was said, with what was done to it since (meeting.md 10)."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from segel.core import cbor
from segel.core.content.act import Act, Delete, Edit, Give, React, Say, Unreact, interpret
from segel.core.content.file_reference import FileReference
from segel.core.content.mimi import decode_content, message_id
from segel.core.identity.account import ACCOUNT_SIZE, Account, show_account

Delivery = Literal["sending", "sent", "failed"]


class Entry(NamedTuple):
    """A content with who sent it: `account` is what MLS proves, `name` what they called themselves
    then.
    """

    account: Account
    name: str
    at: float
    """Seconds of Unix time: when this client first had it."""
    content: bytes

    def encode(self) -> bytes:
        """The bytes under which it is kept."""
        return cbor.encode([1, self.account, self.name, int(self.at * 1000), self.content])


def decode_entry(data: bytes) -> Entry:
    """The entry in the bytes. Raises Malformed."""
    account, name, at, content = cbor.fields(data, 5)
    return Entry(
        Account(cbor.octets(account, ACCOUNT_SIZE)),
        cbor.text(name),
        cbor.integer(at, 0, 2**53 - 1) / 1000,
        cbor.octets(content),
    )


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that somebody gave."""

    name: str
    size: int
    """Bytes."""
    type: str
    """What its sender says that it is: a claim."""
    expires: float
    """Seconds of Unix time until which the server keeps it."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something that somebody said, as it is now."""

    id: str
    account: str
    name: str
    you: bool
    """Whether it is one's own."""
    at: float
    """Seconds of Unix time: when this client first had it."""
    text: str
    file: SharedFile | None = None
    reply_to: str | None = None
    edited: bool = False
    deleted: bool = False
    reactions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """For each sign the accounts that made it."""
    delivery: Delivery = "sent"


class _Reacted(NamedTuple):
    target: str
    account: Account
    sign: str


class Conversation:
    """Grows by entries in the order of the log. Who may do what is decided by the account alone."""

    def __init__(self, alias: bytes, own: Account) -> None:
        self._room = "segel:r/" + urlsafe_b64encode(alias).rstrip(b"=").decode()
        self._own = own
        self._known: set[str] = set()
        self._messages: dict[str, Message] = {}
        self._files: dict[str, FileReference] = {}
        self._reactions: dict[str, _Reacted] = {}

    @property
    def messages(self) -> list[Message]:
        """In order."""
        return list(self._messages.values())

    def message(self, number: str) -> Message | None:
        """The message of an id."""
        return self._messages.get(number)

    def entry_id(self, entry: Entry) -> str:
        """The id of an entry's content, in hex. Raises Malformed."""
        salt = decode_content(entry.content).salt
        sender = f"segel:u/{show_account(entry.account)}"
        return message_id(sender, self._room, entry.content, salt).hex()

    def has(self, number: str) -> bool:
        """Whether an entry of this id was taken."""
        return number in self._known

    def take(self, entry: Entry, delivery: Delivery) -> str | None:
        """Takes an entry that is new; the id of the message that it made or changed, if any.
        Raises Malformed for what this client does not show.
        """
        number = self.entry_id(entry)
        act = interpret(decode_content(entry.content))
        self._known.add(number)
        return self._apply(number, act, entry, delivery)

    def deliver(self, number: str, delivery: Delivery) -> None:
        """How a message was delivered. One that is stored moves to its place in the log: the
        end.
        """
        message = self._messages.get(number)
        if message is None or message.delivery in (delivery, "sent"):
            return
        if delivery == "sent":
            del self._messages[number]
        self._messages[number] = replace(message, delivery=delivery)

    def remove(self, number: str) -> None:
        """Takes out a message that nobody else has."""
        self._messages.pop(number, None)
        self._files.pop(number, None)
        self._known.discard(number)

    def file(self, number: str) -> FileReference | None:
        """What it takes to read the file of a message; None where there is none any more."""
        message = self._messages.get(number)
        return None if message is None or message.file is None else self._files.get(number)

    def own_reaction(self, target: str, sign: str) -> str | None:
        """The id of the reaction that this client's account made with the sign."""
        wanted = _Reacted(target, self._own, sign)
        return next((each for each, made in self._reactions.items() if made == wanted), None)

    def _apply(self, number: str, act: Act, entry: Entry, delivery: Delivery) -> str | None:
        match act:
            case Say(text=text, reply_to=reply_to):
                message = self._message(number, entry, text, delivery)
                shown = None if reply_to is None else reply_to.hex()
                self._messages[number] = replace(message, reply_to=shown)
                return number
            case Give(file=file):
                shared = SharedFile(file.name, file.size, file.type, file.expires)
                self._files[number] = file
                message = self._message(number, entry, "", delivery)
                self._messages[number] = replace(message, file=shared)
                return number
            case Edit(target=target, text=text):
                return self._edit(target.hex(), entry.account, text)
            case Delete(target=target):
                return self._delete(target.hex(), entry.account)
            case React(target=target, sign=sign):
                self._reactions[number] = _Reacted(target.hex(), entry.account, sign)
                return self._redraw(target.hex())
            case Unreact(reaction=reaction):
                return self._unreact(reaction.hex(), entry.account)

    def _message(self, number: str, entry: Entry, text: str, delivery: Delivery) -> Message:
        own = entry.account == self._own
        account = show_account(entry.account)
        return Message(number, account, entry.name, own, entry.at, text, delivery=delivery)

    def _of(self, number: str, account: Account) -> Message | None:
        """A message that the account may still change."""
        message = self._messages.get(number)
        if message is None or message.deleted or message.account != show_account(account):
            return None
        return message

    def _edit(self, number: str, account: Account, text: str) -> str | None:
        message = self._of(number, account)
        # A file is what its message says once and for all: no other text comes in its place.
        if message is None or message.file is not None:
            return None
        self._messages[number] = replace(message, text=text, edited=True)
        return number

    def _delete(self, number: str, account: Account) -> str | None:
        message = self._of(number, account)
        if message is None:
            return None
        self._messages[number] = replace(message, text="", file=None, deleted=True)
        return number

    def _unreact(self, number: str, account: Account) -> str | None:
        reaction = self._reactions.get(number)
        if reaction is None or reaction.account != account:
            return None
        del self._reactions[number]
        return self._redraw(reaction.target)

    def _redraw(self, number: str) -> str | None:
        message = self._messages.get(number)
        if message is None:
            return None
        signs: dict[str, frozenset[str]] = {}
        for target, account, sign in self._reactions.values():
            if target == number:
                signs[sign] = signs.get(sign, frozenset()) | {show_account(account)}
        self._messages[number] = replace(message, reactions=signs)
        return number
