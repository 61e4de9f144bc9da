"""MIMI content (draft-ietf-mimi-content, CBOR): the format of what an application message holds."""

from hashlib import sha256
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed, Value

RENDER, REACTION, ATTACHMENT = 1, 2, 6
"""Dispositions of the draft that this client acts on."""

_NULL, _SINGLE, _EXTERNAL, _MULTI = range(4)
_MAX_DEPTH, _MAX_PARTS, _EXTERNAL_FIELDS = 4, 64, 12


class NullPart(NamedTuple):
    """Nothing: what a deletion says."""

    disposition: int
    language: str


class SinglePart(NamedTuple):
    """A content of a media type."""

    disposition: int
    language: str
    content_type: str
    content: bytes


class ExternalPart(NamedTuple):
    """A content elsewhere; file_reference.py reads the fields of those that are files."""

    disposition: int
    language: str
    fields: list[Value]


class MultiPart(NamedTuple):
    """Several parts."""

    disposition: int
    language: str
    semantics: int
    parts: "tuple[Part, ...]"


Part = NullPart | SinglePart | ExternalPart | MultiPart


class Content(NamedTuple):
    """A message's content. Ids are 32 bytes: 01, then the first 31 of a SHA-256."""

    salt: bytes
    replaces: bytes | None
    in_reply_to: bytes | None
    body: Part
    topic: bytes = b""
    expires: tuple[bool, int] | None = None
    extensions: dict[int | str, Value] = {}  # noqa: RUF012 - never changed


def encode_content(content: Content) -> bytes:
    """The content's bytes."""
    return cbor.encode(
        [
            content.salt,
            content.replaces,
            content.topic,
            None if content.expires is None else list(content.expires),
            content.in_reply_to,
            content.extensions,
            _encode_part(content.body),
        ]
    )


def decode_content(data: bytes) -> Content:
    """The content in the bytes. Raises Malformed."""
    listed = cbor.array(cbor.decode(data), 7)
    salt, replaces, topic, expires, in_reply_to, extensions, body = listed
    if not isinstance(extensions, dict):
        raise Malformed("extensions are no map")
    return Content(
        cbor.octets(salt, 16),
        _optional_id(replaces),
        _optional_id(in_reply_to),
        _decode_part(body, 0),
        cbor.octets(topic),
        None if expires is None else _decode_expires(expires),
        extensions,
    )


def message_id(sender: str, room: str, content: bytes, salt: bytes) -> bytes:
    """The draft's message id of a content's bytes, which a sender sends in a room."""
    digest = sha256(_uri(sender) + _uri(room) + content + salt).digest()
    return b"\x01" + digest[:31]


def _uri(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(2) + data


def _optional_id(value: Value) -> bytes | None:
    return None if value is None else cbor.octets(value, 32)


def _decode_expires(value: Value) -> tuple[bool, int]:
    relative, time = cbor.array(value, 2)
    if not isinstance(relative, bool):
        raise Malformed("an expiry of another form")
    return relative, cbor.integer(time, 0, 2**32 - 1)


def _encode_part(part: Part) -> list[Value]:
    head: list[Value] = [part.disposition, part.language]
    match part:
        case NullPart():
            return [*head, _NULL]
        case SinglePart():
            return [*head, _SINGLE, part.content_type, part.content]
        case ExternalPart():
            return [*head, _EXTERNAL, *part.fields]
        case MultiPart():
            return [*head, _MULTI, part.semantics, [_encode_part(each) for each in part.parts]]


def _decode_part(value: Value, depth: int) -> Part:
    items = cbor.array(value)
    if depth > _MAX_DEPTH or len(items) < 3:
        raise Malformed("not a part")
    disposition, language = cbor.integer(items[0], 0, 255), cbor.text(items[1])
    kind, rest = cbor.integer(items[2], 0, 255), items[3:]
    if kind == _NULL:
        cbor.array(rest, 0)
        return NullPart(disposition, language)
    if kind == _SINGLE:
        content_type, content = cbor.array(rest, 2)
        return SinglePart(disposition, language, cbor.text(content_type), cbor.octets(content))
    if kind == _EXTERNAL:
        return ExternalPart(disposition, language, cbor.array(rest, _EXTERNAL_FIELDS))
    if kind != _MULTI:
        raise Malformed("a part of another cardinality")
    semantics, listed = cbor.array(rest, 2)
    parts = cbor.array(listed)
    if len(parts) > _MAX_PARTS:
        raise Malformed("too many parts")
    decoded = tuple(_decode_part(part, depth + 1) for part in parts)
    return MultiPart(disposition, language, cbor.integer(semantics, 0, 2), decoded)
