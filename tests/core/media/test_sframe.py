"""SFrame by the working group's vectors, and Segel's frames with their clear prefixes."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import sframe
from segel.core.media.errors import SFrameMalformed, SFrameUnauthenticated, SFrameUnknownKey
from segel.core.media.sframe import CipherSuite, FrameKey, Header, KeyId, Kind
from segel.testing.mutation import hostile

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/sframe/test-vectors.json").read_text())
SUITES = {suite.number: suite for suite in CipherSuite}
GCM = [vector for vector in VECTORS["sframe"] if vector["cipher_suite"] in SUITES]
KID = KeyId(context=3, leaf=2, epoch=1).encode()
KEY = FrameKey(bytes(range(16)), KID)
KEY_FRAME = bytes.fromhex("50a300 9d012a 8002 6801") + b"picture"
DELTA_FRAME = b"\x31\xa3\x00delta"


def lookup(kid: int) -> FrameKey:
    if kid != KID:
        raise SFrameUnknownKey(kid)
    return KEY


def test_headers_match_the_vectors() -> None:
    assert len(VECTORS["header"]) == 289
    for vector in VECTORS["header"]:
        header, data = Header(vector["kid"], vector["ctr"]), bytes.fromhex(vector["encoded"])
        assert sframe.encode_header(header) == data
        assert sframe.decode_header(data + b"rest") == (header, len(data))


def test_both_gcm_suites_have_vectors() -> None:
    assert {vector["cipher_suite"] for vector in GCM} == {4, 5}


@pytest.mark.parametrize("vector", GCM, ids=lambda vector: f"suite {vector['cipher_suite']}")
def test_frames_match_the_vectors(vector: dict[str, Any]) -> None:
    key = FrameKey(bytes.fromhex(vector["base_key"]), vector["kid"], SUITES[vector["cipher_suite"]])
    metadata, plain = bytes.fromhex(vector["metadata"]), bytes.fromhex(vector["pt"])
    sealed = key.seal(vector["ctr"], plain, metadata)
    assert sealed.hex() == vector["ct"]
    _, size = sframe.decode_header(sealed)
    assert key.open(vector["ctr"], sealed[:size], sealed[size:], metadata) == plain


@pytest.mark.parametrize(
    "data", ["", "08", "0807", "80", "8000", "0f01020304050607", "9000ff", "0900ff"]
)
def test_refuses_headers(data: str) -> None:
    """Cut off, or not in the shortest form: 08 07 is counter 7, which fits the first byte."""
    with pytest.raises(SFrameMalformed):
        sframe.decode_header(bytes.fromhex(data))


@given(st.integers(0, 2**40 - 1), st.integers(0, 2**16 - 1), st.integers(0, 255))
def test_key_ids(context: int, leaf: int, epoch: int) -> None:
    """RFC 9605 5.2 with E = 8 and S = 16: the same as docs/protocol/media.md 1 says."""
    kid = KeyId(context, leaf, epoch).encode()
    assert kid == context << 24 | leaf << 8 | epoch
    assert KeyId.decode(kid) == KeyId(context, leaf, epoch)


@pytest.mark.parametrize(
    ("kind", "frame", "prefix"),
    [
        (Kind.AUDIO, b"\x31opus", 0),
        (Kind.AUDIO, b"", 0),
        (Kind.VIDEO, KEY_FRAME, 10),
        (Kind.VIDEO, DELTA_FRAME, 3),
    ],
)
def test_seals_behind_a_clear_prefix(kind: Kind, frame: bytes, prefix: int) -> None:
    sealed = sframe.seal_frame(kind, frame, KEY, 7)
    assert sealed[:prefix] == frame[:prefix]
    header = sframe.encode_header(Header(KID, 7))
    assert sealed[prefix:].startswith(header)
    assert len(sealed) == len(frame) + len(header) + 16
    opened = sframe.open_frame(kind, sealed, lookup)
    assert (opened.frame, opened.counter, opened.key_id) == (frame, 7, KeyId(3, 2, 1))


def test_refuses_a_frame_shorter_than_its_prefix() -> None:
    for frame in (b"", KEY_FRAME[:9], DELTA_FRAME[:2]):
        with pytest.raises(SFrameMalformed):
            sframe.seal_frame(Kind.VIDEO, frame, KEY, 0)


def test_refuses_another_key() -> None:
    other = FrameKey(bytes(16), KID)
    sealed = sframe.seal_frame(Kind.AUDIO, b"opus", KEY, 0)
    with pytest.raises(SFrameUnauthenticated):
        sframe.open_frame(Kind.AUDIO, sealed, lambda _: other)


REFUSALS = (SFrameMalformed, SFrameUnauthenticated, SFrameUnknownKey)


@given(st.sampled_from((KEY_FRAME, DELTA_FRAME)), st.data())
def test_refuses_every_flipped_bit(frame: bytes, data: st.DataObject) -> None:
    sealed = bytearray(sframe.seal_frame(Kind.VIDEO, frame, KEY, 7))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(REFUSALS):
        sframe.open_frame(Kind.VIDEO, bytes(sealed), lookup)


@given(st.binary(max_size=60), st.integers(0, 2**64 - 1))
def test_opens_what_it_seals(frame: bytes, counter: int) -> None:
    opened = sframe.open_frame(
        Kind.AUDIO, sframe.seal_frame(Kind.AUDIO, frame, KEY, counter), lookup
    )
    assert (opened.frame, opened.counter) == (frame, counter)


@given(
    st.sampled_from(Kind),
    hostile([sframe.seal_frame(Kind.VIDEO, f, KEY, 7) for f in (KEY_FRAME, DELTA_FRAME)], 60),
)
def test_fuzz_open(kind: Kind, data: bytes) -> None:
    """Opens or raises one of three errors, never another; what opens was sealed with the key."""
    try:
        opened = sframe.open_frame(kind, data, lookup)
    except REFUSALS:
        return
    assert sframe.seal_frame(kind, opened.frame, KEY, opened.counter) == data


@given(hostile([sframe.encode_header(Header(2**64 - 1, 300))], 20))
def test_fuzz_header(data: bytes) -> None:
    """Parses or raises SFrameMalformed, never anything else; what parses re-encodes to itself."""
    try:
        header, size = sframe.decode_header(data)
    except SFrameMalformed:
        return
    assert sframe.encode_header(header) == data[:size]
