"""Proposals (RFC 9420 section 12.1)."""

from typing import ClassVar, Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import Reader, Structure, opaque, uint8, uint16, uint32
from segel.core.mls.errors import Malformed
from segel.core.mls.extension import Extensions, encode_extensions, read_extensions
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import ProposalType
from segel.core.mls.tree_math import LeafIndex


class Add(Structure, frozen=True):
    """Adds the client of a KeyPackage."""

    key_package: KeyPackageIn
    type: ClassVar[int] = ProposalType.ADD

    def encode(self) -> bytes:
        return uint16(self.type) + self.key_package.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(KeyPackageIn.read(reader))


class Update(Structure, frozen=True):
    """Replaces the sender's leaf."""

    leaf_node: LeafNode
    type: ClassVar[int] = ProposalType.UPDATE

    def encode(self) -> bytes:
        return uint16(self.type) + self.leaf_node.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(LeafNode.read(reader))


class Remove(Structure, frozen=True):
    """Removes the member at a leaf."""

    removed: LeafIndex
    type: ClassVar[int] = ProposalType.REMOVE

    def encode(self) -> bytes:
        return uint16(self.type) + uint32(self.removed)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(LeafIndex(reader.uint32()))


class UsePsk(Structure, frozen=True):
    """Puts a pre-shared key into the key schedule (PreSharedKey)."""

    psk: PreSharedKeyId
    type: ClassVar[int] = ProposalType.PSK

    def encode(self) -> bytes:
        return uint16(self.type) + self.psk.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(PreSharedKeyId.read(reader))


class ReInit(Structure, frozen=True):
    """Ends the group, to go on in a new one with other parameters."""

    group_id: bytes
    version: int
    cipher_suite: int
    extensions: Extensions
    type: ClassVar[int] = ProposalType.REINIT

    def encode(self) -> bytes:
        head = uint16(self.type) + opaque(self.group_id) + uint16(self.version)
        return head + uint16(self.cipher_suite) + encode_extensions(self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), reader.uint16(), reader.uint16(), read_extensions(reader))


class ExternalInit(Structure, frozen=True):
    """Gives the init secret of one who joins by an external commit."""

    kem_output: bytes
    type: ClassVar[int] = ProposalType.EXTERNAL_INIT

    def encode(self) -> bytes:
        return uint16(self.type) + opaque(self.kem_output)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque())


class GroupContextExtensions(Structure, frozen=True):
    """Replaces the extensions of the GroupContext, all of them."""

    extensions: Extensions
    type: ClassVar[int] = ProposalType.GROUP_CONTEXT_EXTENSIONS

    def encode(self) -> bytes:
        return uint16(self.type) + encode_extensions(self.extensions)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(read_extensions(reader))


class Custom(Structure, frozen=True):
    """A proposal of a type that RFC 9420 does not define: one vector, which its owner reads."""

    type: int
    data: bytes

    def encode(self) -> bytes:
        return uint16(self.type) + opaque(self.data)


Proposal = Add | Update | Remove | UsePsk | ReInit | ExternalInit | GroupContextExtensions | Custom

_KINDS: dict[int, type[Proposal]] = {
    kind.type: kind
    for kind in (Add, Update, Remove, UsePsk, ReInit, ExternalInit, GroupContextExtensions)
}


def read_proposal(reader: Reader) -> Proposal:
    """A proposal of any type. Raises Malformed."""
    proposal_type = reader.uint16()
    kind = _KINDS.get(proposal_type)
    if kind is not None:
        return kind.read(reader)
    if proposal_type == 0:
        raise Malformed("a proposal of the reserved type 0")
    return Custom(proposal_type, reader.opaque())


def decode_proposal(data: bytes) -> Proposal:
    """The proposal that fills the bytes. Raises Malformed."""
    reader = Reader(data)
    proposal = read_proposal(reader)
    reader.finish()
    return proposal


class ProposalRef(Structure, frozen=True):
    """The name of a proposal that was sent before (section 5.2)."""

    reference: bytes


ProposalOrRef = Proposal | ProposalRef


def read_proposal_or_ref(reader: Reader) -> ProposalOrRef:
    """ProposalOrRef (section 12.4). Raises Malformed."""
    kind = reader.uint8()
    if kind == 1:
        return read_proposal(reader)
    if kind == 2:
        return ProposalRef(reader.opaque())
    raise Malformed("neither a proposal nor a reference")


def encode_proposal_or_ref(item: ProposalOrRef) -> bytes:
    """ProposalOrRef."""
    if isinstance(item, ProposalRef):
        return uint8(2) + opaque(item.reference)
    return uint8(1) + item.encode()


def proposal_reference(suite: Ciphersuite, authenticated_content: bytes) -> bytes:
    """ProposalRef of an AuthenticatedContent with a proposal (section 5.2)."""
    return suite.ref_hash(b"MLS 1.0 Proposal Reference", authenticated_content)
