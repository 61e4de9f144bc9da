"""The shaper with real sockets: what it promises is what a client sees."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from random import Random
from statistics import median
from typing import cast

import pytest

from segel.testing.shaper import Conditions, Shaper, open_shaper

SIZE = 1_000
SLACK = 5
"""Datagrams that leave a queue while others are still being read into it."""


class Recorder(asyncio.DatagramProtocol):
    """Keeps when each datagram came; sends it back if `echo`."""

    def __init__(self, *, echo: bool = False) -> None:
        self._echo = echo
        self.times: list[float] = []
        self.bodies: list[bytes] = []
        self.changed = asyncio.Event()
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.times.append(asyncio.get_running_loop().time())
        self.bodies.append(data)
        self.changed.set()
        if self._echo and self.transport:
            self.transport.sendto(data, addr)

    def send(self, data: bytes) -> None:
        assert self.transport
        self.transport.sendto(data)

    async def until(self, predicate: Callable[[], bool], patience: float = 5.0) -> None:
        async with asyncio.timeout(patience):
            while not predicate():
                self.changed.clear()
                await self.changed.wait()


class World:
    """A server that echoes, the shaper before it, and clients."""

    def __init__(self, server: Recorder, shaper: Shaper) -> None:
        self.server = server
        self.shaper = shaper
        self.clients: list[Recorder] = []

    async def client(self, port: int | None = None) -> Recorder:
        """A client of the world's shaper, or of another at `port`."""
        _, client = await asyncio.get_running_loop().create_datagram_endpoint(
            Recorder, remote_addr=("127.0.0.1", port or self.shaper.port)
        )
        self.clients.append(client)
        return client


@pytest.fixture
async def world() -> AsyncIterator[World]:
    transport, server = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Recorder(echo=True), local_addr=("127.0.0.1", 0)
    )
    port = transport.get_extra_info("sockname")[1]
    world = World(server, await open_shaper(("127.0.0.1", port), Conditions()))
    yield world
    for client in world.clients:
        if client.transport:
            client.transport.close()
    world.shaper.close()
    transport.close()
    # Closed transports let go of their sockets in the loop's next turns.
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_passes_both_ways_and_keeps_clients_apart(world: World) -> None:
    first, second = await world.client(), await world.client()
    first.send(b"one")
    second.send(b"two")
    await first.until(lambda: bool(first.bodies))
    await second.until(lambda: bool(second.bodies))
    assert (first.bodies, second.bodies) == ([b"one"], [b"two"])
    assert world.shaper.bytes_up == world.shaper.bytes_down == 6


async def test_holds_the_rate(world: World) -> None:
    world.shaper.change(rate=400_000, queue=10.0)
    client = await world.client()
    await flood(world, client, 60)
    assert paced(world.server.times) == pytest.approx(400_000, rel=0.05)


async def test_changes_while_it_runs(world: World) -> None:
    client = await world.client()
    await flood(world, client, 20)
    world.shaper.change(rate=400_000, queue=10.0)
    world.server.times.clear()
    await flood(world, client, 40)
    assert paced(world.server.times) == pytest.approx(400_000, rel=0.05)


async def flood(world: World, client: Recorder, count: int) -> None:
    """Send at once, few enough for a socket's buffer, and wait until all came."""
    for _ in range(count):
        client.send(bytes(SIZE))
    await world.server.until(lambda: len(world.server.times) == count)


def paced(times: list[float]) -> float:
    """Bits per second: the median over all halves, so that one late turn of the loop is no matter.

    A busy machine makes single datagrams late, never the queue's clock.
    """
    half = len(times) // 2
    spans = [later - earlier for earlier, later in zip(times, times[half:], strict=False)]
    return 8 * SIZE * half / median(spans)


async def test_drops_what_the_queue_does_not_hold(world: World) -> None:
    world.shaper.change(rate=200_000, queue=0.4)
    client = await world.client()
    for number in range(50):
        client.send(number.to_bytes(2) + bytes(SIZE - 2))
    await world.server.until(lambda: len(world.server.bodies) >= 10)
    client.send(b"behind all that waited")
    await world.server.until(lambda: world.server.bodies[-1] == b"behind all that waited")
    assert world.server.bodies[0][:2] == b"\0\0"
    assert len(world.server.bodies) <= 1 + 0.4 * 200_000 / 8 / SIZE + SLACK


async def test_delays_each_way(world: World) -> None:
    world.shaper.change(delay=0.05)
    assert 0.1 <= await trip(await world.client()) < 0.3


async def test_loses_the_same_datagrams_for_the_same_seed(world: World) -> None:
    world.shaper.change(loss=0.3)
    random = Random(world.shaper.seed)
    expected = [bytes([number]) for number in range(60) if random.random() >= 0.3]
    client = await world.client()
    for number in range(60):
        client.send(bytes([number]))
    await world.server.until(lambda: len(world.server.bodies) >= len(expected))
    assert world.server.bodies == expected


async def test_runs_as_a_program(world: World) -> None:
    """It tells its port, takes changes while it runs, reports, and ends with its input."""
    program = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "segel.testing.shaper", "--to", f"127.0.0.1:{world.shaper.upstream[1]}"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert program.stdin
    assert program.stdout
    async with asyncio.timeout(20):
        port = json.loads(await program.stdout.readline())["port"]
        program.stdin.write(b'{"delay": 0.1}\n')
        client = await world.client(port)
        while (await trip(client)) < 0.2:
            pass
        up = 0.0
        while up == 0:
            up = json.loads(await program.stdout.readline())["up"]
        program.stdin.close()
        await program.wait()
    assert program.returncode == 0


async def trip(client: Recorder) -> float:
    """Seconds from sending a datagram to having it back."""
    began = asyncio.get_running_loop().time()
    before = len(client.times)
    client.send(b"there and back")
    await client.until(lambda: len(client.times) > before)
    return client.times[-1] - began
