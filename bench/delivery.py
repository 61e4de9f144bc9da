"""Acknowledged messages a second in a room of 100: 500 bytes, 50 in flight and 1 in flight.

`python -m bench.delivery --json`. The server is a process of its own; clients read raw bytes,
so that they cost little beside it. Rows are on disk before they are acknowledged.
"""

import argparse
import asyncio
import os
import tempfile
import time
from base64 import b64encode
from pathlib import Path
from struct import pack

import uvloop

from bench.children import end_on_sigterm
from bench.report import report
from segel.core.wire import codec, hashes, requests, signing
from segel.core.wire.answers import Hello
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Epoch, NewMeeting, WireClient, of

ROOM = 100
SENDERS = 50
BODY = 500
SECONDS = 4.0
REPLY = b"\x93\xa5reply"


def frame(payload: bytes) -> bytes:
    """A client's binary frame, under a mask of zeros (RFC 6455 5.3)."""
    size = len(payload)
    length = pack("!B", 0x80 | size) if size < 126 else pack("!BH", 0x80 | 126, size)
    return b"\x82" + length + bytes(4) + payload


class Member(asyncio.Protocol):
    """A connection that counts replies in what it reads and keeps nothing."""

    def __init__(self) -> None:
        self.first: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.answered = asyncio.Event()
        self._tail = b""
        self._start = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        if not self.first.done():
            self._start += data
            self._take_hello()
        if REPLY in self._tail + data:
            self.answered.set()
        self._tail = data[-6:]

    def _take_hello(self) -> None:
        _, found, rest = self._start.partition(b"\r\n\r\n")
        if found and len(rest) >= 2 and len(rest) >= 2 + rest[1]:
            self.first.set_result(rest[2 : 2 + rest[1]])

    async def call(self, request: requests.Request) -> None:
        """Sends a call and waits for a reply."""
        self.answered.clear()
        data = frame(codec.encode(requests.Call(1, codec.encode(request), None)))
        self.transport.write(data)  # type: ignore[attr-defined]
        await self.answered.wait()


async def join(host: str, port: int, epoch: Epoch) -> Member:
    """A member that has entered the epoch."""
    _, member = await asyncio.get_running_loop().create_connection(Member, host, port)
    key = b64encode(os.urandom(16)).decode()
    member.transport.write(  # type: ignore[attr-defined]
        f"GET /v1/socket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        "Sec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    hello = of(Hello, codec.decode_server(await member.first))
    log = hashes.log_id(hello.server_key)
    signed = signing.connection(log, hello.challenge, epoch.group, epoch.node)
    await member.call(requests.Enter(epoch.group, epoch.node, 0, epoch.key.sign(signed)))
    return member


async def rate(members: list[Member], senders: int, epoch: Epoch, seconds: float) -> float:
    """Acknowledged messages a second; each of `senders` tasks has one in flight, in turn."""
    acknowledged = 0
    end = time.perf_counter() + seconds
    ask = requests.Append(epoch.group, epoch.node, bytes(BODY))

    async def send(mine: list[Member]) -> None:
        nonlocal acknowledged
        turn = 0
        while time.perf_counter() < end:
            await mine[turn % len(mine)].call(ask)
            acknowledged += 1
            turn += 1

    await asyncio.gather(*(send(members[number::senders]) for number in range(senders)))
    return acknowledged / seconds


def processor_seconds(pid: int) -> float:
    """What a process has used, in its own code and in the kernel (proc(5))."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(server: ServerProcess) -> None:
    """Both rates, in one room."""
    meeting = NewMeeting()
    async with WireClient(server.url) as opener:
        await opener.open(meeting)
        host, _, port = server.url.removeprefix("http://").rpartition(":")
        members = [await join(host, int(port), meeting.epoch) for _ in range(ROOM)]
        alone = await rate(members, 1, meeting.epoch, SECONDS)
        before = processor_seconds(server.process.pid)
        many = await rate(members, SENDERS, meeting.epoch, SECONDS)
        spent = processor_seconds(server.process.pid) - before
    report("acknowledged messages, 1 in flight, room of 100", alone, "1/s", aim=800)
    report("acknowledged messages, 50 in flight, room of 100", many, "1/s", aim=5000)
    report("server's processor time a message to 100 readers", 1e6 * spent / (many * SECONDS), "us")


def main() -> None:
    """Runs the measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.parse_args()
    end_on_sigterm()
    with tempfile.TemporaryDirectory() as folder, ServerProcess(Path(folder) / "data") as server:
        uvloop.run(measure(server))


if __name__ == "__main__":
    main()
