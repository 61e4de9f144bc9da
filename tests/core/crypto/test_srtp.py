"""SRTP against libsrtp: the same bytes out, and each opens what the other sealed."""

import struct

import pylibsrtp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.crypto.srtp import new_receiver, new_sender
from segel.core.crypto.srtp_gcm import GcmReceiver, GcmSender
from segel.core.crypto.srtp_libsrtp import LibsrtpReceiver
from segel.core.crypto.srtp_profile import (
    MAX_STREAMS,
    SrtpError,
    SrtpMalformed,
    SrtpNotAuthentic,
    SrtpProfile,
    SrtpReplayed,
    derive_session_key,
)
from segel.core.crypto.srtp_replay import REPLAY_WINDOW

KEY = bytes(range(16))
SALT = bytes(range(16, 28))
GCM = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
PROFILES = list(SrtpProfile)


def salt_of(profile: SrtpProfile) -> bytes:
    return bytes(range(16, 16 + profile.salt_length))


def rtp(index: int, payload: bytes = b"payload", ssrc: int = 0x11223344) -> bytes:
    extension = b"\xbe\xde\x00\x01" + b"\x10\x01\x02\x03"
    return struct.pack("!BBHII", 0x90, 96, index & 0xFFFF, 3000, ssrc) + extension + payload


def rtcp(ssrc: int = 0x11223344) -> bytes:
    return struct.pack("!BBHI", 0x81, 206, 2, ssrc) + struct.pack("!I", 7)


def libsrtp(direction: int) -> pylibsrtp.Session:
    return pylibsrtp.Session(
        pylibsrtp.Policy(key=KEY + SALT, ssrc_type=direction, srtp_profile=GCM)
    )


def test_rfc3711_b3_key_derivation() -> None:
    master_key = bytes.fromhex("E1F97A0D3E018BE0D64FA32C06DE4139")
    master_salt = bytes.fromhex("0EC675AD498AFEEBB6960B3AABE6")
    assert derive_session_key(master_key, master_salt, 0, 16) == bytes.fromhex(
        "C61E7A93744F39EE10734AFE3FF7A087"
    )
    assert derive_session_key(master_key, master_salt, 2, 14) == bytes.fromhex(
        "30CBBC08863D8C85D49DB34A9AE1"
    )


def test_rtp_is_byte_identical_to_libsrtp_across_a_rollover() -> None:
    ours = GcmSender(KEY, SALT)
    theirs = libsrtp(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
    for index in range(65500, 65600):
        packet = rtp(index, bytes(index % 50))
        expected = theirs.protect(packet)
        assert ours.protect_rtp(packet, index) == expected
        buffer = bytearray(b"before") + packet[:20] + bytes(100)
        end = ours.seal_rtp(memoryview(buffer), 6, 26, packet[20:], 0x11223344, index)
        assert buffer[6:end] == expected


def test_rtcp_is_byte_identical_to_libsrtp() -> None:
    ours = GcmSender(KEY, SALT)
    theirs = libsrtp(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
    # libsrtp starts at index 1, and the first of ours is 0: both are allowed (RFC 3711 3.2.1).
    ours.protect_rtcp(rtcp())
    for _ in range(5):
        assert ours.protect_rtcp(rtcp()) == theirs.protect_rtcp(rtcp())


def test_opens_what_libsrtp_sealed() -> None:
    theirs = libsrtp(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
    ours = GcmReceiver(KEY, SALT)
    for index in range(65500, 65600):
        assert ours.unprotect_rtp(theirs.protect(rtp(index))) == rtp(index)
        assert ours.unprotect_rtcp(theirs.protect_rtcp(rtcp())) == rtcp()


@pytest.mark.parametrize("profile", PROFILES)
def test_each_profile_opens_its_own(profile: SrtpProfile) -> None:
    sender = new_sender(profile, KEY, salt_of(profile))
    receiver = new_receiver(profile, KEY, salt_of(profile))
    buffer = bytearray(rtp(5)[:20] + bytes(100))
    end = sender.seal_rtp(memoryview(buffer), 0, 20, b"sealed in place", 0x11223344, 5)
    assert receiver.unprotect_rtp(bytes(buffer[:end])) == rtp(5, b"sealed in place")
    assert receiver.unprotect_rtp(sender.protect_rtp(rtp(6), 6)) == rtp(6)
    assert receiver.unprotect_rtcp(sender.protect_rtcp(rtcp())) == rtcp()


@pytest.mark.parametrize("profile", PROFILES)
def test_a_packet_opens_once(profile: SrtpProfile) -> None:
    sender = new_sender(profile, KEY, salt_of(profile))
    receiver = new_receiver(profile, KEY, salt_of(profile))
    packet, control = sender.protect_rtp(rtp(9), 9), sender.protect_rtcp(rtcp())
    receiver.unprotect_rtp(packet)
    receiver.unprotect_rtcp(control)
    with pytest.raises(SrtpReplayed):
        receiver.unprotect_rtp(packet)
    with pytest.raises(SrtpReplayed):
        receiver.unprotect_rtcp(control)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_window_takes_late_packets_and_no_older_ones(profile: SrtpProfile) -> None:
    sender = new_sender(profile, KEY, salt_of(profile))
    receiver = new_receiver(profile, KEY, salt_of(profile))
    packets = [sender.protect_rtp(rtp(i), i) for i in range(REPLAY_WINDOW + 1)]
    receiver.unprotect_rtp(packets[REPLAY_WINDOW])
    assert receiver.unprotect_rtp(packets[1]) == rtp(1)
    with pytest.raises(SrtpReplayed):
        receiver.unprotect_rtp(packets[0])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("flipped", [1, 2, 9, 20, -1])
def test_a_changed_packet_is_refused_and_leaves_no_trace(
    profile: SrtpProfile, flipped: int
) -> None:
    sender = new_sender(profile, KEY, salt_of(profile))
    receiver = new_receiver(profile, KEY, salt_of(profile))
    packet = sender.protect_rtp(rtp(1), 1)
    changed = bytearray(packet)
    changed[flipped] ^= 1
    with pytest.raises(SrtpNotAuthentic):
        receiver.unprotect_rtp(bytes(changed))
    assert receiver.unprotect_rtp(packet) == rtp(1)


def test_streams_are_bounded() -> None:
    sender, receiver = GcmSender(KEY, SALT), GcmReceiver(KEY, SALT)
    for ssrc in range(MAX_STREAMS):
        receiver.unprotect_rtp(sender.protect_rtp(rtp(1, ssrc=ssrc), 1))
    with pytest.raises(SrtpMalformed):
        receiver.unprotect_rtp(sender.protect_rtp(rtp(1, ssrc=MAX_STREAMS), 1))


def test_unencrypted_srtcp_is_refused() -> None:
    with pytest.raises(SrtpMalformed):
        GcmReceiver(KEY, SALT).unprotect_rtcp(rtcp() + bytes(16) + b"\0\0\0\1")


@given(st.binary(max_size=80))
def test_fuzz_receivers(data: bytes) -> None:
    """Opens or raises SrtpError, never anything else."""
    receivers = (
        GcmReceiver(KEY, SALT),
        LibsrtpReceiver(SrtpProfile.AES128_CM_SHA1_80, KEY + bytes(14)),
    )
    for receiver in receivers:
        with pytest.raises(SrtpError):
            receiver.unprotect_rtp(data)
        with pytest.raises(SrtpError):
            receiver.unprotect_rtcp(data)


@given(st.lists(st.integers(0, 400), max_size=200))
def test_the_window_equals_a_set(order: list[int]) -> None:
    """Whatever the order of arrival, a packet passes once, and never when it is too old."""
    sender, receiver = GcmSender(KEY, SALT), GcmReceiver(KEY, SALT)
    taken: set[int] = set()
    for index in order:
        allowed = index not in taken and index > max(taken, default=0) - REPLAY_WINDOW
        try:
            receiver.unprotect_rtp(sender.protect_rtp(rtp(index), index))
        except SrtpReplayed:
            assert not allowed
        else:
            assert allowed
            taken.add(index)
