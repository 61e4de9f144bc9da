"""What people do in a chat, as MIMI content: say, give a file, edit, delete, react, take back."""

import re
from typing import NamedTuple

from segel.core.cbor import Malformed
from segel.core.content.file_reference import FileReference, decode_file, encode_file
from segel.core.content.mimi import (
    ATTACHMENT,
    REACTION,
    RENDER,
    Content,
    ExternalPart,
    MultiPart,
    NullPart,
    Part,
    SinglePart,
)
from segel.core.content.text import MAX_TEXT

_PLAIN = "text/plain;charset=utf-8"
_TEXT = re.compile(r"text/(plain|markdown)(;|$)")
_MAX_SIGN = 64


class Say(NamedTuple):
    """A text, perhaps in reply to a message's id."""

    text: str
    reply_to: bytes | None = None


class Give(NamedTuple):
    """A file."""

    file: FileReference


class Edit(NamedTuple):
    """Another text for one's own message."""

    target: bytes
    text: str


class Delete(NamedTuple):
    """Takes one's own message back."""

    target: bytes


class React(NamedTuple):
    """A sign to a message."""

    target: bytes
    sign: str


class Unreact(NamedTuple):
    """Takes one's own reaction back."""

    reaction: bytes


Act = Say | Give | Edit | Delete | React | Unreact


def compose(act: Act, salt: bytes) -> Content:
    """The content of an act; `salt` is 16 random bytes."""
    match act:
        case Say():
            return Content(salt, None, act.reply_to, _single(RENDER, act.text))
        case Give():
            part = ExternalPart(ATTACHMENT, "", encode_file(act.file))
            return Content(salt, None, None, part)
        case Edit():
            return Content(salt, act.target, None, _single(RENDER, act.text))
        case Delete():
            return Content(salt, act.target, None, NullPart(RENDER, ""))
        case React():
            return Content(salt, None, act.target, _single(REACTION, act.sign))
        case Unreact():
            return Content(salt, act.reaction, None, NullPart(REACTION, ""))


def interpret(content: Content) -> Act:
    """What a content does. Raises Malformed for what this client does not show."""
    body, replaces = content.body, content.replaces
    if body.disposition == REACTION:
        return _reaction(content)
    if replaces is not None:
        if isinstance(body, NullPart):
            return Delete(replaces)
        return Edit(replaces, _text(body))
    if isinstance(body, ExternalPart):
        return Give(decode_file(body.fields))
    return Say(_text(body), content.in_reply_to)


def _reaction(content: Content) -> Act:
    if content.replaces is not None and isinstance(content.body, NullPart):
        return Unreact(content.replaces)
    sign = _text(content.body)
    if content.in_reply_to is None or not 0 < len(sign.encode("utf-16-le")) // 2 <= _MAX_SIGN:
        raise Malformed("a reaction to nothing")
    return React(content.in_reply_to, sign)


def _single(disposition: int, text: str) -> SinglePart:
    return SinglePart(disposition, "", _PLAIN, text.encode())


def _text(part: Part) -> str:
    """The text of a part; of several parts the first that is text."""
    if isinstance(part, MultiPart):
        part = next((each for each in part.parts if _is_text(each)), part)
    if not isinstance(part, SinglePart) or not _is_text(part):
        raise Malformed("not text")
    if len(part.content) > MAX_TEXT:
        raise Malformed("a text that is too long")
    return part.content.decode(errors="replace")


def _is_text(part: Part) -> bool:
    return isinstance(part, SinglePart) and _TEXT.match(part.content_type) is not None
