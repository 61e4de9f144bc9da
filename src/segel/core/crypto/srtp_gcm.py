"""SRTP and SRTCP under AEAD_AES_128_GCM (RFC 7714), byte-identical to libsrtp's."""

from struct import Struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from segel.core.crypto.srtp_profile import (
    SrtpMalformed,
    SrtpNotAuthentic,
    derive_session_key,
    rtp_header_length,
)
from segel.core.crypto.srtp_replay import ReplayWindows

_SRTCP_ENCRYPTED = 0x80000000
_U32 = Struct("!I")


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
        self._rtp_windows = ReplayWindows()
        self._rtcp_windows = ReplayWindows()

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


def _rtcp_nonce(salt: int, packet: bytes, index: int) -> bytes:
    ssrc: int = _U32.unpack_from(packet, 4)[0]
    return (salt ^ (ssrc << 48 | index)).to_bytes(12)


def _open(cipher: AESGCM, nonce: bytes, sealed: bytes, header: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, sealed, header)
    except InvalidTag:
        raise SrtpNotAuthentic("authentication failure") from None
