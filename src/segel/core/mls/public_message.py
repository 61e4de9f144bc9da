"""PublicMessage: signed, and tagged by members, but not encrypted (RFC 9420 section 6.2)."""

from typing import Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import Reader, Structure, opaque
from segel.core.mls.framing import (
    AuthenticatedContent,
    AuthenticatedContentIn,
    FramedContent,
    FramedContentAuthData,
    content_type,
    signed_content,
)
from segel.core.mls.registry import SenderType, WireFormat


class PublicMessage(Structure, frozen=True):
    """A content with its auth data, and the membership tag where a member sent it."""

    framed: FramedContent
    auth: FramedContentAuthData
    membership_tag: bytes | None

    def encode(self) -> bytes:
        tag = b"" if self.membership_tag is None else opaque(self.membership_tag)
        return self.framed.encode() + self.auth.encode() + tag

    @classmethod
    def read(cls, reader: Reader) -> Self:
        framed = FramedContent.read(reader)
        auth = FramedContentAuthData.read_for(content_type(framed.content), reader)
        member = framed.sender.type == SenderType.MEMBER
        return cls(framed, auth, reader.opaque() if member else None)

    def authenticated(self) -> AuthenticatedContentIn:
        """What it says, unverified."""
        return AuthenticatedContentIn(WireFormat.PUBLIC_MESSAGE, self.framed, self.auth)


def tagged_content(framed: FramedContent, auth: FramedContentAuthData, context: bytes) -> bytes:
    """AuthenticatedContentTBM (section 6.2): what the membership tag is a MAC of."""
    return signed_content(WireFormat.PUBLIC_MESSAGE, framed, context) + auth.encode()


def protect_publicly(
    suite: Ciphersuite, content: AuthenticatedContent, membership_key: bytes, context: bytes
) -> PublicMessage:
    """The message of a content. `membership_key` serves where a member is its sender."""
    framed, auth = content.framed, content.auth
    if framed.sender.type != SenderType.MEMBER:
        return PublicMessage(framed, auth, None)
    tag = suite.mac(membership_key, tagged_content(framed, auth, context))
    return PublicMessage(framed, auth, tag)
