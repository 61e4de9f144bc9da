"""What all SRTP sessions share: profiles, errors, key derivation, a header's end (RFC 3711)."""

from enum import IntEnum
from struct import Struct
from struct import error as StructError

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

MAX_STREAMS = 256
"""SSRCs one session keeps state for: a peer that holds the key must not grow it for ever."""

_EXTENSION_LENGTH = Struct("!xxH")


class SrtpError(Exception):
    """A packet that this session does not let through."""


class SrtpMalformed(SrtpError):
    """Too short, or a header that does not fit its packet."""


class SrtpNotAuthentic(SrtpError):
    """The tag does not fit: not from the peer, damaged, or of another session's key."""


class SrtpReplayed(SrtpError):
    """Seen before, or older than the replay window."""


class SrtpProfile(IntEnum):
    """Protection profiles by their DTLS-SRTP numbers (RFC 5764 4.1.2, RFC 7714 14.2)."""

    AES128_CM_SHA1_80 = 0x0001
    AEAD_AES_128_GCM = 0x0007

    @property
    def key_length(self) -> int:
        """Bytes of master key."""
        return 16

    @property
    def salt_length(self) -> int:
        """Bytes of master salt."""
        return 12 if self is SrtpProfile.AEAD_AES_128_GCM else 14


def derive_session_key(master_key: bytes, master_salt: bytes, label: int, length: int) -> bytes:
    """The key derivation of RFC 3711 4.3.1 with a derivation rate of 0 (AES-CM as the PRF).

    A salt of 12 bytes is padded with two zero bytes (RFC 7714 11).
    """
    salt = int.from_bytes(master_salt.ljust(14, b"\0"))
    x = salt ^ (label << 48)
    prf = Cipher(AES(master_key), CTR((x << 16).to_bytes(16))).encryptor()
    return prf.update(bytes(length))


def rtp_header_length(packet: bytes) -> int:
    """Bytes of the RTP header with its CSRCs and extension (RFC 3550 5.1); `SrtpMalformed`."""
    try:
        first = packet[0]
        length = 12 + 4 * (first & 0x0F)
        if first & 0x10:
            length += 4 + 4 * _EXTENSION_LENGTH.unpack_from(packet, length)[0]
    except (IndexError, StructError):
        raise SrtpMalformed("RTP header cut short") from None
    if length > len(packet):
        raise SrtpMalformed("RTP header cut short")
    return length
