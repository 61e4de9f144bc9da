"""RTP headers as offsets, rewriting in place, extensions of both forms, RTX and unwrapping."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import rtp
from segel.core.media.errors import RtpMalformed
from segel.testing.mutation import hostile

PLAIN = bytes.fromhex("80e00102 00000a0b 11223344") + b"payload"
ONE_BYTE = (
    bytes.fromhex("906f0102 00000a0b 11223344 bede0002")
    + bytes.fromhex("31beef 00 1084 0000")
    + b"payload"
)
TWO_BYTE = (
    bytes.fromhex("90600102 00000a0b 11223344 10000002")
    + bytes.fromhex("1f01aa 0c00 03017f")
    + b"payload"
)
CONTRIBUTED = bytes.fromhex("82600102 00000a0b 11223344 00000001 00000002") + b"payload"
PADDED = bytes.fromhex("a0600102 00000a0b 11223344") + b"payload" + b"\0\0\0\4"


def payload(packet: bytes | bytearray) -> bytes:
    header = rtp.parse(packet)
    return bytes(packet[header.header_size : header.size - header.padding_size])


def test_reads_the_fixed_header() -> None:
    header = rtp.parse(PLAIN)
    assert header.marker
    assert (header.payload_type, header.sequence) == (96, 0x0102)
    assert (header.timestamp, header.ssrc) == (0x0A0B, 0x11223344)
    assert (header.header_size, header.size, header.padding_size) == (12, 19, 0)
    assert header.extensions == {}


@pytest.mark.parametrize("packet", [PLAIN, ONE_BYTE, TWO_BYTE, CONTRIBUTED, PADDED])
def test_finds_the_payload(packet: bytes) -> None:
    assert payload(packet) == b"payload"


def test_reads_one_byte_extensions() -> None:
    found = rtp.parse(ONE_BYTE).extensions
    assert {key: ONE_BYTE[at : at + size] for key, (at, size) in found.items()} == {
        3: b"\xbe\xef",
        1: b"\x84",
    }


def test_reads_two_byte_extensions() -> None:
    found = rtp.parse(TWO_BYTE).extensions
    assert {key: TWO_BYTE[at : at + size] for key, (at, size) in found.items()} == {
        31: b"\xaa",
        12: b"",
        3: b"\x7f",
    }


def test_id_15_ends_a_one_byte_block() -> None:
    """RFC 8285 4.2."""
    packet = bytes.fromhex("90600102 00000a0b 11223344 bede0002 1084f000 1085 0000")
    assert rtp.parse(packet).extensions == {1: (17, 1)}


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        PLAIN[:11],
        b"\x40" + PLAIN[1:],
        b"\x8f" + PLAIN[1:],
        ONE_BYTE[:15],
        ONE_BYTE[:20],
        PADDED[:-1] + b"\x00",
        PADDED[:-1] + b"\x0c",
        bytes.fromhex("90600102 00000a0b 11223344 bede0001 3fbeef00"),
        bytes.fromhex("90600102 00000a0b 11223344 10000001 0304beef"),
        bytes.fromhex("90600102 00000a0b 11223344 10000001 00000003"),
    ],
)
def test_refuses(packet: bytes) -> None:
    with pytest.raises(RtpMalformed):
        rtp.parse(packet)


def test_rewrites_in_place() -> None:
    packet = bytearray(ONE_BYTE)
    rtp.set_sequence(packet, 7)
    rtp.set_timestamp(packet, 8)
    rtp.set_ssrc(packet, 9)
    rtp.set_payload_type(packet, 100)
    rtp.set_marker(packet, True)
    rtp.set_extension_u16(packet, rtp.parse(packet).extensions[3][0], 0xCAFE)
    header = rtp.parse(packet)
    assert (header.sequence, header.timestamp, header.ssrc) == (7, 8, 9)
    assert (header.payload_type, header.marker) == (100, True)
    offset, size = header.extensions[3]
    assert packet[offset : offset + size] == b"\xca\xfe"
    assert payload(packet) == b"payload"


def test_pads_and_strips() -> None:
    packet = bytearray(PLAIN)
    rtp.pad(packet, 5)
    header = rtp.parse(packet)
    assert (header.padding_size, payload(packet)) == (5, b"payload")
    assert rtp.strip_padding(packet, header) == PLAIN


@pytest.mark.parametrize("packet", [PLAIN, ONE_BYTE, TWO_BYTE, CONTRIBUTED])
def test_rtx_round_trip(packet: bytes) -> None:
    """RFC 4588 section 4: the original sequence number leads the payload."""
    header = rtp.parse(packet)
    wrapped = rtp.wrap_rtx(packet, header, 97, 5, 6)
    outer = rtp.parse(wrapped)
    assert (outer.payload_type, outer.ssrc, outer.sequence) == (97, 5, 6)
    assert payload(wrapped) == b"\x01\x02payload"
    original = rtp.unwrap_rtx(wrapped, outer, header.payload_type, header.ssrc)
    assert original == bytearray(packet)


def test_rtx_of_a_padded_packet_has_no_padding() -> None:
    wrapped = rtp.wrap_rtx(PADDED, rtp.parse(PADDED), 97, 5, 6)
    assert payload(wrapped) == b"\x01\x02payload"
    assert rtp.parse(wrapped).padding_size == 0


def test_rtx_without_payload_is_a_probe() -> None:
    probe = bytearray(PLAIN[:12])
    rtp.pad(probe, 200)
    assert rtp.unwrap_rtx(probe, rtp.parse(probe), 96, 1) is None
    short = PLAIN[:13]
    with pytest.raises(RtpMalformed):
        rtp.unwrap_rtx(short, rtp.parse(short), 96, 1)


@given(
    st.dictionaries(st.integers(1, 255), st.binary(max_size=40), max_size=6),
    st.binary(max_size=30),
    st.booleans(),
)
def test_what_is_packed_is_parsed(extensions: dict[int, bytes], body: bytes, marker: bool) -> None:
    extensions.pop(15, None)
    packet = rtp.pack_header(96, 1, 2, 3, marker=marker, extensions=extensions.items()) + body
    header = rtp.parse(packet)
    assert payload(packet) == body
    assert header.marker is marker
    found = {key: bytes(packet[at : at + n]) for key, (at, n) in header.extensions.items()}
    assert found == extensions


@given(hostile([PLAIN, ONE_BYTE, TWO_BYTE, CONTRIBUTED, PADDED]))
def test_fuzz_parse(data: bytes) -> None:
    """Parses or raises RtpMalformed, never anything else; writing what was read changes nothing."""
    try:
        header = rtp.parse(data)
    except RtpMalformed:
        return
    assert rtp.header_size(data) == header.header_size
    assert header.header_size + header.padding_size <= len(data)
    packet = bytearray(data)
    rtp.set_sequence(packet, header.sequence)
    rtp.set_timestamp(packet, header.timestamp)
    rtp.set_ssrc(packet, header.ssrc)
    rtp.set_payload_type(packet, header.payload_type)
    rtp.set_marker(packet, header.marker)
    assert packet == data
    assert all(at + size <= header.header_size for at, size in header.extensions.values())


@given(st.lists(st.integers(-2000, 2000), max_size=60))
def test_unwraps_what_moves_less_than_half_the_range(steps: list[int]) -> None:
    unwrapper = rtp.SequenceUnwrapper()
    true = highest = 65_000
    unwrapper.unwrap(true)
    for step in steps:
        true = highest + step
        assert unwrapper.unwrap(true & 0xFFFF) == true
        highest = max(highest, true)
