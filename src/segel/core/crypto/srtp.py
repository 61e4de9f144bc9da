"""SRTP and SRTCP (RFC 3711): the two halves of a session.

One direction of one DTLS association is one session: an `SrtpSender` seals what leaves, an
`SrtpReceiver` opens what arrives. AES-GCM stands on `cryptography`, because a packet can then be
sealed into a buffer that the caller owns. The older profile is left to libsrtp.
"""

from typing import Protocol

from segel.core.crypto.srtp_gcm import GcmReceiver, GcmSender
from segel.core.crypto.srtp_libsrtp import LibsrtpReceiver, LibsrtpSender
from segel.core.crypto.srtp_profile import SrtpProfile

MAX_OVERHEAD = 16
"""Bytes a sealed RTP packet is longer than its clear one, at most (the GCM tag)."""


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
