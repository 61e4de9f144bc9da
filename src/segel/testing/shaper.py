"""A narrow network between a client and a server: a UDP forwarder with rate, delay and loss.

`python -m segel.testing.shaper --listen PORT --to HOST:PORT` reads lines of JSON such as
`{"rate": 300000, "delay": 0.02, "loss": 0.01}` on its input to change while it runs, and prints
a line with the bits per second of either direction every half second.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass, field, replace
from random import Random
from typing import cast

Address = tuple[str, int]

REPORT_INTERVAL = 0.5
"""Seconds between two printed lines."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What both directions are like, each for itself."""

    rate: float = 1e9
    """Bits per second."""
    delay: float = 0.0
    """Seconds."""
    loss: float = 0.0
    """Share of datagrams lost at random."""
    queue: float = 0.3
    """Seconds of traffic that may wait; what comes then is dropped."""


@dataclass(slots=True)
class _Direction:
    """One way through: when it is free again, and what passed."""

    random: Random
    free_at: float = 0.0
    bytes: int = 0
    """Of what passed."""
    offered: int = 0
    """Of what came, passed or not."""

    def pass_at(self, size: int, conditions: Conditions, now: float) -> float | None:
        """When a datagram of `size` bytes comes out; none if it is lost."""
        self.offered += size
        starts = max(now, self.free_at)
        if starts - now > conditions.queue or self.random.random() < conditions.loss:
            return None
        self.free_at = starts + 8 * size / conditions.rate
        return self.free_at + conditions.delay


class _Upstream(asyncio.DatagramProtocol):
    """One client's own socket towards the server."""

    def __init__(self, shaper: "Shaper", client: Address) -> None:
        self._shaper = shaper
        self._client = client
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the socket is open."""
        self.transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """asyncio: the server sent something."""
        self._shaper.down(data, self._client)


@dataclass(slots=True)
class Shaper(asyncio.DatagramProtocol):
    """Forwards what comes to its port to `upstream`, and back. Made by `open_shaper`."""

    upstream: Address
    seed: int = 1
    conditions: Conditions = field(default_factory=Conditions)
    _listening: asyncio.DatagramTransport | None = None
    _clients: dict[Address, asyncio.Task[_Upstream]] = field(default_factory=dict)
    _up: _Direction = field(init=False)
    _down: _Direction = field(init=False)

    def __post_init__(self) -> None:
        self._up = _Direction(Random(self.seed))
        self._down = _Direction(Random(self.seed + 1))

    @property
    def port(self) -> int:
        """The port that clients send to."""
        if self._listening is None:
            raise RuntimeError("the shaper is closed")
        port: int = self._listening.get_extra_info("sockname")[1]
        return port

    @property
    def bytes_up(self) -> int:
        """Bytes that passed towards the server."""
        return self._up.bytes

    @property
    def offered_up(self) -> int:
        """Bytes that clients sent so far, whether they passed or not."""
        return self._up.offered

    @property
    def bytes_down(self) -> int:
        """Bytes that passed towards clients."""
        return self._down.bytes

    def change(self, **conditions: float) -> None:
        """Change some of the conditions for what comes from now on."""
        self.conditions = replace(self.conditions, **conditions)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the listening socket is open."""
        self._listening = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """asyncio: a client sent something."""
        loop = asyncio.get_running_loop()
        when = self._up.pass_at(len(data), self.conditions, loop.time())
        if when is None:
            return
        if addr not in self._clients:
            self._clients[addr] = asyncio.create_task(self._open(addr))
        loop.call_at(when, self._send_up, data, self._clients[addr])

    def down(self, data: bytes, client: Address) -> None:
        """The server sent something to a client."""
        loop = asyncio.get_running_loop()
        when = self._down.pass_at(len(data), self.conditions, loop.time())
        if when is not None:
            loop.call_at(when, self._send_down, data, client)

    def close(self) -> None:
        """Close all sockets; what is under way is lost."""
        if self._listening is not None:
            self._listening.close()
            self._listening = None
        for opening in self._clients.values():
            if opening.done() and not opening.cancelled() and opening.exception() is None:
                transport = opening.result().transport
                if transport is not None:
                    transport.close()
            opening.cancel()
        self._clients.clear()

    async def _open(self, client: Address) -> _Upstream:
        _, upstream = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Upstream(self, client), remote_addr=self.upstream
        )
        return upstream

    def _send_up(self, data: bytes, opening: asyncio.Task[_Upstream]) -> None:
        if opening.cancelled():
            return
        if not opening.done():
            opening.add_done_callback(lambda done: self._send_up(data, done))
            return
        transport = opening.result().transport
        if transport is not None and not transport.is_closing():
            self._up.bytes += len(data)
            transport.sendto(data)

    def _send_down(self, data: bytes, client: Address) -> None:
        if self._listening is not None:
            self._down.bytes += len(data)
            self._listening.sendto(data, client)


async def open_shaper(
    upstream: Address, conditions: Conditions | None = None, *, port: int = 0, seed: int = 1
) -> Shaper:
    """A shaper that listens on a port of 127.0.0.1; `port` 0 takes a free one."""
    shaper = Shaper(upstream, seed, conditions or Conditions())
    await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: shaper, local_addr=("127.0.0.1", port)
    )
    return shaper


async def _serve(port: int, upstream: Address) -> None:
    shaper = await open_shaper(upstream, port=port)
    print(json.dumps({"port": shaper.port}), flush=True)
    reporting = asyncio.create_task(_report(shaper))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := await reader.readline():
        shaper.change(**json.loads(line))
    reporting.cancel()
    shaper.close()


async def _report(shaper: Shaper) -> None:
    while True:
        offered, up, down = shaper.offered_up, shaper.bytes_up, shaper.bytes_down
        await asyncio.sleep(REPORT_INTERVAL)
        rates = {
            "offered": 8 * (shaper.offered_up - offered) / REPORT_INTERVAL,
            "up": 8 * (shaper.bytes_up - up) / REPORT_INTERVAL,
            "down": 8 * (shaper.bytes_down - down) / REPORT_INTERVAL,
        }
        print(json.dumps(rates), flush=True)


def main() -> None:
    """Run until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", type=int, default=0, help="port, 0 for a free one")
    parser.add_argument("--to", required=True, help="HOST:PORT of the server")
    arguments = parser.parse_args()
    host, _, port = arguments.to.rpartition(":")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(arguments.listen, (host, int(port))))


if __name__ == "__main__":
    main()
