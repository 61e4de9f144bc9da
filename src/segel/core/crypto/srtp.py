"""SRTP and SRTCP (RFC 3711) with AES-128-GCM (RFC 7714), and libsrtp for AES-128-CM-SHA1-80.

One direction of one DTLS association is one session: an `SrtpSender` seals what leaves, an
`SrtpReceiver` opens what arrives. AES-GCM stands on `cryptography`, because a packet can then be
sealed into a buffer that the caller owns; it is byte-identical to libsrtp (tests). The older
profile, which some clients still insist on, is left to libsrtp.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from struct import Struct
from struct import error as StructError
from typing import Protocol

import pylibsrtp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

REPLAY_WINDOW = 128
"""Packets behind the newest that may still arrive (RFC 3711 3.3.2 asks for at least 64)."""

MAX_STREAMS = 256
"""SSRCs one session keeps state for: a peer that holds the key must not grow it for ever."""

MAX_OVERHEAD = 16
"""Bytes a sealed RTP packet is longer than its clear one, at most (the GCM tag)."""

_SRTCP_ENCRYPTED = 0x80000000
_U32 = Struct("!I")
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


_LIBSRTP_PROFILES = {
    SrtpProfile.AES128_CM_SHA1_80: pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    SrtpProfile.AEAD_AES_128_GCM: pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
}


class SrtpSender(Protocol):
    """Seals what leaves on one association."""

    def seal_rtp(
        self,
        buffer: memoryview,
        start: int,
        header_end: int,
        payload: bytes,
        ssrc: int,
        index: int,
    ) -> int:
        """Append `payload` sealed at `buffer[header_end:]`, after the header in `start:header_end`.

        `index` is the 48-bit packet index: the sequence number extended by its roll-overs.
        Returns where the packet ends. The buffer must be long enough.
        """

    def protect_rtp(self, packet: bytes, index: int) -> bytes:
        """One whole RTP packet sealed; `index` as for `seal_rtp`."""

    def protect_rtcp(self, packet: bytes) -> bytes:
        """One compound RTCP packet sealed."""


class SrtpReceiver(Protocol):
    """Opens what arrives on one association. Every method raises `SrtpError`."""

    def unprotect_rtp(self, packet: bytes) -> bytes:
        """The clear RTP packet."""

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """The clear compound RTCP packet."""


def new_sender(profile: SrtpProfile, key: bytes, salt: bytes) -> SrtpSender:
    """The sealing half of an association, from its master key and salt."""
    if profile is SrtpProfile.AEAD_AES_128_GCM:
        return GcmSender(key, salt)
    return LibsrtpSender(profile, key + salt)


def new_receiver(profile: SrtpProfile, key: bytes, salt: bytes) -> SrtpReceiver:
    """The opening half of an association, from its master key and salt."""
    if profile is SrtpProfile.AEAD_AES_128_GCM:
        return GcmReceiver(key, salt)
    return LibsrtpReceiver(profile, key + salt)


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


@dataclass(slots=True)
class ReplayWindow:
    """The newest index received and a bit for each of the `REPLAY_WINDOW` before it."""

    newest: int = -1
    seen: int = 0

    def check(self, index: int) -> None:
        """Raise `SrtpReplayed` unless `index` may still be taken."""
        age = self.newest - index
        if age >= 0 and (age >= REPLAY_WINDOW or self.seen >> age & 1):
            raise SrtpReplayed("replayed, or too old")

    def take(self, index: int) -> None:
        """Remember `index`, whose packet has proved authentic."""
        age = self.newest - index
        if age >= 0:
            self.seen |= 1 << age
            return
        advance = min(-age, REPLAY_WINDOW)
        self.seen = ((self.seen << advance) | 1) & ((1 << REPLAY_WINDOW) - 1)
        self.newest = index

    def guess(self, sequence: int) -> int:
        """The index that a 16-bit sequence number most likely means (RFC 3711 3.3.1)."""
        if self.newest < 0:
            return sequence
        distance = (sequence - self.newest) & 0xFFFF
        index = self.newest + (distance - 0x10000 if distance > 0x8000 else distance)
        return index if index >= 0 else index + 0x10000


@dataclass(slots=True)
class _Windows:
    """Replay windows by SSRC, at most `MAX_STREAMS` of them."""

    by_ssrc: dict[int, ReplayWindow] = field(default_factory=dict)

    def get(self, ssrc: int) -> ReplayWindow:
        """The window of `ssrc`, a new one when it is not known yet (not kept until `take`)."""
        return self.by_ssrc.get(ssrc) or ReplayWindow()

    def take(self, ssrc: int, window: ReplayWindow, index: int) -> None:
        """Keep what an authentic packet has taught."""
        if ssrc not in self.by_ssrc and len(self.by_ssrc) >= MAX_STREAMS:
            raise SrtpMalformed("too many SSRCs")
        window.take(index)
        self.by_ssrc[ssrc] = window


class GcmSender:
    """AEAD_AES_128_GCM, sealing (RFC 7714)."""

    __slots__ = ("_rtcp", "_rtcp_index", "_rtcp_salt", "_rtp", "_rtp_salt")

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._rtp = AESGCM(derive_session_key(key, salt, 0, 16))
        self._rtp_salt = int.from_bytes(derive_session_key(key, salt, 2, 12))
        self._rtcp = AESGCM(derive_session_key(key, salt, 3, 16))
        self._rtcp_salt = int.from_bytes(derive_session_key(key, salt, 5, 12))
        self._rtcp_index = 0

    def seal_rtp(
        self,
        buffer: memoryview,
        start: int,
        header_end: int,
        payload: bytes,
        ssrc: int,
        index: int,
    ) -> int:
        """See `SrtpSender`."""
        end = header_end + len(payload) + 16
        # RFC 7714 8.1: 00 00 || SSRC || ROC || SEQ, and ROC || SEQ is the packet index.
        nonce = (self._rtp_salt ^ (ssrc << 48 | index)).to_bytes(12)
        self._rtp.encrypt_into(nonce, payload, buffer[start:header_end], buffer[header_end:end])
        return end

    def protect_rtp(self, packet: bytes, index: int) -> bytes:
        """See `SrtpSender`."""
        header = packet[: rtp_header_length(packet)]
        ssrc = _U32.unpack_from(packet, 8)[0]
        nonce = (self._rtp_salt ^ (ssrc << 48 | index)).to_bytes(12)
        return header + self._rtp.encrypt(nonce, packet[len(header) :], header)

    def protect_rtcp(self, packet: bytes) -> bytes:
        """See `SrtpSender` (RFC 7714 9)."""
        index = self._rtcp_index
        self._rtcp_index = (index + 1) & 0x7FFFFFFF
        trailer = _U32.pack(_SRTCP_ENCRYPTED | index)
        nonce = _rtcp_nonce(self._rtcp_salt, packet, index)
        return packet[:8] + self._rtcp.encrypt(nonce, packet[8:], packet[:8] + trailer) + trailer


class GcmReceiver:
    """AEAD_AES_128_GCM, opening (RFC 7714)."""

    __slots__ = (
        "_rtcp",
        "_rtcp_salt",
        "_rtcp_windows",
        "_rtp",
        "_rtp_salt",
        "_rtp_windows",
    )

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._rtp = AESGCM(derive_session_key(key, salt, 0, 16))
        self._rtp_salt = int.from_bytes(derive_session_key(key, salt, 2, 12))
        self._rtcp = AESGCM(derive_session_key(key, salt, 3, 16))
        self._rtcp_salt = int.from_bytes(derive_session_key(key, salt, 5, 12))
        self._rtp_windows = _Windows()
        self._rtcp_windows = _Windows()

    def unprotect_rtp(self, packet: bytes) -> bytes:
        """See `SrtpReceiver`."""
        header_end = rtp_header_length(packet)
        if len(packet) < header_end + 16:
            raise SrtpMalformed("no room for a tag")
        ssrc = _U32.unpack_from(packet, 8)[0]
        window = self._rtp_windows.get(ssrc)
        index = window.guess(packet[2] << 8 | packet[3])
        window.check(index)
        nonce = (self._rtp_salt ^ (ssrc << 48 | index)).to_bytes(12)
        header = packet[:header_end]
        clear = _open(self._rtp, nonce, packet[header_end:], header)
        self._rtp_windows.take(ssrc, window, index)
        return header + clear

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """See `SrtpReceiver`. Unencrypted SRTCP (E = 0) is refused: no peer of ours sends it."""
        if len(packet) < 8 + 16 + 4:
            raise SrtpMalformed("SRTCP packet cut short")
        trailer = packet[-4:]
        word = _U32.unpack(trailer)[0]
        if not word & _SRTCP_ENCRYPTED:
            raise SrtpMalformed("unencrypted SRTCP")
        index = word & 0x7FFFFFFF
        ssrc = _U32.unpack_from(packet, 4)[0]
        window = self._rtcp_windows.get(ssrc)
        window.check(index)
        nonce = _rtcp_nonce(self._rtcp_salt, packet, index)
        clear = _open(self._rtcp, nonce, packet[8:-4], packet[:8] + trailer)
        self._rtcp_windows.take(ssrc, window, index)
        return packet[:8] + clear


class LibsrtpSender:
    """Sealing by libsrtp, which extends sequence numbers itself and so ignores `index`."""

    __slots__ = ("_session",)

    def __init__(self, profile: SrtpProfile, key_and_salt: bytes) -> None:
        self._session = pylibsrtp.Session(
            _policy(profile, key_and_salt, pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        )

    def seal_rtp(
        self,
        buffer: memoryview,
        start: int,
        header_end: int,
        payload: bytes,
        ssrc: int,
        index: int,
    ) -> int:
        """See `SrtpSender`."""
        sealed = self._session.protect(bytes(buffer[start:header_end]) + payload)
        end = start + len(sealed)
        buffer[start:end] = sealed
        return end

    def protect_rtp(self, packet: bytes, index: int) -> bytes:
        """See `SrtpSender`."""
        return self._session.protect(packet)

    def protect_rtcp(self, packet: bytes) -> bytes:
        """See `SrtpSender`."""
        return self._session.protect_rtcp(packet)


class LibsrtpReceiver:
    """Opening by libsrtp."""

    __slots__ = ("_session", "_ssrcs")

    def __init__(self, profile: SrtpProfile, key_and_salt: bytes) -> None:
        self._session = pylibsrtp.Session(
            _policy(profile, key_and_salt, pylibsrtp.Policy.SSRC_ANY_INBOUND)
        )
        self._ssrcs: set[bytes] = set()

    def unprotect_rtp(self, packet: bytes) -> bytes:
        """See `SrtpReceiver`."""
        rtp_header_length(packet)
        return self._opened(self._session.unprotect, packet, packet[8:12])

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        """See `SrtpReceiver`."""
        if len(packet) < 8 + 10 + 4:
            raise SrtpMalformed("SRTCP packet cut short")
        return self._opened(self._session.unprotect_rtcp, packet, packet[4:8])

    def _opened(self, unprotect: Callable[[bytes], bytes], packet: bytes, ssrc: bytes) -> bytes:
        if ssrc not in self._ssrcs and len(self._ssrcs) >= MAX_STREAMS:
            raise SrtpMalformed("too many SSRCs")
        try:
            clear = unprotect(packet)
        except ValueError:
            raise SrtpMalformed("longer than libsrtp takes") from None
        except pylibsrtp.Error as error:
            raise _translated(str(error)) from None
        self._ssrcs.add(ssrc)
        return clear


def _translated(message: str) -> SrtpError:
    if message.startswith("authentication"):
        return SrtpNotAuthentic(message)
    if message.startswith("replay"):
        return SrtpReplayed(message)
    return SrtpMalformed(message)


def _policy(profile: SrtpProfile, key_and_salt: bytes, direction: int) -> pylibsrtp.Policy:
    policy = pylibsrtp.Policy(
        key=key_and_salt, ssrc_type=direction, srtp_profile=_LIBSRTP_PROFILES[profile]
    )
    policy.window_size = REPLAY_WINDOW
    return policy


def _rtcp_nonce(salt: int, packet: bytes, index: int) -> bytes:
    ssrc: int = _U32.unpack_from(packet, 4)[0]
    return (salt ^ (ssrc << 48 | index)).to_bytes(12)


def _open(cipher: AESGCM, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, header)
    except InvalidTag:
        raise SrtpNotAuthentic("authentication failure") from None
