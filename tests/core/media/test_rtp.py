"""RTP headers as offsets, extensions of both forms, and sequence numbers that do not wrap."""

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
    """Parses or raises RtpMalformed, never anything else; what was read packs to the same bytes."""
    try:
        header = rtp.parse(data)
    except RtpMalformed:
        return
    assert rtp.header_size(data) == header.header_size
    assert header.header_size + header.padding_size <= len(data)
    again = rtp.pack_header(
        header.payload_type, header.sequence, header.timestamp, header.ssrc, marker=header.marker
    )
    assert again[1:12] == data[1:12]
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
