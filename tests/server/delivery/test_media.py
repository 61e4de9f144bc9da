"""Signalling through the real relay: who may offer, who is told of streams, when sessions end."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from segel.core.wire import requests
from segel.core.wire.answers import (
    ChildEvent,
    Done,
    MediaAnswer,
    MediaEnded,
    StreamAdded,
    StreamRemoved,
)
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Epoch, Key, NewMeeting, RefusedError, WireClient, of

OFFER = (
    (Path(__file__).parents[3] / "vectors/media/chromium-156.sdp").read_text().replace("\n", "\r\n")
)
TRACKS: dict[str, requests.Publish | requests.Receive] = {
    "0": requests.Publish("audio"),
    "1": requests.Publish("video"),
}


def offer(epoch: Epoch, *, restart: bool = False, sdp: str = OFFER) -> requests.OfferMedia:
    return requests.OfferMedia(epoch.group, epoch.node, sdp, TRACKS, restart)


async def publish(client: WireClient, epoch: Epoch) -> MediaAnswer:
    return of(MediaAnswer, await client.ask(offer(epoch)))


async def meeting_of(*clients: WireClient) -> Epoch:
    meeting = NewMeeting()
    await clients[0].open(meeting)
    for client in clients:
        await client.enter(meeting.epoch)
    return meeting.epoch


async def added(client: WireClient) -> set[bytes]:
    return {(await client.expect(StreamAdded)).stream.id for _ in TRACKS}


async def test_streams_are_told_to_the_others_and_to_who_comes_later(
    alice: WireClient, bob: WireClient, carol: WireClient
) -> None:
    epoch = await meeting_of(alice, bob)
    answer = await publish(alice, epoch)
    assert answer.answer.startswith("v=0")
    assert set(answer.published) == {"0", "1"}
    assert await added(bob) == set(answer.published.values())
    assert {each.id for each in (await carol.enter(epoch)).streams} == set(
        answer.published.values()
    )
    assert {each.id for each in (await publish(bob, epoch)).streams} == set(
        answer.published.values()
    )
    await added(alice)
    watch = requests.WatchMedia(epoch.group, epoch.node, [answer.published["1"]], [])
    assert await bob.ask(watch) == Done()
    with pytest.raises(RefusedError, match="no_media"):
        await carol.ask(watch)


async def test_streams_end_with_leaving_and_with_the_connection(
    alice: WireClient, bob: WireClient, carol: WireClient
) -> None:
    epoch = await meeting_of(alice, bob, carol)
    streams = set((await publish(bob, epoch)).published.values())
    await added(alice)
    await bob.ask(requests.LeaveMedia(epoch.group))
    assert {(await alice.expect(StreamRemoved)).stream for _ in streams} == streams
    streams = set((await publish(carol, epoch)).published.values())
    await added(alice)
    await carol.ws.close()
    assert {(await alice.expect(StreamRemoved)).stream for _ in streams} == streams


async def test_an_offer_that_is_none_is_refused(alice: WireClient) -> None:
    epoch = await meeting_of(alice)
    with pytest.raises(RefusedError, match="bad_offer"):
        await alice.ask(offer(epoch, sdp="v=nothing"))


async def test_a_restart_gives_new_streams(alice: WireClient, bob: WireClient) -> None:
    epoch = await meeting_of(alice, bob)
    first = set((await publish(alice, epoch)).published.values())
    assert await added(bob) == first
    again = of(MediaAnswer, await alice.ask(offer(epoch, restart=True)))
    assert {(await bob.expect(StreamRemoved)).stream for _ in first} == first
    assert not first & set(again.published.values())


async def test_an_old_epoch_offers_nothing(alice: WireClient, bob: WireClient) -> None:
    epoch = await meeting_of(alice, bob)
    await alice.commit(epoch, b"remove bob", Key())
    with pytest.raises(RefusedError, match="stale"):
        await bob.ask(offer(epoch))


@pytest.mark.slow
async def test_who_does_not_enter_the_next_epoch_is_out_after_ten_seconds(
    alice: WireClient, bob: WireClient
) -> None:
    epoch = await meeting_of(alice, bob)
    streams = set((await publish(bob, epoch)).published.values())
    await added(alice)
    await alice.enter(await alice.commit(epoch, b"remove bob", Key()))
    began = asyncio.get_running_loop().time()
    await bob.expect(ChildEvent)
    assert (await bob.expect(MediaEnded)).reason == "stale"
    assert 9 < asyncio.get_running_loop().time() - began < 13
    assert {(await alice.expect(StreamRemoved)).stream for _ in streams} == streams


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


async def test_a_relay_that_dies_is_told_and_comes_back(
    server: ServerProcess, alice: WireClient
) -> None:
    epoch = await meeting_of(alice)
    await publish(alice, epoch)
    (relay,) = children(server.process.pid)
    os.kill(relay, signal.SIGKILL)
    assert (await alice.expect(MediaEnded)).reason == "relay"
    said = [json.loads(line)["event"] for line in server.log.read_text().splitlines()]
    assert said[-2:] == ["relay_stopped", "relay_started"]
    assert (await publish(alice, epoch)).published
