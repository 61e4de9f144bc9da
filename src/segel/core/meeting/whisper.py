"""Whispers: what members tell each other and nobody stores (meeting.md 8)."""

from enum import IntEnum
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed, Value
from segel.core.crypto.aead import NONCE_SIZE, AeadFailure, aes_gcm
from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.mls.tree_math import LeafIndex

_HERE, _LEAVING, _ASKING = 1, 2, 3
_MAX_STREAMS = 16
KINDS = ("audio", "video", "screen", "screen-audio")
"""The kinds of streams that this version knows."""


class Stream(NamedTuple):
    """A stream that a member says is its own; `kind` is one of meeting.md 8."""

    stream: bytes
    kind: str


class Here(NamedTuple):
    """I am here, with this on."""

    microphone: bool = False
    camera: bool = False
    hand: bool = False
    streams: tuple[Stream, ...] = ()


class Leaving(NamedTuple):
    """Remove me."""


class What(IntEnum):
    """What a host asks for (rule.md 6)."""

    MUTE = 0
    LOWER_HAND = 1


class Asking(NamedTuple):
    """A host asks the member at a leaf, or with None all."""

    leaf: LeafIndex | None
    what: What
    nonce: int


Saying = Here | Leaving | Asking


class Heard(NamedTuple):
    """A whisper that was opened, unsigned still. `counter` rises within an epoch."""

    leaf: LeafIndex
    counter: int
    saying: Saying
    signed: bytes
    signature: bytes

    def check(self, device_key: bytes) -> None:
        """Returns where the member's key signed it. Raises Malformed."""
        try:
            verify(device_key, self.signature, self.signed)
        except BadSignature:
            raise Malformed("a whisper that its member did not sign") from None


def seal_whisper(
    key: bytes,
    node: bytes,
    device: KeyPair,
    leaf: LeafIndex,
    counter: int,
    saying: Saying,
    nonce: bytes,
) -> bytes:
    """The whisper's bytes; `key` is the epoch's whisper key, `nonce` 12 random bytes."""
    content: list[Value] = [1, leaf, counter, *_payload(saying)]
    signature = Ed25519().sign(device, _signed(node, content))
    return nonce + aes_gcm(key).seal(nonce, cbor.encode([*content, signature]), node)


def open_whisper(key: bytes, node: bytes, body: bytes) -> Heard:
    """The whisper in the bytes; `check` it under its leaf's key. Raises Malformed."""
    try:
        plain = aes_gcm(key).open(body[:NONCE_SIZE], body[NONCE_SIZE:], node)
    except (AeadFailure, ValueError):
        raise Malformed("a whisper that does not open") from None
    leaf, counter, kind, payload, signature = cbor.fields(plain, 6)
    signed = _signed(node, [1, leaf, counter, kind, payload])
    return Heard(
        LeafIndex(cbor.integer(leaf, 0, 2**31)),
        cbor.integer(counter, 1, 2**53 - 1),
        _saying(cbor.integer(kind, 1, 255), payload),
        signed,
        cbor.octets(signature, 64),
    )


def _signed(node: bytes, content: list[Value]) -> bytes:
    return b"segel whisper v1" + node + cbor.encode(content)


def _payload(saying: Saying) -> list[Value]:
    match saying:
        case Leaving():
            return [_LEAVING, None]
        case Asking():
            return [_ASKING, [saying.leaf, int(saying.what), saying.nonce]]
        case Here():
            flags = saying.microphone | saying.camera << 1 | saying.hand << 2
            return [_HERE, [flags, [[each.stream, each.kind] for each in saying.streams]]]


def _saying(kind: int, payload: Value) -> Saying:
    if kind == _LEAVING and payload is None:
        return Leaving()
    if kind == _ASKING:
        leaf, number, nonce = cbor.array(payload, 3)
        what = cbor.integer(number, 0, max(What))
        at = None if leaf is None else LeafIndex(cbor.integer(leaf, 0, 2**31))
        return Asking(at, What(what), cbor.integer(nonce, 0, 2**32 - 1))
    if kind != _HERE:
        raise Malformed("a whisper of another kind")
    flags_field, listed = cbor.array(payload, 2)
    flags, streams = cbor.integer(flags_field, 0, 255), cbor.array(listed)
    if len(streams) > _MAX_STREAMS:
        raise Malformed("too many streams")
    read = (_stream(each) for each in streams)
    known = tuple(each for each in read if each.kind in KINDS)
    return Here(bool(flags & 1), bool(flags & 2), bool(flags & 4), known)


def _stream(value: Value) -> Stream:
    stream, kind = cbor.array(value, 2)
    return Stream(cbor.octets(stream, 16), cbor.text(kind))
