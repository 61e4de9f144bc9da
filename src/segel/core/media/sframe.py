"""SFrame (RFC 9605) and the frames of Segel that are built on it (docs/protocol/media.md 1).

Of the cipher suites only the two AES-GCM ones are here: Segel uses AES_128_GCM_SHA256_128.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, NamedTuple

from segel.core.crypto.aead import NONCE_SIZE, TAG_SIZE, AeadFailure, aes_gcm
from segel.core.crypto.kdf import Hash, hkdf_expand, hkdf_extract
from segel.core.media.errors import SFrameMalformed, SFrameUnauthenticated

EPOCH_BITS: Final = 8
LEAF_BITS: Final = 16
"""E and S of RFC 9605 section 5.2."""

KEY_FRAME_PREFIX: Final = 10
DELTA_FRAME_PREFIX: Final = 3
"""Bytes of a VP8 frame that stay clear, as a browser's receiver reads them before opening."""

MAX_CONTEXT: Final = (1 << (64 - EPOCH_BITS - LEAF_BITS)) - 1


class CipherSuite(Enum):
    """number, key bytes, hash (RFC 9605 section 4.5); the nonce has 12 bytes, the tag 16."""

    AES_128_GCM_SHA256_128 = (0x0004, 16, "sha256")
    AES_256_GCM_SHA512_128 = (0x0005, 32, "sha512")

    def __init__(self, number: int, key_size: int, hash_name: Hash) -> None:
        self.number = number
        self.key_size = key_size
        self.hash_name = hash_name


class Header(NamedTuple):
    """Key id and counter, 64 bits each (RFC 9605 section 4.3)."""

    kid: int
    counter: int


def encode_header(header: Header) -> bytes:
    """The shortest encoding, 1 to 17 bytes."""
    kid, counter = _magnitude(header.kid), _magnitude(header.counter)
    config = header.kid << 4 if header.kid < 8 else 0x80 | (len(kid) - 1) << 4
    config |= header.counter if header.counter < 8 else 0x08 | (len(counter) - 1)
    return (
        bytes((config,))
        + (kid if header.kid >= 8 else b"")
        + (counter if header.counter >= 8 else b"")
    )


def _magnitude(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))


def decode_header(data: bytes) -> tuple[Header, int]:
    """The header at the start of the data and its size.

    Raises SFrameMalformed for all but the shortest encoding, so a header has one form; a header
    that is cut off is not in that form either.
    """
    if not data:
        raise SFrameMalformed("no header")
    config = data[0]
    kid, offset = _field(data, 1, config >> 4)
    counter, offset = _field(data, offset, config & 0x0F)
    header = Header(kid, counter)
    if encode_header(header) != data[:offset]:
        raise SFrameMalformed("header is not in its shortest form")
    return header, offset


def _field(data: bytes, offset: int, code: int) -> tuple[int, int]:
    """A number from its four config bits: itself, or how many bytes it has elsewhere."""
    if code < 8:
        return code, offset
    end = offset + code - 7
    return int.from_bytes(data[offset:end]), end


class KeyId(NamedTuple):
    """What Segel puts in a KID: `context` 40 bits, `leaf` 16 bits, `epoch` its lowest 8 bits."""

    context: int
    leaf: int
    epoch: int

    def encode(self) -> int:
        """The KID: context, leaf and epoch from the highest bits down (RFC 9605 section 5.2)."""
        return (self.context << (EPOCH_BITS + LEAF_BITS)) | (self.leaf << EPOCH_BITS) | self.epoch

    @classmethod
    def decode(cls, kid: int) -> "KeyId":
        """The parts of a KID of 64 bits."""
        leaf = (kid >> EPOCH_BITS) & ((1 << LEAF_BITS) - 1)
        return cls(kid >> (EPOCH_BITS + LEAF_BITS), leaf, kid & ((1 << EPOCH_BITS) - 1))


class FrameKey:
    """The key and salt of one KID (RFC 9605 section 4.4.2)."""

    __slots__ = ("_cipher", "_salt", "kid")

    def __init__(
        self,
        base_key: bytes,
        kid: int,
        suite: CipherSuite = CipherSuite.AES_128_GCM_SHA256_128,
    ) -> None:
        secret = hkdf_extract(suite.hash_name, b"", base_key)
        suffix = kid.to_bytes(8) + suite.number.to_bytes(2)
        key_label = b"SFrame 1.0 Secret key " + suffix
        salt_label = b"SFrame 1.0 Secret salt " + suffix
        self._cipher = aes_gcm(hkdf_expand(suite.hash_name, secret, key_label, suite.key_size))
        salt = hkdf_expand(suite.hash_name, secret, salt_label, NONCE_SIZE)
        self._salt = int.from_bytes(salt)
        self.kid = kid

    def seal(self, counter: int, plaintext: bytes, metadata: bytes) -> bytes:
        """Header, ciphertext and tag. A counter must never be used twice with a key."""
        header = encode_header(Header(self.kid, counter))
        return header + self._cipher.seal(self._nonce(counter), plaintext, header + metadata)

    def open(self, counter: int, header: bytes, ciphertext: bytes, metadata: bytes) -> bytes:
        """The plaintext; `header` is the encoded one. Raises SFrameUnauthenticated."""
        try:
            return self._cipher.open(self._nonce(counter), ciphertext, header + metadata)
        except AeadFailure:
            raise SFrameUnauthenticated("wrong tag") from None

    def _nonce(self, counter: int) -> bytes:
        return (self._salt ^ counter).to_bytes(NONCE_SIZE)


class Kind(Enum):
    """What a frame holds: Opus or VP8."""

    AUDIO = "audio"
    VIDEO = "video"


@dataclass(slots=True, frozen=True)
class OpenedFrame:
    """An authenticated frame; whether its counter is new and its leaf the expected one is for the
    caller to check."""

    key_id: KeyId
    counter: int
    frame: bytes


def clear_prefix_size(kind: Kind, frame: bytes) -> int:
    """Bytes at the start of a frame that stay clear. Raises SFrameMalformed if they are not there.

    The lowest bit of a VP8 frame's first byte is 0 in a key frame (RFC 6386 section 9.1).
    """
    if kind is Kind.AUDIO:
        return 0
    size = DELTA_FRAME_PREFIX if frame and frame[0] & 1 else KEY_FRAME_PREFIX
    if len(frame) < size:
        raise SFrameMalformed("shorter than its clear prefix")
    return size


def seal_frame(kind: Kind, frame: bytes, key: FrameKey, counter: int) -> bytes:
    """Clear prefix, SFrame header, ciphertext and tag of an encoded frame.

    Raises SFrameMalformed if a VP8 frame is shorter than its prefix.
    """
    prefix = frame[: clear_prefix_size(kind, frame)]
    return prefix + key.seal(counter, frame[len(prefix) :], prefix)


def open_frame(kind: Kind, data: bytes, lookup: Callable[[int], FrameKey]) -> OpenedFrame:
    """The encoded frame within a sealed one. `lookup` gives the key of a KID.

    Raises SFrameMalformed, SFrameUnauthenticated, and what `lookup` raises: SFrameUnknownKey.
    """
    prefix = data[: clear_prefix_size(kind, data)]
    sealed = data[len(prefix) :]
    header, size = decode_header(sealed)
    if len(sealed) < size + TAG_SIZE:
        raise SFrameMalformed("shorter than a header and a tag")
    key = lookup(header.kid)
    plain = key.open(header.counter, sealed[:size], sealed[size:], prefix)
    return OpenedFrame(KeyId.decode(header.kid), header.counter, prefix + plain)
