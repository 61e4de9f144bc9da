"""VP8 payload descriptors, key frames, joining packets into frames, IVF."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import vp8
from segel.core.media.errors import Vp8Malformed
from segel.testing.mutation import hostile

KEY = bytes.fromhex("50a300 9d012a 8002 6801") + b"picture"
DELTA = b"\x31\xa3\x00delta"
FULL = bytes.fromhex("90f0 8102 07 65")


def test_reads_a_full_descriptor() -> None:
    """RFC 7741 4.2: X, I with 15 bits, L, T and K."""
    read = vp8.parse_descriptor(FULL + KEY)
    assert (read.picture_id, read.long_picture_id, read.tl0_picture_index) == (0x102, True, 7)
    assert (read.temporal, read.layer_sync, read.key_index) == (1, True, 5)
    assert (read.starts_frame, read.size) == (True, 6)
    assert vp8.begins_key_frame(FULL + KEY, read)


def test_reads_a_bare_descriptor() -> None:
    read = vp8.parse_descriptor(b"\x10" + DELTA)
    assert (read.picture_id, read.temporal, read.key_index, read.size) == (None, None, None, 1)
    assert not vp8.begins_key_frame(b"\x10" + DELTA, read)


def test_only_the_first_packet_of_a_frame_begins_a_key_frame() -> None:
    packet = b"\x00" + KEY
    assert not vp8.begins_key_frame(packet, vp8.parse_descriptor(packet))


@pytest.mark.parametrize("size", range(len(FULL)))
def test_refuses_a_descriptor_cut_off(size: int) -> None:
    with pytest.raises(Vp8Malformed):
        vp8.parse_descriptor(FULL[:size])


def test_refuses_an_empty_payload() -> None:
    with pytest.raises(Vp8Malformed):
        vp8.begins_key_frame(FULL, vp8.parse_descriptor(FULL))


def test_reads_the_size_of_a_key_frame() -> None:
    assert vp8.frame_size(KEY) == (640, 360)
    for frame in (DELTA + bytes(9), KEY[:9], KEY[:3] + b"\0" + KEY[4:]):
        with pytest.raises(Vp8Malformed):
            vp8.frame_size(frame)


def test_joins_packets_and_drops_frames_with_gaps() -> None:
    joined = vp8.Depacketiser()
    assert joined.push(0xFFFF, False, b"\x10ab") is None
    assert joined.push(0, True, b"\x00cd") == b"abcd"
    assert joined.push(1, False, b"\x10ef") is None
    assert joined.push(3, True, b"\x00gh") is None
    assert joined.push(4, True, b"\x10ij") == b"ij"
    assert vp8.Depacketiser().push(9, True, b"\x00middle") is None


def test_writes_ivf() -> None:
    file = vp8.ivf([(0, KEY), (3000, DELTA)], 640, 360)
    assert file[:16] == b"DKIF\x00\x00\x20\x00VP80\x80\x02\x68\x01"
    assert len(file) == 32 + 12 + len(KEY) + 12 + len(DELTA)
    assert file[32:36] == len(KEY).to_bytes(4, "little")


@given(hostile([FULL + KEY, b"\x10" + DELTA, bytes.fromhex("908005") + KEY], 12))
def test_fuzz_descriptor(data: bytes) -> None:
    """Parses or raises Vp8Malformed, never anything else; what parses re-encodes to its equal."""
    try:
        read = vp8.parse_descriptor(data)
    except Vp8Malformed:
        return
    written = vp8.serialise_descriptor(read)
    assert vp8.parse_descriptor(written) == read
    assert len(written) == read.size


@given(st.binary(max_size=12))
def test_fuzz_frame_size(data: bytes) -> None:
    """Parses or raises Vp8Malformed, never anything else."""
    try:
        width, height = vp8.frame_size(data)
    except Vp8Malformed:
        return
    assert 0 <= width < 1 << 14
    assert 0 <= height < 1 << 14
