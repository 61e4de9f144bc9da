"""What is said to a group and who signed it, before it is protected (RFC 9420 section 6)."""

from typing import Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.codec import Reader, Structure, opaque, uint8, uint16, uint32, uint64
from segel.core.mls.commit import Commit
from segel.core.mls.errors import Malformed
from segel.core.mls.proposal import Proposal, read_proposal
from segel.core.mls.registry import MLS10, ContentType, SenderType, WireFormat
from segel.core.mls.tree_math import LeafIndex

LABEL = b"FramedContentTBS"


class Sender(Structure, frozen=True):
    """Who framed it; `index` is a member's leaf, or a place among the external senders."""

    type: int
    index: int = 0

    @classmethod
    def member(cls, leaf: LeafIndex) -> Self:
        return cls(SenderType.MEMBER, leaf)

    def encode(self) -> bytes:
        if self.type in (SenderType.MEMBER, SenderType.EXTERNAL):
            return uint8(self.type) + uint32(self.index)
        return uint8(self.type)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.uint8()
        if kind in (SenderType.MEMBER, SenderType.EXTERNAL):
            return cls(kind, reader.uint32())
        if kind in (SenderType.NEW_MEMBER_PROPOSAL, SenderType.NEW_MEMBER_COMMIT):
            return cls(kind)
        raise Malformed(f"a sender of type {kind}")


class Application(Structure, frozen=True):
    """The application's own bytes."""

    data: bytes

    def encode(self) -> bytes:
        return opaque(self.data)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque())


Content = Application | Proposal | Commit


def content_type(content: Content) -> ContentType:
    """The kind of a content."""
    if isinstance(content, Application):
        return ContentType.APPLICATION
    return ContentType.COMMIT if isinstance(content, Commit) else ContentType.PROPOSAL


def read_content(kind: int, reader: Reader) -> Content:
    """A content of a kind. Raises Malformed."""
    if kind == ContentType.APPLICATION:
        return Application.read(reader)
    if kind == ContentType.PROPOSAL:
        return read_proposal(reader)
    if kind == ContentType.COMMIT:
        return Commit.read(reader)
    raise Malformed(f"a content of type {kind}")


class FramedContent(Structure, frozen=True):
    """A content with its group, epoch, sender and authenticated data."""

    group_id: bytes
    epoch: int
    sender: Sender
    authenticated_data: bytes
    content: Content

    def encode(self) -> bytes:
        return b"".join(
            (
                opaque(self.group_id),
                uint64(self.epoch),
                self.sender.encode(),
                opaque(self.authenticated_data),
                uint8(content_type(self.content)),
                self.content.encode(),
            )
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        group_id, epoch, sender = reader.opaque(), reader.uint64(), Sender.read(reader)
        authenticated_data, kind = reader.opaque(), reader.uint8()
        content = read_content(kind, reader)
        return cls(group_id, epoch, sender, authenticated_data, content)


class FramedContentAuthData(Structure, frozen=True):
    """The signature, and a commit's confirmation tag."""

    signature: bytes
    confirmation_tag: bytes | None

    def encode(self) -> bytes:
        if self.confirmation_tag is None:
            return opaque(self.signature)
        return opaque(self.signature) + opaque(self.confirmation_tag)

    @classmethod
    def read_for(cls, kind: int, reader: Reader) -> Self:
        """The auth data of a content of a kind. Raises Malformed."""
        signature = reader.opaque()
        return cls(signature, reader.opaque() if kind == ContentType.COMMIT else None)


class AuthenticatedContentIn(Structure, frozen=True):
    """A content with a signature that nobody has verified."""

    wire_format: int
    framed: FramedContent
    auth: FramedContentAuthData

    def encode(self) -> bytes:
        return uint16(self.wire_format) + self.framed.encode() + self.auth.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        wire_format, framed = reader.uint16(), FramedContent.read(reader)
        kind = content_type(framed.content)
        return cls(wire_format, framed, FramedContentAuthData.read_for(kind, reader))


class AuthenticatedContent(AuthenticatedContentIn, frozen=True):
    """A content whose signature is its sender's: verified, or made here."""


def signed_content(wire_format: int, framed: FramedContent, context: bytes) -> bytes:
    """FramedContentTBS (section 6.1). `context` is the encoded GroupContext."""
    head = uint16(MLS10) + uint16(wire_format) + framed.encode()
    if framed.sender.type in (SenderType.MEMBER, SenderType.NEW_MEMBER_COMMIT):
        return head + context
    return head


def sign_content(
    suite: Ciphersuite,
    signer: KeyPair,
    wire_format: WireFormat,
    framed: FramedContent,
    context: bytes,
) -> bytes:
    """The signature over a content (section 6.1)."""
    return suite.sign(signer, LABEL, signed_content(wire_format, framed, context))
