"""The media process: `python -m segel.server.sfu`, started by the HTTP process (engine.py)."""

import argparse
import asyncio
import signal
import socket
import sys

import uvloop

from segel.server.log import Log, silence_libraries
from segel.server.sfu import port
from segel.server.sfu.messages import ProtocolError, Report, Started, command_reader, encode
from segel.server.sfu.relay import Relay

TICK = 0.02
"""Seconds between two looks at what is due."""

STATS_INTERVAL = 10.0
"""Seconds between two reports of totals."""


async def serve(control: int, udp_port: int, announced: list[str]) -> None:
    """Relay until the HTTP process closes its end."""
    sock = port.open_port(udp_port)
    number = sock.getsockname()[1]
    reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=control))

    def report(message: Report) -> None:
        writer.write(encode(message))

    relay = Relay(sock, tuple((address, number) for address in announced), report)
    loop = asyncio.get_running_loop()
    loop.add_reader(sock.fileno(), lambda: relay.read(loop.time()))
    ended = asyncio.Event()
    report(Started(number))
    tasks = [
        asyncio.create_task(_obey(reader, relay, ended)),
        asyncio.create_task(_tick(relay)),
        asyncio.create_task(_tell(relay)),
    ]
    for task in tasks:
        # A relay that no longer ticks looks alive and is not: its parent starts a new one.
        task.add_done_callback(lambda _: ended.set())
    await ended.wait()
    for task in tasks:
        task.cancel()
    relay.close()
    loop.remove_reader(sock.fileno())
    sock.close()
    writer.close()


async def _obey(reader: asyncio.StreamReader, relay: Relay, ended: asyncio.Event) -> None:
    commands = command_reader()
    now = asyncio.get_running_loop().time
    try:
        while data := await reader.read(65_536):
            for command in commands.feed(data):
                relay.execute(command, now())
    except (ConnectionError, ProtocolError):
        pass
    finally:
        ended.set()


async def _tick(relay: Relay) -> None:
    now = asyncio.get_running_loop().time
    while True:
        await asyncio.sleep(TICK)
        relay.tick(now())


async def _tell(relay: Relay) -> None:
    while True:
        await asyncio.sleep(STATS_INTERVAL)
        relay.report(relay.stats())


def main() -> int:
    """Parse the arguments that the engine gives; exit status 1 for a failure, which is logged."""
    parser = argparse.ArgumentParser(prog="segel.server.sfu", description=__doc__)
    parser.add_argument("--control", type=int, required=True, help="descriptor of the socket")
    parser.add_argument("--port", type=int, required=True, help="UDP port, 0 for a free one")
    parser.add_argument("--announce", action="append", default=[], help="address for clients")
    arguments = parser.parse_args()
    log = Log("info")
    silence_libraries(log)
    # Terminals and service managers signal every process: the HTTP process says when to end.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    try:
        uvloop.run(serve(arguments.control, arguments.port, arguments.announce))
    except Exception as error:  # a traceback may show what no log line holds
        log.write("error", "relay_failed", error=type(error).__name__)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
