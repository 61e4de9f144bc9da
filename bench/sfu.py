"""What the relay costs: processor time for each packet that it sends, beside a bare sendto.

`python -m bench.sfu --json`. One publisher and ten receivers, then a room of twelve in which each
sends to the eleven others; 1 000 packets a second come in, in bursts of three, of 1 100 bytes of
payload, over loopback, where the kernel charges the receivers' share of the
path to the sender too. The receivers report arrivals as browsers do, but open nothing. Streams
are sent as sound, which is never paused: a busy machine cannot look like a narrow path and stop it.
"""

import argparse
import asyncio
import contextlib
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from bench.children import end_on_sigterm
from bench.delivery import processor_seconds
from bench.report import report
from segel.core.media import ice
from segel.server.log import Log
from segel.server.sfu.dtls import Certificate
from segel.server.sfu.engine import Event, Publish, Receive, SfuConfig, SfuEngine, Track
from segel.testing.media_client import MediaClient

RECEIVERS = 10
ROOM = 12
RATE = 1_000
BURST = 3
PAYLOAD = 1_100
SECONDS = 8.0
WARM_UP = 2.0
COMPLETE = 0.9
"""Share of the packets that must come through: a busy machine's clients lose some."""
MEETING = bytes(16)

TUNED_JANUS = 13.3 / 3.44
"""Janus with one event loop, pinned, for each outgoing packet, by the floor of its machine."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process did in the measured time."""

    seconds: float
    packets: int

    @property
    def micros(self) -> float:
        """Microseconds of processor time for each packet sent."""
        return self.seconds / self.packets * 1e6


class Sink(MediaClient):
    """A receiver that counts media and reports its arrival, but does not open it."""

    counted = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio: the relay sent something."""
        if ice.classify(data) != ice.RTP:
            super().datagram_received(data, addr)
            return
        self.counted += 1
        # The transport-wide number is the first extension that the relay writes.
        self._arrivals.record(data[17] << 8 | data[18], time.monotonic_ns() // 1000)


async def pace(send: Callable[[], object], seconds: float) -> None:
    """Call `send` `RATE` times a second in bursts."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    end = due + seconds
    while due < end:
        for _ in range(BURST):
            send()
        due += BURST / RATE
        await asyncio.sleep(max(0.0, due - loop.time()))


def children() -> list[int]:
    """The processes that this one started and that still run."""
    return [int(pid) for pid in Path("/proc/thread-self/children").read_text("ascii").split()]


@dataclass(frozen=True, slots=True)
class Attached:
    """Who sends in turn, in their section "0", who receives, and how many get each packet."""

    publishers: list[MediaClient]
    sinks: list[Sink]
    fan_out: int


async def measure_relay(attach: Callable[[SfuEngine], Awaitable[Attached]]) -> Cost:
    """The media process forwarding what those whom `attach` brings in send."""
    engine = await SfuEngine.start(SfuConfig(port=0), _ignore, Log("error"))
    try:
        return await _forward(engine, attach)
    finally:
        await engine.close()


async def _forward(engine: SfuEngine, attach: Callable[[SfuEngine], Awaitable[Attached]]) -> Cost:
    (relay,) = children()
    attached = await attach(engine)
    publishers, sinks = attached.publishers, attached.sinks
    number, payload = 0, bytes(PAYLOAD)

    def send() -> None:
        nonlocal number
        publishers[number % len(publishers)].send("0", payload, number * 90)
        number += 1

    await pace(send, WARM_UP)
    before, counted = processor_seconds(relay), [sink.counted for sink in sinks]
    sent = number
    await pace(send, SECONDS)
    cost = processor_seconds(relay) - before
    received = sum(sink.counted - was for sink, was in zip(sinks, counted, strict=True))
    for client in {*publishers, *sinks}:
        await client.close()
    expected = attached.fan_out * (number - sent)
    if received < COMPLETE * expected:
        raise SystemExit(f"only {received} of {expected} packets came through")
    return Cost(cost, received)


async def _one_to_many(engine: SfuEngine) -> Attached:
    certificate = Certificate()
    publisher = MediaClient(certificate)
    mid = publisher.publish("audio")
    answered = await engine.attach(MEETING, bytes(16), publisher.offer(), {mid: Publish("audio")})
    await publisher.connect(answered.answer)
    sinks = []
    for index in range(RECEIVERS):
        sink = Sink(certificate)
        wanted: dict[str, Track] = {sink.receive("audio"): Receive(answered.streams[mid])}
        name = (index + 1).to_bytes(16)
        await sink.connect((await engine.attach(MEETING, name, sink.offer(), wanted)).answer)
        sinks.append(sink)
    return Attached([publisher], sinks, RECEIVERS)


async def _room(engine: SfuEngine) -> Attached:
    certificate = Certificate()
    sinks = [Sink(certificate) for _ in range(ROOM)]
    streams: list[bytes] = []
    for index, sink in enumerate(sinks):
        tracks: dict[str, Track] = {sink.publish("audio"): Publish("audio")}
        answered = await engine.attach(MEETING, index.to_bytes(16), sink.offer(), tracks)
        await sink.connect(answered.answer)
        streams.append(answered.streams["0"])
    for index, sink in enumerate(sinks):
        tracks = {"0": Publish("audio")}
        tracks |= {sink.receive("audio"): Receive(s) for s in streams if s != streams[index]}
        answered = await engine.reoffer(MEETING, index.to_bytes(16), sink.offer(), tracks)
        sink.accept(answered.answer)
    return Attached([*sinks], sinks, ROOM - 1)


async def _ignore(event: Event) -> None:
    pass


class Count(asyncio.DatagramProtocol):
    """Counts datagrams."""

    counted = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """asyncio: something came."""
        self.counted += 1


async def measure_floor() -> Cost:
    """A process that only receives each datagram and sends it `RECEIVERS` times."""
    loop = asyncio.get_running_loop()
    ends = [
        await loop.create_datagram_endpoint(Count, local_addr=("127.0.0.1", 0))
        for _ in range(RECEIVERS)
    ]
    ports = [str(transport.get_extra_info("sockname")[1]) for transport, _ in ends]
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.sfu", "--floor", *ports, stdout=asyncio.subprocess.PIPE
    )
    if child.stdout is None:
        raise RuntimeError("no pipe")
    try:
        port = int(await child.stdout.readline())
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagram = bytes(PAYLOAD + 20 + 16)
        before = processor_seconds(child.pid)
        sender.connect(("127.0.0.1", port))
        await pace(lambda: sender.send(datagram), SECONDS)
        cost = processor_seconds(child.pid) - before
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
        await child.wait()
    received = sum(count.counted for _, count in ends)
    for transport, _ in ends:
        transport.close()
    sender.close()
    return Cost(cost, received)


def floor(ports: list[int]) -> None:
    """The child of `measure_floor`; runs until it is ended."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    print(sock.getsockname()[1], flush=True)
    targets = [("127.0.0.1", port) for port in ports]
    while True:
        datagram = sock.recv(2048)
        for target in targets:
            sock.sendto(datagram, target)


async def _measure() -> None:
    bare = await measure_floor()
    relay = await measure_relay(_one_to_many)
    room = await measure_relay(_room)
    report("sfu sendto floor", bare.micros, "us/packet out")
    report(
        "sfu forwarding, 1 to 10, 1000/s in bursts of 3, 1100 B",
        relay.micros,
        "us/packet out",
        against=bare.micros,
        aim=round(TUNED_JANUS * bare.micros, 3),
        direction="at most",
    )
    report(
        "sfu forwarding, room of 12, each to 11, 1000/s in, 1100 B",
        room.micros,
        "us/packet out",
        against=bare.micros,
    )


def main() -> None:
    """Measure, or be the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--floor", nargs="+", type=int, help="be the bare sender")
    arguments = parser.parse_args()
    if arguments.floor:
        floor(arguments.floor)
    else:
        end_on_sigterm()
        asyncio.run(_measure())


if __name__ == "__main__":
    main()
