"""SRTP and SRTCP under AES128_CM_SHA1_80 (RFC 3711), by libsrtp: some clients insist on it."""

from collections.abc import Callable

import pylibsrtp

from segel.core.crypto.srtp_profile import (
    MAX_STREAMS,
    SrtpError,
    SrtpMalformed,
    SrtpNotAuthentic,
    SrtpProfile,
    SrtpReplayed,
    rtp_header_length,
)
from segel.core.crypto.srtp_replay import REPLAY_WINDOW

_LIBSRTP_PROFILES = {
    SrtpProfile.AES128_CM_SHA1_80: pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    SrtpProfile.AEAD_AES_128_GCM: pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
}


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
