"""What comes to a joiner, sealed to its init key: the Welcome with its place, or a denial."""

from enum import IntEnum
from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair
from segel.core.meeting.sealing import seal, unseal

_WELCOME, _DENIAL = b"segel welcome v1", b"segel denial v1"


class Envelope(NamedTuple):
    """A Welcome (meeting.md 6); head and position are the log's after the joiner's commit."""

    parent: bytes
    commit_hash: bytes
    head: bytes
    position: int
    welcome: bytes


class Denial(IntEnum):
    """Why somebody at the door is not let in (rule.md 3)."""

    REFUSED = 0
    BANNED = 1
    LOCKED = 2
    CLOSED = 3
    FULL = 4


def seal_envelope(
    suite: Ciphersuite, init_key: bytes, envelope: Envelope, entropy: Entropy
) -> bytes:
    """The item for the joiner's inbox. Raises Malformed where the key is none."""
    return seal(suite, init_key, _WELCOME, cbor.encode([1, *envelope]), entropy)


def open_envelope(suite: Ciphersuite, init: KeyPair, item: bytes) -> Envelope:
    """The envelope of an inbox item. Raises Malformed."""
    fields = cbor.fields(unseal(suite, init, _WELCOME, item), 6)
    parent, commit_hash, head, position, welcome = fields
    return Envelope(
        cbor.octets(parent, 32),
        cbor.octets(commit_hash, 32),
        cbor.octets(head, 32),
        cbor.integer(position, 0, 2**53 - 1),
        cbor.octets(welcome),
    )


def seal_denial(suite: Ciphersuite, init_key: bytes, reason: Denial, entropy: Entropy) -> bytes:
    """The item that tells a joiner that it is not let in. Raises Malformed."""
    return seal(suite, init_key, _DENIAL, cbor.encode([1, int(reason)]), entropy)


def open_denial(suite: Ciphersuite, init: KeyPair, item: bytes) -> Denial:
    """The reason in an inbox item. Raises Malformed."""
    (reason,) = cbor.fields(unseal(suite, init, _DENIAL, item), 2)
    try:
        return Denial(cbor.integer(reason, 0, 255))
    except ValueError:
        raise Malformed("a denial of another kind") from None
