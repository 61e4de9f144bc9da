"""RTCP compounds and transport-wide feedback: examples, round trips and hostile bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import rtcp, transport_feedback
from segel.core.media.errors import RtcpMalformed
from segel.core.media.transport_feedback import Feedback
from segel.testing.mutation import hostile

U32 = st.integers(0, 0xFFFFFFFF)
BLOCKS = st.lists(
    st.builds(
        rtcp.ReportBlock,
        U32,
        st.integers(0, 255),
        st.integers(-0x800000, 0x7FFFFF),
        U32,
        U32,
        U32,
        U32,
    ),
    max_size=4,
).map(tuple)
NAMES = st.text(max_size=60).filter(lambda name: len(name.encode()) <= 255)
PACKETS = st.one_of(
    st.builds(rtcp.SenderReport, U32, st.integers(0, 2**64 - 1), U32, U32, U32, BLOCKS),
    st.builds(rtcp.ReceiverReport, U32, BLOCKS),
    st.builds(rtcp.SourceDescription, U32, NAMES),
    st.builds(rtcp.Goodbye, st.lists(U32, max_size=31).map(tuple)),
    st.builds(
        rtcp.Nack, U32, U32, st.lists(st.integers(0, 0xFFFF), min_size=1, max_size=20).map(tuple)
    ),
    st.builds(rtcp.PictureLoss, U32, U32),
    st.builds(
        rtcp.FullIntra,
        U32,
        st.lists(st.tuples(U32, st.integers(0, 255)), min_size=1, max_size=3).map(tuple),
    ),
)
DELTAS = st.lists(
    st.none() | st.integers(0, 255) | st.integers(-32_768, 32_767), min_size=1, max_size=80
).map(tuple)
FEEDBACK = st.builds(
    Feedback, st.integers(0, 0xFFFF), st.integers(0, 2**24 - 1), st.integers(0, 255), DELTAS
)
COMPOUND = rtcp.encode(
    [
        rtcp.SenderReport(1, 2, 3, 4, 5, (rtcp.ReportBlock(1, 2, -3, 4, 5, 6, 7),)),
        rtcp.SourceDescription(1, "name"),
        rtcp.Nack(1, 2, (3, 4, 19, 40)),
        rtcp.TransportFeedback(
            1, 2, transport_feedback.encode(Feedback(9, 8, 7, (1, None, 300, -5)))
        ),
        rtcp.Goodbye((1, 2)),
    ]
)


def test_reads_a_picture_loss_indication() -> None:
    """RFC 4585 6.3.1."""
    assert rtcp.parse(bytes.fromhex("81ce0002 00000001 00000002")) == [rtcp.PictureLoss(1, 2)]


def test_reads_a_nack() -> None:
    """RFC 4585 6.2.1: bit i of the mask stands for the packet i + 1 after the first."""
    packet = bytes.fromhex("81cd0003 00000001 00000002 fffe8005")
    assert rtcp.parse(packet) == [rtcp.Nack(1, 2, (0xFFFE, 0xFFFF, 1, 14))]
    assert rtcp.encode(rtcp.parse(packet)) == packet


def test_keeps_unknown_packets() -> None:
    remb = bytes.fromhex("8fce0004 00000001 00000000 52454d42 01000001")
    (packet,) = rtcp.parse(remb)
    assert isinstance(packet, rtcp.Unknown)
    assert rtcp.encode([packet]) == remb


def test_reads_padding_of_the_last_packet_only() -> None:
    """RFC 3550 6.4.1."""
    padded = bytes.fromhex("a1ce0003 00000001 00000002 00000004")
    assert rtcp.parse(padded) == [rtcp.PictureLoss(1, 2)]
    with pytest.raises(RtcpMalformed):
        rtcp.parse(padded + bytes.fromhex("80c90001 00000001"))


@pytest.mark.parametrize(
    "data",
    [
        "",
        "81ce00",
        "41ce0002 00000001 00000002",
        "81ce0003 00000001 00000002",
        "81ce0001 00000001",
        "81cd0002 00000001 00000002",
        "84ce0003 00000001 00000002 00000003",
        "84ce0005 00000001 00000002 00000003 04000000 00000005",
        "81c90001 00000001",
        "82cb0001 00000001",
        "a1ce0002 00000001 00000000",
        "a1ce0002 00000001 0000000c",
        "a1ce0002 00000001 00000003",
    ],
)
def test_refuses(data: str) -> None:
    with pytest.raises(RtcpMalformed):
        rtcp.parse(bytes.fromhex(data))


@given(st.lists(PACKETS, min_size=1, max_size=5))
def test_what_is_encoded_is_parsed(packets: list[rtcp.RtcpPacket]) -> None:
    assert rtcp.parse(rtcp.encode(packets)) == packets


@given(hostile([COMPOUND], max_size=120))
def test_fuzz_parse(data: bytes) -> None:
    """Parses or raises RtcpMalformed, never anything else; what parses re-encodes to its equal."""
    try:
        packets = rtcp.parse(data)
    except RtcpMalformed:
        return
    assert rtcp.parse(rtcp.encode(packets)) == packets


def test_reads_a_transport_feedback() -> None:
    """Chunks of draft-holmer-rmcat-transport-wide-cc-extensions-01 3.1.3 and 3.1.4, by hand."""
    body = bytes.fromhex(
        "0005 000a 000102 07"  # base 5, 10 packets, reference 0x102, count 7
        "2002"  # run of 2 small deltas
        "d200"  # 7 two-bit symbols: small, none, large, none, none, none, none
        "2001"  # run of 1 small delta
        "01 02 03 ffff 04"
    )
    expected = (1, 2, 3, None, -1, None, None, None, None, 4)
    assert transport_feedback.parse(body) == Feedback(5, 0x102, 7, expected)


@pytest.mark.parametrize(
    "body",
    [
        "000500010001",
        "0005000100010207",
        "00050001000102072001",
        "0005000100010207400101",
        "00050001000102076001 0102",
    ],
)
def test_refuses_feedback(body: str) -> None:
    with pytest.raises(RtcpMalformed):
        transport_feedback.parse(bytes.fromhex(body))


@given(FEEDBACK)
def test_feedback_that_is_encoded_is_parsed(feedback: Feedback) -> None:
    body = transport_feedback.encode(feedback)
    assert len(body) % 4 == 0
    assert transport_feedback.parse(body) == feedback


def test_long_runs_are_short() -> None:
    feedback = Feedback(0, 0, 0, (None,) * 10_000)
    assert len(transport_feedback.encode(feedback)) == 12
    assert transport_feedback.parse(transport_feedback.encode(feedback)) == feedback


@given(hostile([transport_feedback.encode(Feedback(9, 8, 7, (1, None, 300, -5) * 6))], 60))
def test_fuzz_feedback(body: bytes) -> None:
    """Parses or raises RtcpMalformed, never anything else; what parses re-encodes to its equal."""
    try:
        feedback = transport_feedback.parse(body)
    except RtcpMalformed:
        return
    assert transport_feedback.parse(transport_feedback.encode(feedback)) == feedback
