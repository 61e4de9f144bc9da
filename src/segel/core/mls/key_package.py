"""KeyPackage: how a client says that it can be added to groups (RFC 9420 section 10)."""

from typing import NamedTuple, Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import Reader, Structure, opaque, uint16
from segel.core.mls.extension import Extensions, encode_extensions, read_extensions
from segel.core.mls.leaf_node import LeafNode, LeafNodeContent, Lifetime, sign_leaf
from segel.core.mls.registry import MLS10, LeafNodeSource

LABEL = b"KeyPackageTBS"


class KeyPackageIn(Structure, frozen=True):
    """A KeyPackage that nobody has verified. `content` is its encoding up to the signature."""

    version: int
    cipher_suite: int
    init_key: bytes
    leaf_node: LeafNode
    extensions: Extensions
    content: bytes
    signature: bytes

    def encode(self) -> bytes:
        return self.content + opaque(self.signature)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        start = reader.position
        version, cipher_suite, init_key = reader.uint16(), reader.uint16(), reader.opaque()
        leaf_node, extensions = LeafNode.read(reader), read_extensions(reader)
        content = reader.since(start)
        return cls(version, cipher_suite, init_key, leaf_node, extensions, content, reader.opaque())

    def reference(self, suite: Ciphersuite) -> bytes:
        """KeyPackageRef (section 5.2)."""
        return suite.ref_hash(b"MLS 1.0 KeyPackage Reference", self.encode())


class KeyPackage(KeyPackageIn, frozen=True):
    """A KeyPackage that was verified (section 10.1), or made here."""


class OwnKeyPackage(NamedTuple):
    """A KeyPackage with what only its maker has. The init key serves once (section 16.8)."""

    key_package: KeyPackage
    init: KeyPair
    encryption: KeyPair
    signature: KeyPair


def make_key_package(
    suite: Ciphersuite,
    signature: KeyPair,
    about: LeafNodeContent,
    lifetime: Lifetime,
    entropy: Entropy,
    extensions: Extensions = (),
) -> OwnKeyPackage:
    """A KeyPackage of one's own, with fresh keys."""
    init, encryption = suite.kem.generate(entropy), suite.kem.generate(entropy)
    source = LeafNodeSource.KEY_PACKAGE
    leaf = sign_leaf(suite, signature, encryption.public, about, source, lifetime=lifetime)
    content = b"".join(
        (
            uint16(MLS10),
            uint16(suite.id),
            opaque(init.public),
            leaf.encode(),
            encode_extensions(extensions),
        )
    )
    signed = content + opaque(suite.sign(signature, LABEL, content))
    made = KeyPackage.decode(signed)
    return OwnKeyPackage(made, init, encryption, signature)
