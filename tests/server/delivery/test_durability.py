"""What was acknowledged survives a kill; who reads too slowly is let go; nothing on a socket ends
the server.
"""

import asyncio
import os
import random
from pathlib import Path

import aiohttp
import pytest

from segel.core.wire import codec, hashes, requests
from segel.core.wire.answers import Appended, Done, Refused, Reply, Row, RowEvent
from segel.testing import wire_vectors
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient

MARKER = b"planted-in-fuzz"


async def append_until_it_dies(
    url: str, meeting: NewMeeting, server: ServerProcess
) -> dict[int, bytes]:
    """The acknowledged bodies by position; the server is killed while appends are on their way."""
    acknowledged: dict[int, bytes] = {}
    async with WireClient(url) as client:
        await client.open(meeting)
        await client.enter(meeting.epoch)
        epoch = meeting.epoch
        enough = asyncio.Event()

        async def writer() -> None:
            while True:
                body = os.urandom(200)
                done = await client.append(epoch, body)
                acknowledged[done.receipt.position] = body
                if len(acknowledged) > 150:
                    enough.set()

        writers = [asyncio.create_task(writer()) for _ in range(8)]
        await asyncio.wait_for(enough.wait(), 20)
        server.kill()
        await asyncio.wait_for(client.closed, 10)
        await asyncio.gather(*writers, return_exceptions=True)
    return acknowledged


async def test_kill_9_loses_nothing_acknowledged_and_heads_continue(tmp_path: Path) -> None:
    server = ServerProcess(tmp_path / "data")
    with server:
        meeting = NewMeeting()
        acknowledged = await append_until_it_dies(server.url, meeting, server)
        server.start()
        async with WireClient(server.url) as client:
            rows: list[Row] = []
            more = True
            while more:
                entered = await client.enter(meeting.epoch, after=len(rows))
                rows, more = rows + entered.rows, entered.more
            head = hashes.first_head(meeting.epoch.group, meeting.epoch.node)
            for position, row in enumerate(rows, start=1):
                head = hashes.next_head(head, position, 2, meeting.epoch.node, row.body)
                assert (row.receipt.position, row.receipt.head) == (position, head)
            kept = {row.receipt.position: row.body for row in rows}
            assert {position: kept.get(position) for position in acknowledged} == acknowledged
            after = await client.append(meeting.epoch, b"goes on")
            assert after.receipt.head == hashes.next_head(
                head, len(rows) + 1, 2, meeting.epoch.node, b"goes on"
            )


async def test_a_reader_that_is_too_slow_is_let_go_and_catches_up(
    server: ServerProcess, alice: WireClient
) -> None:
    meeting = NewMeeting()
    await alice.open(meeting)
    await alice.enter(meeting.epoch)
    slow = WireClient(server.url)
    async with slow:
        await slow.enter(meeting.epoch)
        slow._reader.cancel()
        await asyncio.wait([slow._reader])
        for _ in range(3):
            async with WireClient(server.url) as sender:
                await sender.enter(meeting.epoch, after=10_000)
                for _ in range(14):
                    await sender.append(meeting.epoch, bytes(1_000_000))
        slow._reader = asyncio.create_task(slow._read())
        await asyncio.wait_for(slow.closed, 20)
        assert slow.goodbye is not None
        assert slow.goodbye.reason == "slow"
        heard = [slow.events.get_nowait().row.receipt.position for _ in range(slow.events.qsize())]  # type: ignore[union-attr]
        assert heard == list(range(1, len(heard) + 1))
        assert len(heard) < 42
    async with WireClient(server.url) as again:
        entered = await again.enter(meeting.epoch, after=len(heard))
        assert entered.rows[0].receipt.position == len(heard) + 1


def spoil(chance: random.Random, seed: bytes) -> bytes:
    """A call whose body, and sometimes frame, has some bytes replaced; or noise."""
    body = bytearray(seed)
    for _ in range(chance.randrange(4)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    frame = bytearray(codec.encode(requests.Call(5, bytes(body) + MARKER, None)))
    if chance.random() < 0.1:
        frame[chance.randrange(len(frame))] = chance.randrange(256)
    return chance.randbytes(chance.randrange(1, 300)) if chance.random() < 0.03 else bytes(frame)


async def fuzz(server: ServerProcess, frames: list[bytes]) -> None:
    """Sends the frames on one socket; all are answered, or it is closed for malformed ones."""
    async with aiohttp.ClientSession() as session:
        ws = await session.ws_connect(f"{server.url}/v1/socket")
        for frame in frames:
            await ws.send_bytes(frame)
        answered = 0
        while answered < len(frames):
            message = await ws.receive(timeout=10)
            if message.type is not aiohttp.WSMsgType.BINARY:
                assert ws.close_code == 1008
                break
            answered += isinstance(codec.decode_server(message.data), Reply | Refused)
        await ws.close()


async def test_any_bytes_on_a_socket(server: ServerProcess) -> None:
    """Each frame is answered or the socket is closed, never anything else; no content reaches the
    log.
    """
    chance = random.Random(7)
    seeds = [codec.encode(each) for each in wire_vectors.requests_of()]
    for _ in range(80):
        await fuzz(server, [spoil(chance, chance.choice(seeds)) for _ in range(30)])
    async with WireClient(server.url) as client:
        assert await client.ask(requests.Ping()) == Done()
    assert MARKER not in server.log.read_bytes()
    assert b"call_failed" not in server.log.read_bytes()


async def test_one_connection_pipelines_appends_in_order(alice: WireClient) -> None:
    meeting = NewMeeting()
    await alice.open(meeting)
    await alice.enter(meeting.epoch)
    epoch = meeting.epoch
    asks = [requests.Append(epoch.group, epoch.node, bytes([number])) for number in range(100)]
    results = await asyncio.gather(*(alice.send(ask) for ask in asks))
    positions = [each.receipt.position for each in results if isinstance(each, Appended)]
    assert positions == list(range(1, 101))


async def test_what_a_lost_connection_appended_is_told_without_a_gap(
    alice: WireClient, bob: WireClient, carol: WireClient
) -> None:
    meeting = NewMeeting()
    await alice.open(meeting)
    for client in (alice, bob, carol):
        await client.enter(meeting.epoch)
    epoch = meeting.epoch
    for number in range(30):
        alice.send(requests.Append(epoch.group, epoch.node, bytes([number])))
    await alice.ws.close()
    last = (await carol.append(epoch, b"after")).receipt.position
    heard = [(await bob.expect(RowEvent)).row.receipt.position for _ in range(last)]
    assert heard == list(range(1, last + 1))


@pytest.mark.slow
async def test_a_silent_connection_is_closed(alice: WireClient) -> None:
    assert await asyncio.wait_for(alice.closed, 70) == 1001
    assert alice.goodbye is not None
    assert alice.goodbye.reason == "idle"
