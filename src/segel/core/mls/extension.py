"""Extensions (RFC 9420 section 13), and those that this package reads itself."""

from typing import Self

from segel.core.mls.codec import Reader, Structure, opaque, uint16, uint16s, vector
from segel.core.mls.credential import Credential
from segel.core.mls.registry import ExtensionType


class Extension(Structure, frozen=True):
    """Data under a number; what it means is its owner's affair."""

    type: int
    data: bytes

    def encode(self) -> bytes:
        return uint16(self.type) + opaque(self.data)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.uint16(), reader.opaque())


Extensions = tuple[Extension, ...]


def read_extensions(reader: Reader) -> Extensions:
    """Extension extensions<V>. Raises Malformed."""
    return reader.vector(Extension.read)


def encode_extensions(extensions: Extensions) -> bytes:
    """Extension extensions<V>."""
    return vector(extension.encode() for extension in extensions)


def find(extensions: Extensions, extension_type: int) -> bytes | None:
    """The data under a number, or None."""
    return next((each.data for each in extensions if each.type == extension_type), None)


class RequiredCapabilities(Structure, frozen=True):
    """What every member of a group must support (section 11.1)."""

    extensions: tuple[int, ...] = ()
    proposals: tuple[int, ...] = ()
    credentials: tuple[int, ...] = ()

    def encode(self) -> bytes:
        return uint16s(self.extensions) + uint16s(self.proposals) + uint16s(self.credentials)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.uint16s(), reader.uint16s(), reader.uint16s())

    @classmethod
    def within(cls, extensions: Extensions) -> Self:
        """What a GroupContext's extensions require. Raises Malformed."""
        data = find(extensions, ExtensionType.REQUIRED_CAPABILITIES)
        return cls() if data is None else cls.decode(data)


class ExternalSender(Structure, frozen=True):
    """One who is no member and may propose (section 12.1.8.1)."""

    signature_key: bytes
    credential: Credential

    def encode(self) -> bytes:
        return opaque(self.signature_key) + self.credential.encode()

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(reader.opaque(), Credential.read(reader))


def external_senders(extensions: Extensions) -> tuple[ExternalSender, ...]:
    """The external senders of a GroupContext. Raises Malformed."""
    data = find(extensions, ExtensionType.EXTERNAL_SENDERS)
    if data is None:
        return ()
    reader = Reader(data)
    senders = reader.vector(ExternalSender.read)
    reader.finish()
    return senders
