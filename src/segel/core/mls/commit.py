"""Commit, and the UpdatePath in it (RFC 9420 sections 12.4 and 7.6)."""

from typing import Self

from segel.core.mls.codec import Reader, Structure, opaque, optional, vector
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.proposal import (
    ProposalOrRef,
    encode_proposal_or_ref,
    read_proposal_or_ref,
)


class HpkeCiphertext(Structure, frozen=True):
    """Something sealed to a public key (section 5.1.3)."""

    kem_output: bytes
    ciphertext: bytes

    def encode(self) -> bytes:
        return opaque(self.kem_output) + opaque(self.ciphertext)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.opaque())


class UpdatePathNode(Structure, frozen=True):
    """A parent's new key, and its path secret sealed to each node of its copath's resolution."""

    encryption_key: bytes
    encrypted_path_secret: tuple[HpkeCiphertext, ...]

    def encode(self) -> bytes:
        return opaque(self.encryption_key) + vector(
            each.encode() for each in self.encrypted_path_secret
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.vector(HpkeCiphertext.read))


class UpdatePath(Structure, frozen=True):
    """The committer's new leaf and filtered direct path, from the bottom."""

    leaf_node: LeafNode
    nodes: tuple[UpdatePathNode, ...]

    def encode(self) -> bytes:
        return self.leaf_node.encode() + vector(node.encode() for node in self.nodes)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(LeafNode.read(reader), reader.vector(UpdatePathNode.read))


class Commit(Structure, frozen=True):
    """What changes a group's epoch."""

    proposals: tuple[ProposalOrRef, ...]
    path: UpdatePath | None

    def encode(self) -> bytes:
        listed = vector(map(encode_proposal_or_ref, self.proposals))
        return listed + optional(None if self.path is None else self.path.encode())

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.vector(read_proposal_or_ref), reader.optional(UpdatePath.read))
