"""What the relay reads of a published stream, and what it asks its publisher for."""

import pytest

from segel.core.media import rtcp, rtp
from segel.core.media.packet import MediaPacket
from segel.core.media.publication import KEY_FRAME_INTERVAL, Format, Publication
from segel.core.media.reception import NACK_ATTEMPTS

SSRC, RTX_SSRC = 0x1111, 0x2222
VIDEO = Format("video", 96, 97, 90_000, 3, 0, 0)
AUDIO = Format("audio", 111, None, 48_000, 3, 0, 5)
KEY, DELTA = b"\x10\x00", b"\x10\x01"
ROUND_TRIP = 0.1


def publication(form: Format = VIDEO) -> Publication:
    return Publication(bytes(16), form, SSRC, RTX_SSRC, 0.0)


def bring(
    subject: Publication,
    sequence: int,
    payload: bytes = DELTA,
    now: float = 0.0,
    extensions: tuple[tuple[int, bytes], ...] = (),
) -> MediaPacket | None:
    packet = bytes(rtp.pack_header(96, sequence, 1, SSRC, extensions=extensions)) + payload
    return subject.receive(rtp.parse(packet), packet, now)


def nacks(packets: list[rtcp.RtcpPacket]) -> list[tuple[int, ...]]:
    return [packet.lost for packet in packets if isinstance(packet, rtcp.Nack)]


def requests(packets: list[rtcp.RtcpPacket]) -> int:
    return sum(isinstance(packet, rtcp.PictureLoss) for packet in packets)


def test_a_duplicate_is_dropped() -> None:
    subject = publication()
    assert bring(subject, 7) is not None
    assert bring(subject, 7) is None


def test_indexes_do_not_wrap() -> None:
    subject = publication()
    first, second = bring(subject, 65_535), bring(subject, 0)
    assert first is not None
    assert second is not None
    assert second.index == first.index + 1


def test_a_lost_packet_is_asked_for_and_taken_once() -> None:
    subject = publication()
    bring(subject, 1)
    bring(subject, 4)
    assert nacks(subject.feedback(0.0, ROUND_TRIP)) == [(2, 3)]
    assert nacks(subject.feedback(0.05, ROUND_TRIP)) == []
    packet = bytes(rtp.pack_header(96, 2, 1, SSRC)) + DELTA
    header = rtp.parse(packet)
    assert subject.recover(header, packet, 0.1) is not None
    assert subject.recover(header, packet, 0.1) is None
    assert nacks(subject.feedback(0.2, ROUND_TRIP)) == [(3,)]


def test_what_stays_lost_costs_a_key_frame() -> None:
    subject = publication()
    bring(subject, 1)
    bring(subject, 3)
    asked = [subject.feedback(second, ROUND_TRIP) for second in range(NACK_ATTEMPTS + 1)]
    assert [len(nacks(packets)) for packets in asked] == [1] * NACK_ATTEMPTS + [0]
    assert [requests(packets) for packets in asked] == [0] * NACK_ATTEMPTS + [1]


def test_lost_sound_is_not_asked_for() -> None:
    subject = publication(AUDIO)
    bring(subject, 1, b"sound")
    bring(subject, 3, b"sound")
    assert subject.feedback(0.0, ROUND_TRIP) == []


def test_key_frames_are_asked_for_at_intervals() -> None:
    subject = publication()
    asked = 0
    for tick in range(100):
        subject.wants_key_frame = True
        asked += requests(subject.feedback(tick * 0.02, ROUND_TRIP))
    assert asked == round(2.0 / KEY_FRAME_INTERVAL)


@pytest.mark.parametrize(("payload", "key"), [(KEY, True), (DELTA, False)])
def test_key_frames_are_seen(payload: bytes, key: bool) -> None:
    packet = bring(publication(), 1, payload)
    assert packet is not None
    assert packet.begins_key_frame is key


def test_layers_are_read_from_the_payload_descriptor() -> None:
    # X; T and K present (RFC 7741 4.2): TID 2, Y, then a delta frame.
    packet = bring(publication(), 1, b"\x90\x20\xa0\x01")
    assert packet is not None
    assert (packet.temporal, packet.switch_up) == (2, True)


def test_a_payload_that_is_no_vp8_still_passes() -> None:
    packet = bring(publication(), 1, b"\x90")
    assert packet is not None
    assert not packet.begins_key_frame


def test_padding_alone_is_not_forwarded() -> None:
    assert bring(publication(), 1, b"") is None


def test_rates_are_told_by_layer() -> None:
    subject = publication()
    for number in range(300):
        layer = number % 2
        payload = bytes((0x90, 0x20, layer << 6, 1)) + bytes(984)
        bring(subject, number, payload, number * 0.01)
    assert subject.rate(0) == pytest.approx(400_000, rel=0.05)
    assert subject.rate(1) == pytest.approx(800_000, rel=0.05)
    assert subject.highest_temporal == 1


def test_the_report_tells_loss_and_the_last_sender_report() -> None:
    subject = publication()
    for sequence in (0, 1, 3):
        bring(subject, sequence)
    subject.last_report = (0xABCD, 1.0)
    block = subject.report(1.5)
    assert block is not None
    assert (block.ssrc, block.fraction_lost, block.total_lost) == (SSRC, 64, 1)
    assert (block.last_report, block.delay) == (0xABCD, 32768)


def test_a_leap_in_numbers_starts_anew() -> None:
    subject = publication()
    bring(subject, 0)
    assert bring(subject, 20_000) is not None
    packets = subject.feedback(1.0, ROUND_TRIP)
    assert nacks(packets) == []
    assert requests(packets) == 1
