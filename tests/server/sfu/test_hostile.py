"""Datagrams and offers of people who mean no good, against a real media process."""

import socket
from random import Random

import pytest

from segel.server.sfu.engine import OfferRefused, Publish, Receive
from segel.testing.media_offer import vp8_payload

from .conftest import MEETING, Meeting


async def test_a_packet_from_another_address_is_nobodys(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    publisher.send(sent, vp8_payload(b"mine", key=True), 0)
    await watcher.until_received(mid, 1)
    publisher.loss_up = 1.0
    publisher.send(sent, vp8_payload(b"stolen", key=False), 3000)
    publisher.loss_up = 0.0
    # A stranger's address, and the address of another participant, whose keys are others.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(publisher.last_sealed, ("127.0.0.1", meeting.engine.port))
    watcher.send_raw(publisher.last_sealed)
    publisher.send(sent, vp8_payload(b"mine again", key=False), 6000)
    await watcher.until_received(mid, 2)
    bodies = [packet.payload[2:] for packet in watcher.received[mid][:2]]
    assert bodies == [b"mine", b"mine again"]


async def test_a_replayed_packet_is_dropped(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    publisher.send(sent, vp8_payload(b"once", key=True), 0)
    for _ in range(5):
        publisher.send_raw(publisher.last_sealed)
    publisher.send(sent, vp8_payload(b"end", key=False), 3000)
    await watcher.until_received(mid, 2)
    assert [packet.payload[2:] for packet in watcher.received[mid]] == [b"once", b"end"]


async def test_noise_does_not_disturb(meeting: Meeting) -> None:
    """Random and damaged datagrams of every kind, from strangers and participants: media flows."""
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    publisher.send(sent, vp8_payload(b"first", key=True), 0)
    await watcher.until_received(mid, 1)
    random = Random(7)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        for number in range(600):
            first = random.choice((0, 1, 20, 22, 23, 63, 128, 129, 144, 191, 255))
            body = random.randbytes(random.randrange(0, 200))
            noise = bytes((first, random.randrange(256))) + body
            damaged = bytearray(publisher.last_sealed)
            damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
            target = ("127.0.0.1", meeting.engine.port)
            stranger.sendto(noise if number % 2 else bytes(damaged), target)
            publisher.send_raw(bytes(damaged) if number % 2 else noise)
            stranger.sendto(b"", target)
    publisher.send(sent, vp8_payload(b"last", key=False), 3000)
    await watcher.until_received(mid, 2)
    assert watcher.received[mid][-1].payload[2:] == b"last"


@pytest.mark.parametrize("offer", ["", "v=0\r\n", "\0" * 1000, "v=0\r\n" * 100_000])
async def test_a_bad_offer_is_refused(meeting: Meeting, offer: str) -> None:
    with pytest.raises(OfferRefused):
        await meeting.engine.attach(MEETING, bytes(16), offer, {})


async def test_a_bad_offer_leaves_the_session_as_it_was(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    name = meeting.name(publisher)
    for offer, tracks in (
        ("nonsense", {}),
        (publisher.offer(), {"7": Publish("camera")}),
        (publisher.offer().replace("sendonly", "recvonly"), {sent: Publish("camera")}),
        (publisher.offer().replace("VP8/90000", "H264/90000"), {sent: Publish("camera")}),
    ):
        before = list(meeting.events)
        with pytest.raises(OfferRefused):
            await meeting.engine.reoffer(MEETING, name, offer, tracks)
        assert meeting.events == before
    publisher.send(sent, vp8_payload(b"still here", key=True), 0)
    await watcher.until_received(mid, 1)


async def test_nobody_receives_a_stream_of_another_meeting(meeting: Meeting) -> None:
    _, _, stream = await meeting.publisher()
    outsider = meeting.client()
    mid = outsider.receive("video")
    answered = await meeting.engine.attach(
        b"another".ljust(16), bytes(16), outsider.offer(), {mid: Receive(stream)}
    )
    assert "a=inactive" in answered.answer
    assert "a=ssrc" not in answered.answer
