"""Credentials (RFC 9420 section 5.3): parsed here, judged by whoever uses this package."""

from typing import Protocol, Self

from segel.core.mls.codec import Reader, Structure, opaque, uint16, vector
from segel.core.mls.registry import CredentialType


class Credential(Structure, frozen=True):
    """A member's claim about who it is.

    `data` is the content of the one vector that each known type has: an identity, or a chain of
    certificates. A type that is not known is read as such a vector too.
    """

    type: int
    data: bytes

    def encode(self) -> bytes:
        return uint16(self.type) + opaque(self.data)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.uint16(), reader.opaque())

    @classmethod
    def basic(cls, identity: bytes) -> Self:
        """A basic credential."""
        return cls(CredentialType.BASIC, identity)

    @classmethod
    def x509(cls, certificates: tuple[bytes, ...]) -> Self:
        """A chain of DER certificates, the member's own first."""
        return cls(CredentialType.X509, b"".join(opaque(each) for each in certificates))

    def certificates(self) -> tuple[bytes, ...]:
        """The chain of an X.509 credential. Raises Malformed."""
        return Reader(vector([self.data])).vector(Reader.opaque)


class CredentialValidator(Protocol):
    """The Authentication Service (section 5.3.1), as the one who uses this package sees it."""

    def __call__(self, credential: Credential, signature_key: bytes) -> bool:
        """Whether the credential is good, and speaks for the signature key."""
        ...


class SuccessorValidator(Protocol):
    """Judges a member's new credential beside the one that it has (section 5.3.1)."""

    def __call__(self, before: Credential, after: Credential) -> bool:
        """Whether `after` is of the same member."""
        ...
