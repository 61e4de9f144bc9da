"""A room of twelve with sound and pictures: everybody gets what they show, and nothing else."""

import asyncio

from segel.server.sfu.engine import Publish, Receive, Track, Wish
from segel.testing.media_client import MediaClient
from segel.testing.media_offer import vp8_payload

from .conftest import MEETING, Meeting

PEOPLE = 12
ROUNDS = 40
SHOWN = 3
"""Pictures on the screen of the one whose window is small."""


async def test_twelve_get_each_other_and_who_shows_three_pictures_gets_three(
    meeting: Meeting,
) -> None:
    clients = [meeting.client() for _ in range(PEOPLE)]
    sound: list[bytes] = []
    pictures: list[bytes] = []
    for client in clients:
        tracks: dict[str, Track] = {
            client.publish("audio"): Publish("audio"),
            client.publish("video"): Publish("video"),
        }
        published = await meeting.attach(client, tracks)
        sound.append(published["0"])
        pictures.append(published["1"])
    mids = [await _receive(meeting, at, sound, pictures) for at in range(PEOPLE)]
    small = clients[0]
    shown, hidden = pictures[1 : SHOWN + 1], pictures[SHOWN + 1 :]
    wishes = [Wish(s, True, False) for s in shown] + [Wish(s, False, False) for s in hidden]
    meeting.engine.subscribe(MEETING, meeting.name(small), wishes)
    # The engine's socket keeps order: this answer comes after the wishes were heard.
    await meeting.engine.reoffer(MEETING, meeting.name(small), small.offer(), meeting.tracks[small])

    await _talk(clients)

    for client, by_stream in zip(clients, mids, strict=True):
        paused = hidden if client is small else []
        for stream, mid in by_stream.items():
            if stream not in paused:
                await client.until_received(mid, ROUNDS)
    received = {stream: len(small.received[mid]) for stream, mid in mids[0].items()}
    assert [received[stream] for stream in hidden] == [0] * len(hidden)
    size = sum(len(p.payload) for each in small.received.values() for p in each)
    whole = sum(len(p.payload) for each in clients[1].received.values() for p in each)
    assert size < whole / 2, "what is not shown costs nothing"


async def _receive(
    meeting: Meeting, at: int, sound: list[bytes], pictures: list[bytes]
) -> dict[bytes, str]:
    """The client `at` receives everybody else: mids by stream."""
    client = meeting.clients[at]
    mids = {s: client.receive("audio") for i, s in enumerate(sound) if i != at}
    mids |= {s: client.receive("video") for i, s in enumerate(pictures) if i != at}
    tracks: dict[str, Track] = {"0": Publish("audio"), "1": Publish("video")}
    tracks |= {mid: Receive(stream) for stream, mid in mids.items()}
    meeting.tracks[client] = tracks
    answered = await meeting.engine.reoffer(MEETING, meeting.name(client), client.offer(), tracks)
    client.accept(answered.answer)
    return mids


async def _talk(clients: list[MediaClient]) -> None:
    """Everybody sends a packet of sound and one of a picture, 20 times a second."""
    for number in range(ROUNDS):
        for client in clients:
            client.send("0", number.to_bytes(2) + bytes(60), number * 960)
            picture = number.to_bytes(2) + bytes(600)
            client.send("1", vp8_payload(picture, key=number == 0), number * 1_800)
        await asyncio.sleep(0.05)
