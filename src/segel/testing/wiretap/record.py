"""Runs a server behind a proxy that writes down every byte, with the media process tapped and
the log kept.
"""

import asyncio
import contextlib
import os
import re
import signal
import sys
from pathlib import Path

TAP = Path(__file__).parent / "tap"
PROGRAM = (sys.executable, "-c", "from segel.apps.cli import main; main()")
READY = re.compile(rb"segel: serving http://127\.0\.0\.1:(\d+)")


async def record(folder: Path, arguments: list[str], client: Path | None = None) -> int:
    """Run `segel ARGUMENTS` until a signal ends it; returns its exit status.

    `client` is a folder with another build of the web client. Prints the product's own line of
    readiness with the proxy's port in it.
    """
    paths = [str(TAP), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(paths), "SEGEL_WIRETAP": str(folder)}
    if client is not None:
        environment["SEGEL_WIRETAP_CLIENT"] = str(client)
    with (folder / "log").open("ab") as log:
        server = await asyncio.create_subprocess_exec(
            *PROGRAM, *arguments, env=environment, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _terminate, server)
    proxy = asyncio.create_task(_serve(server, folder))
    status = await server.wait()
    proxy.cancel()
    return status


def _terminate(server: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        server.terminate()


async def _serve(server: asyncio.subprocess.Process, folder: Path) -> None:
    if server.stdout is None:
        raise RuntimeError("the server was started without a pipe")
    async for line in server.stdout:
        with (folder / "stdout").open("ab") as kept:
            kept.write(line)
        if found := READY.match(line):
            listener = await _listen(int(found[1]), folder)
            port = listener.sockets[0].getsockname()[1]
            print(f"segel: serving http://127.0.0.1:{port}", flush=True)


async def _listen(upstream: int, folder: Path) -> asyncio.Server:
    numbers = iter(range(1 << 30))

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", upstream)
        name = f"{os.getpid()}.{next(numbers)}"
        await asyncio.gather(
            _pump(reader, server_writer, folder / f"tcp-in.{name}"),
            _pump(server_reader, writer, folder / f"tcp-out.{name}"),
        )

    return await asyncio.start_server(connected, "127.0.0.1", 0)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: Path) -> None:
    with path.open("ab", buffering=0) as kept, contextlib.suppress(ConnectionError):
        while data := await reader.read(65_536):
            kept.write(data)
            writer.write(data)
            await writer.drain()
    writer.close()
