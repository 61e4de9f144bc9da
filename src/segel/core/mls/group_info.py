"""GroupInfo: a group's public state, signed by a member (RFC 9420 section 12.4.3)."""

from typing import Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import Reader, Structure, opaque, uint32
from segel.core.mls.extension import Extensions, encode_extensions, read_extensions
from segel.core.mls.group_context import GroupContext
from segel.core.mls.tree_math import LeafIndex

LABEL = b"GroupInfoTBS"


class GroupInfoIn(Structure, frozen=True):
    """A GroupInfo whose signature nobody has verified."""

    group_context: GroupContext
    extensions: Extensions
    confirmation_tag: bytes
    signer: LeafIndex
    signature: bytes

    def encode(self) -> bytes:
        return self.signed() + opaque(self.signature)

    def signed(self) -> bytes:
        """GroupInfoTBS."""
        return b"".join(
            (
                self.group_context.encode(),
                encode_extensions(self.extensions),
                opaque(self.confirmation_tag),
                uint32(self.signer),
            )
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        context, extensions = GroupContext.read(reader), read_extensions(reader)
        tag, signer = reader.opaque(), LeafIndex(reader.uint32())
        return cls(context, extensions, tag, signer, reader.opaque())


class GroupInfo(GroupInfoIn, frozen=True):
    """A GroupInfo whose signature is that of the leaf it names, in the tree that it hashes."""


def sign_group_info(
    suite: Ciphersuite,
    signer: KeyPair,
    leaf: LeafIndex,
    context: GroupContext,
    extensions: Extensions,
    confirmation_tag: bytes,
) -> GroupInfo:
    """A GroupInfo of one's own."""
    unsigned = GroupInfoIn(context, extensions, confirmation_tag, leaf, b"")
    signature = suite.sign(signer, LABEL, unsigned.signed())
    return GroupInfo(context, extensions, confirmation_tag, leaf, signature)
