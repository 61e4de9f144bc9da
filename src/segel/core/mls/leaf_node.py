"""LeafNode: what a member says of itself in the tree (RFC 9420 section 7.2)."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple, Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import (
    Reader,
    Structure,
    opaque,
    uint8,
    uint16s,
    uint32,
    uint64,
)
from segel.core.mls.credential import Credential
from segel.core.mls.errors import Malformed
from segel.core.mls.extension import Extensions, encode_extensions, read_extensions
from segel.core.mls.registry import MLS10, LeafNodeSource
from segel.core.mls.tree_math import LeafIndex

LABEL = b"LeafNodeTBS"


class Capabilities(Structure, frozen=True):
    """What a member's client can do; the default extensions and proposals go without saying."""

    versions: tuple[int, ...] = (MLS10,)
    ciphersuites: tuple[int, ...] = ()
    extensions: tuple[int, ...] = ()
    proposals: tuple[int, ...] = ()
    credentials: tuple[int, ...] = ()

    def encode(self) -> bytes:
        lists = (self.versions, self.ciphersuites, self.extensions, self.proposals)
        return b"".join(map(uint16s, lists)) + uint16s(self.credentials)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(*(reader.uint16s() for _ in range(5)))


class Lifetime(NamedTuple):
    """When a KeyPackage's leaf may be used, in seconds since 1970, both ends within."""

    not_before: int
    not_after: int


class Position(NamedTuple):
    """Where a leaf stands: it is signed with its leaf, so that it cannot be moved."""

    group_id: bytes
    leaf: LeafIndex


class LeafNode(Structure, frozen=True, gc=False):
    """A leaf. `content` is its encoding up to the signature: kept, for it is hashed and signed."""

    encryption_key: bytes
    signature_key: bytes
    credential: Credential
    capabilities: Capabilities
    source: int
    lifetime: Lifetime | None
    parent_hash: bytes
    extensions: Extensions
    content: bytes
    signature: bytes

    def encode(self) -> bytes:
        return self.content + opaque(self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        start = reader.position
        encryption_key, signature_key = reader.opaque(), reader.opaque()
        credential = Credential.read(reader)
        capabilities = _read_capabilities(reader)
        source = reader.uint8()
        lifetime = None
        parent_hash = b""
        if source == LeafNodeSource.KEY_PACKAGE:
            lifetime = Lifetime(reader.uint64(), reader.uint64())
        elif source == LeafNodeSource.COMMIT:
            parent_hash = reader.opaque()
        elif source != LeafNodeSource.UPDATE:
            raise Malformed(f"a leaf from a source {source}")
        extensions = read_extensions(reader)
        return cls(
            encryption_key,
            signature_key,
            credential,
            capabilities,
            source,
            lifetime,
            parent_hash,
            extensions,
            reader.since(start),
            reader.opaque(),
        )

    def signed(self, position: Position | None) -> bytes:
        """LeafNodeTBS. `position` is None for the leaf of a KeyPackage that is in no group yet."""
        return self.content + _place(self.source, position)


class LeafNodeContent(NamedTuple):
    """What a member says of itself whatever the leaf's source."""

    credential: Credential
    capabilities: Capabilities
    extensions: Extensions = ()


def sign_leaf(
    suite: Ciphersuite,
    signer: KeyPair,
    encryption_key: bytes,
    about: LeafNodeContent,
    source: LeafNodeSource,
    *,
    lifetime: Lifetime | None = None,
    parent_hash: bytes = b"",
    position: Position | None = None,
) -> LeafNode:
    """A leaf of one's own: with a lifetime, a position, or a position and a parent hash, as the
    source asks.
    """
    content = b"".join(
        (
            opaque(encryption_key),
            opaque(signer.public),
            about.credential.encode(),
            about.capabilities.encode(),
            uint8(source),
            uint64(lifetime.not_before) + uint64(lifetime.not_after) if lifetime else b"",
            opaque(parent_hash) if source == LeafNodeSource.COMMIT else b"",
            encode_extensions(about.extensions),
        )
    )
    signature = suite.sign(signer, LABEL, content + _place(source, position))
    return LeafNode.decode(content + opaque(signature))


def path_leaf(
    suite: Ciphersuite, signer: KeyPair, about: LeafNodeContent, position: Position
) -> Callable[[bytes, bytes], LeafNode]:
    """What makes the leaf of an UpdatePath from its encryption key and parent hash."""

    def make(encryption_key: bytes, parent_hash: bytes) -> LeafNode:
        source = LeafNodeSource.COMMIT
        return sign_leaf(
            suite,
            signer,
            encryption_key,
            about,
            source,
            parent_hash=parent_hash,
            position=position,
        )

    return make


def _place(source: int, position: Position | None) -> bytes:
    """What LeafNodeTBS says behind the content of a leaf that was made for its place."""
    if source == LeafNodeSource.KEY_PACKAGE or position is None:
        return b""
    return opaque(position.group_id) + uint32(position.leaf)


def _read_capabilities(reader: Reader) -> Capabilities:
    """Capabilities: one value for all the leaves that say the same."""
    start = reader.position
    for _ in range(5):
        reader.opaque()
    return _capabilities(reader.since(start))


@lru_cache(maxsize=256)
def _capabilities(data: bytes) -> Capabilities:
    return Capabilities.decode(data)
