"""Retransmissions go into their stream and out of it unchanged."""

import pytest
from hypothesis import given

from segel.core.media import rtp, rtx
from segel.core.media.errors import RtpMalformed
from segel.testing.mutation import hostile

from .test_rtp import CONTRIBUTED, ONE_BYTE, PADDED, PLAIN, TWO_BYTE, payload


@pytest.mark.parametrize("packet", [PLAIN, ONE_BYTE, TWO_BYTE, CONTRIBUTED])
def test_rtx_round_trip(packet: bytes) -> None:
    """RFC 4588 section 4: the original sequence number leads the payload."""
    header = rtp.parse(packet)
    wrapped = rtx.wrap(packet, header, 97, 5, 6)
    outer = rtp.parse(wrapped)
    assert (outer.payload_type, outer.ssrc, outer.sequence) == (97, 5, 6)
    assert payload(wrapped) == b"\x01\x02payload"
    original = rtx.unwrap(wrapped, outer, header.payload_type, header.ssrc)
    assert original == bytearray(packet)


def test_rtx_of_a_padded_packet_has_no_padding() -> None:
    wrapped = rtx.wrap(PADDED, rtp.parse(PADDED), 97, 5, 6)
    assert payload(wrapped) == b"\x01\x02payload"
    assert rtp.parse(wrapped).padding_size == 0


def test_rtx_without_payload_is_a_probe() -> None:
    probe = b"\xa0" + PLAIN[1:12] + bytes(199) + b"\xc8"
    assert rtx.unwrap(probe, rtp.parse(probe), 96, 1) is None
    short = PLAIN[:13]
    with pytest.raises(RtpMalformed):
        rtx.unwrap(short, rtp.parse(short), 96, 1)


@given(
    hostile(
        [*(bytes(rtx.wrap(each, rtp.parse(each), 97, 5, 6)) for each in (PLAIN, PADDED, ONE_BYTE))],
        60,
    )
)
def test_fuzz_unwrap(data: bytes) -> None:
    """Gives a packet that parses, nothing, or raises RtpMalformed, never anything else."""
    try:
        original = rtx.unwrap(data, rtp.parse(data), 96, 9)
        if original is not None:
            assert rtp.parse(original).ssrc == 9
    except RtpMalformed:
        pass
