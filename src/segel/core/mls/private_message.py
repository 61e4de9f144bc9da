"""PrivateMessage: signed, encrypted, padded (RFC 9420 section 6.3)."""

from collections.abc import Callable
from typing import NamedTuple, Self

from segel.core.crypto.aead import AeadFailure
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.mls.codec import Reader, Structure, opaque, uint8, uint32, uint64
from segel.core.mls.framing import (
    AuthenticatedContent,
    AuthenticatedContentIn,
    FramedContent,
    FramedContentAuthData,
    Sender,
    content_type,
    read_content,
)
from segel.core.mls.registry import ContentType, WireFormat
from segel.core.mls.requirement import attempt, requirement
from segel.core.mls.secret_tree import RatchetKind, SecretTree, Taken
from segel.core.mls.tree_math import LeafIndex

Padding = Callable[[int], int]
"""From the bytes that a content has to those that it shall have, at least as many."""

REUSE_GUARD_SIZE = 4


class PrivateMessage(Structure, frozen=True):
    """A sealed content. What can be read from outside: group, epoch, kind, authenticated data."""

    group_id: bytes
    epoch: int
    content_type: int
    authenticated_data: bytes
    encrypted_sender_data: bytes
    ciphertext: bytes

    def encode(self) -> bytes:
        head = self.sender_data_aad() + opaque(self.authenticated_data)
        return head + opaque(self.encrypted_sender_data) + opaque(self.ciphertext)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            reader.opaque(),
            reader.uint64(),
            reader.uint8(),
            reader.opaque(),
            reader.opaque(),
            reader.opaque(),
        )

    def sender_data_aad(self) -> bytes:
        """SenderDataAAD."""
        return opaque(self.group_id) + uint64(self.epoch) + uint8(self.content_type)

    def content_aad(self) -> bytes:
        """PrivateContentAAD."""
        return self.sender_data_aad() + opaque(self.authenticated_data)


class SenderData(NamedTuple):
    """Who sealed a message, with which key (section 6.3.2)."""

    leaf: LeafIndex
    generation: int
    reuse_guard: bytes

    def encode(self) -> bytes:
        return uint32(self.leaf) + uint32(self.generation) + self.reuse_guard

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Raises Malformed."""
        reader = Reader(data)
        leaf = LeafIndex(reader.uint32())
        value = cls(leaf, reader.uint32(), reader.raw(REUSE_GUARD_SIZE))
        reader.finish()
        return value


SENDER_DATA_OPENS = attempt("6.3.2/sender-data", "The sender data opens.")
CONTENT_OPENS = attempt("6.3.1/ciphertext", "The content opens under its sender's key.")


@requirement("6.3.1/padding", "The padding of a PrivateMessage is all zeros.")
def check_padding(padding: bytes) -> bool:
    return not any(padding)


def protect(
    suite: Ciphersuite,
    content: AuthenticatedContent,
    leaf: LeafIndex,
    secret_tree: SecretTree,
    sender_data_secret: bytes,
    pad: Padding,
    entropy: Entropy,
) -> tuple[PrivateMessage, Taken]:
    """The message of a content, and the key that the caller must spend."""
    framed = content.framed
    kind = content_type(framed.content)
    plain = framed.content.encode() + content.auth.encode()
    plain += bytes(pad(len(plain)) - len(plain))
    taken = secret_tree.take_next(leaf, _ratchet_kind(kind))
    guard = entropy.random(REUSE_GUARD_SIZE)
    group_id, epoch, said = framed.group_id, framed.epoch, framed.authenticated_data
    bare = PrivateMessage(group_id, epoch, kind, said, b"", b"")
    aead = suite.aead.new(taken.key.key)
    ciphertext = aead.seal(_guarded(taken.key.nonce, guard), plain, bare.content_aad())
    key, nonce = sender_data_key(suite, sender_data_secret, ciphertext)
    sender_data = SenderData(leaf, taken.key.generation, guard).encode()
    sealed = suite.aead.new(key).seal(nonce, sender_data, bare.sender_data_aad())
    return PrivateMessage(group_id, epoch, kind, said, sealed, ciphertext), taken


def open_sender_data(
    suite: Ciphersuite, message: PrivateMessage, sender_data_secret: bytes
) -> SenderData:
    """Who sealed a message. Raises Refused and Malformed."""
    key, nonce = sender_data_key(suite, sender_data_secret, message.ciphertext)
    sealed, aad = message.encrypted_sender_data, message.sender_data_aad()
    try:
        return SenderData.decode(suite.aead.new(key).open(nonce, sealed, aad))
    except AeadFailure:
        raise SENDER_DATA_OPENS.broken() from None


def open_content(
    suite: Ciphersuite, message: PrivateMessage, sender_data: SenderData, taken: Taken
) -> AuthenticatedContentIn:
    """What a message says, its signature unverified. Raises Refused and Malformed."""
    nonce = _guarded(taken.key.nonce, sender_data.reuse_guard)
    try:
        aead = suite.aead.new(taken.key.key)
        plain = aead.open(nonce, message.ciphertext, message.content_aad())
    except AeadFailure:
        raise CONTENT_OPENS.broken() from None
    reader = Reader(plain)
    content = read_content(message.content_type, reader)
    auth = FramedContentAuthData.read_for(message.content_type, reader)
    check_padding(reader.rest())
    sender = Sender.member(sender_data.leaf)
    framed = FramedContent(
        message.group_id, message.epoch, sender, message.authenticated_data, content
    )
    return AuthenticatedContentIn(WireFormat.PRIVATE_MESSAGE, framed, auth)


def take_key(secret_tree: SecretTree, message: PrivateMessage, sender_data: SenderData) -> Taken:
    """The key of a message. Raises Spent and Refused."""
    kind = _ratchet_kind(message.content_type)
    return secret_tree.take(sender_data.leaf, kind, sender_data.generation)


def _ratchet_kind(kind: int) -> RatchetKind:
    application = kind == ContentType.APPLICATION
    return RatchetKind.APPLICATION if application else RatchetKind.HANDSHAKE


def _guarded(nonce: bytes, guard: bytes) -> bytes:
    """The nonce with the reuse guard in its first four bytes."""
    mixed = int.from_bytes(nonce[:REUSE_GUARD_SIZE]) ^ int.from_bytes(guard)
    return mixed.to_bytes(REUSE_GUARD_SIZE) + nonce[REUSE_GUARD_SIZE:]


def sender_data_key(suite: Ciphersuite, secret: bytes, ciphertext: bytes) -> tuple[bytes, bytes]:
    """Key and nonce of a message's sender data (section 6.3.2)."""
    sample = ciphertext[: suite.hash_size]
    key = suite.expand(secret, b"key", sample, suite.aead.key_size)
    return key, suite.expand(secret, b"nonce", sample, suite.aead.nonce_size)
