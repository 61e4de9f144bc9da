"""Media through a real media process: DTLS, SRTP and UDP are real, only the pictures are not."""

import asyncio

from OpenSSL import SSL

from segel.server.sfu.dtls import Certificate
from segel.server.sfu.engine import ParticipantGone, Publish, Receive, StreamRemoved, Track, Wish
from segel.testing.media_client import MediaClient
from segel.testing.media_offer import vp8_payload

from .conftest import MEETING, Meeting


async def play(client: MediaClient, mid: str, first: int, count: int) -> None:
    """Send numbered video packets, 500 a second; the one numbered 0 is a key frame."""
    for number in range(first, first + count):
        client.send(mid, vp8_payload(number.to_bytes(2), key=number == 0), number * 900)
        await asyncio.sleep(0.002)


def numbers(client: MediaClient, mid: str) -> list[int]:
    """The numbers of the packets received, in order of their sequence numbers."""
    packets = sorted(client.received[mid], key=lambda packet: packet.sequence)
    return [int.from_bytes(packet.payload[2:4]) for packet in packets]


async def test_one_sends_and_ten_receive_everything_in_order(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watchers = [await meeting.watcher(stream) for _ in range(10)]
    await play(publisher, sent, 0, 200)
    for client, mid in watchers:
        await client.until_received(mid, 200)
        assert numbers(client, mid) == list(range(200))
        sequences = [packet.sequence for packet in client.received[mid]]
        assert sequences == list(range(1, 201))


async def test_sound_and_pictures_of_two_reach_each_other(meeting: Meeting) -> None:
    first, second = meeting.client(), meeting.client()
    voice, other_voice = first.publish("audio"), second.publish("audio")
    published = await meeting.attach(first, {voice: Publish("audio")})
    heard = second.receive("audio")
    tracks: dict[str, Track] = {other_voice: Publish("audio"), heard: Receive(published[voice])}
    answered = await meeting.attach(second, tracks)
    hears = first.receive("audio")
    tracks = {voice: Publish("audio"), hears: Receive(answered[other_voice])}
    reply = await meeting.engine.reoffer(MEETING, meeting.name(first), first.offer(), tracks)
    first.accept(reply.answer)
    assert reply.streams[voice] == published[voice]
    first.send(voice, b"hello", 960)
    second.send(other_voice, b"good day", 960)
    await second.until(lambda: bool(second.received[heard]))
    await first.until(lambda: bool(first.received[hears]))
    assert second.received[heard][0].payload == b"hello"
    assert first.received[hears][0].payload == b"good day"


async def test_loss_on_the_way_down_is_repaired(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    await play(publisher, sent, 0, 1)
    watcher.loss_down = 0.05
    await play(publisher, sent, 1, 400)
    watcher.loss_down = 0.0
    await play(publisher, sent, 401, 1)
    await watcher.until_received(mid, 402)
    assert numbers(watcher, mid) == list(range(402))
    assert any(packet.repaired for packet in watcher.received[mid])


async def test_loss_on_the_way_up_is_repaired(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    await play(publisher, sent, 0, 1)
    publisher.loss_up = 0.05
    await play(publisher, sent, 1, 400)
    publisher.loss_up = 0.0
    await play(publisher, sent, 401, 1)
    await watcher.until_received(mid, 402)
    assert numbers(watcher, mid) == list(range(402))
    assert publisher.retransmitted > 5


async def test_ten_requests_for_a_key_frame_are_one(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watchers = [await meeting.watcher(stream) for _ in range(10)]
    await play(publisher, sent, 0, 5)
    for client, mid in watchers:
        await client.until_received(mid, 5)
    before = len(publisher.key_frame_requests)
    for client, mid in watchers:
        client.ask_for_key_frame(mid)
    await publisher.until(lambda: len(publisher.key_frame_requests) > before)
    for client, mid in watchers:
        client.ask_for_key_frame(mid)
    await publisher.until(lambda: len(publisher.key_frame_requests) > before + 1)
    first, second = publisher.key_frame_requests[before : before + 2]
    assert second - first > 0.45


async def test_a_hidden_stream_stops_and_returns_with_a_key_frame(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    await play(publisher, sent, 0, 5)
    await watcher.until_received(mid, 5)
    meeting.engine.subscribe(MEETING, meeting.name(watcher), [Wish(stream, False, False)])
    # The engine's socket keeps order: this answer comes after the wish was heard.
    await meeting.engine.reoffer(
        MEETING, meeting.name(watcher), watcher.offer(), meeting.tracks[watcher]
    )
    await play(publisher, sent, 5, 20)
    before = len(publisher.key_frame_requests)
    meeting.engine.subscribe(MEETING, meeting.name(watcher), [Wish(stream, True, False)])
    await publisher.until(lambda: len(publisher.key_frame_requests) > before)
    await play(publisher, sent, 25, 5)
    publisher.send(sent, vp8_payload((30).to_bytes(2), key=True), 30 * 900)
    await watcher.until_received(mid, 6)
    assert numbers(watcher, mid) == [0, 1, 2, 3, 4, 30]
    assert [packet.sequence for packet in watcher.received[mid]] == [1, 2, 3, 4, 5, 6]


async def test_a_goodbye_ends_streams_and_is_told(meeting: Meeting) -> None:
    publisher, _, stream = await meeting.publisher()
    await publisher.close()
    name = meeting.name(publisher)
    await meeting.until_told(ParticipantGone(MEETING, name, "closed"))
    assert StreamRemoved(MEETING, name, stream) in meeting.events


async def test_the_relay_says_goodbye_to_whom_it_sends_out(meeting: Meeting) -> None:
    publisher, _, _ = await meeting.publisher()
    meeting.engine.detach(MEETING, meeting.name(publisher))
    await publisher.until(lambda: publisher.gone)


class OlderProfile(Certificate):
    """A client that knows AES-CM only."""

    def context(self) -> SSL.Context:
        """As every client's, but for the profile."""
        context = super().context()
        context.set_tlsext_use_srtp(b"SRTP_AES128_CM_SHA1_80")
        return context


async def test_a_handshake_does_not_wait_for_the_nomination(meeting: Meeting) -> None:
    client = meeting.client()
    client.nominates = False
    mid = client.publish("audio")
    began = asyncio.get_running_loop().time()
    await meeting.attach(client, {mid: Publish("audio")})
    assert asyncio.get_running_loop().time() - began < 0.9


async def test_a_client_of_the_older_profile_takes_part(meeting: Meeting) -> None:
    publisher, sent, stream = await meeting.publisher()
    watcher = MediaClient(OlderProfile(), seed=9)
    meeting.clients.append(watcher)
    mid = watcher.receive("video")
    await meeting.attach(watcher, {mid: Receive(stream)})
    await play(publisher, sent, 0, 1)
    watcher.loss_down = 0.1
    await play(publisher, sent, 1, 100)
    watcher.loss_down = 0.0
    await play(publisher, sent, 101, 1)
    await watcher.until_received(mid, 102)
    assert numbers(watcher, mid) == list(range(102))


async def test_packets_too_long_for_some_reach_nobody(meeting: Meeting) -> None:
    """libsrtp refuses them within the relay; a stream must not depend on a receiver's profile."""
    publisher, sent, stream = await meeting.publisher()
    watcher, mid = await meeting.watcher(stream)
    older = MediaClient(OlderProfile(), seed=9)
    meeting.clients.append(older)
    older_mid = older.receive("video")
    await meeting.attach(older, {older_mid: Receive(stream)})
    await play(publisher, sent, 0, 1)
    await older.until_received(older_mid, 1)
    for number in range(1, 40):
        publisher.send(sent, vp8_payload(bytes(1_380), key=False), number * 900)
        await play(publisher, sent, number + 1, 1)
    for client, section in ((watcher, mid), (older, older_mid)):
        await client.until_received(section, 40)
        assert all(len(packet.payload) < 100 for packet in client.received[section])
