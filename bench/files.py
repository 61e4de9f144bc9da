"""MB/s of sealed files up and down, against the least handlers in the same process, in one run.

`python -m bench.files --json`. Slices of 8 MiB, each on disk before it is acknowledged, over HTTPS
and over plain HTTP; the floor keeps and gives out the same bytes, without sealing them at rest,
without offsets, names and rights.
"""

import argparse
import io
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench import files_floor
from bench.children import end_on_sigterm
from bench.delivery import processor_seconds
from bench.footprint import memory
from bench.report import report
from segel.core.crypto.padding import padme
from segel.testing.blob_client import BlobClient, create, text
from segel.testing.certificates import Authority
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient

SIZE = padme(256 * 10**6)
SLICE = 8 * 2**20
ROUNDS = 5
AIM = 0.6
"""Of the floor's MB/s."""
FLAT = 40.0
"""MB that the server may hold more than before, with both handlers' work in it."""

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Speed:
    """One way of one handler: medians of all rounds."""

    seconds: list[float]
    processor: list[float]

    @property
    def rate(self) -> float:
        """MB a second."""
        return SIZE / 1e6 / statistics.median(self.seconds)

    @property
    def cost(self) -> float:
        """The server's processor seconds a GB."""
        return 1e9 * statistics.median(self.processor) / SIZE


class Ways:
    """The four transfers of a round, with fresh names each time."""

    def __init__(
        self, server: ServerProcess, floor: Path, wire: WireClient, blobs: BlobClient
    ) -> None:
        self._floor = floor
        self._url, self._pid = server.url, server.process.pid
        self._wire, self._blobs = wire, blobs
        self._meeting = NewMeeting()
        self._content = os.urandom(SLICE)
        self.speeds = {name: Speed([], []) for name in ("floor up", "up", "floor down", "down")}

    async def open(self) -> None:
        """A meeting for the blobs."""
        await self._wire.open(self._meeting)
        await self._wire.enter(self._meeting.epoch)

    async def round(self, number: int) -> None:
        """One file by each handler, up and down."""
        secrets = await create(self._wire, self._meeting.epoch, SIZE)
        floor, blob = f"{self._url}/floor/{number}", self._blobs.address(secrets.name)
        writing = {"Authorization": f"Bearer {text(secrets.token)}"}
        reading = {"Authorization": f"Bearer {text(secrets.capability)}"}
        ways = {
            "floor up": lambda: self._put(floor, {}),
            "up": lambda: self._put(blob, writing),
            "floor down": lambda: self._get(floor, {}),
            "down": lambda: self._get(blob, reading),
        }
        # Who is first finds other pages in memory: by turns.
        first, second = ("floor ", "") if number % 2 else ("", "floor ")
        for way in (f"{first}up", f"{second}up", f"{first}down", f"{second}down"):
            await self._timed(way, ways[way])
        await self._blobs.delete(secrets)
        (self._floor / str(number)).unlink()

    async def _timed(self, name: str, work: Work) -> None:
        began, spent = time.perf_counter(), processor_seconds(self._pid)
        await work()
        self.speeds[name].seconds.append(time.perf_counter() - began)
        self.speeds[name].processor.append(processor_seconds(self._pid) - spent)

    async def _put(self, url: str, headers: dict[str, str]) -> None:
        for offset in range(0, SIZE, SLICE):
            body = io.BytesIO(self._content[: SIZE - offset])
            named = headers | {"Upload-Offset": str(offset)}
            async with self._blobs.session.put(url, data=body, headers=named) as got:
                assert got.status == 204

    async def _get(self, url: str, headers: dict[str, str]) -> None:
        came = 0
        async with self._blobs.session.get(url, headers=headers) as got:
            assert got.status == 200
            async for data in got.content.iter_any():
                came += len(data)
        assert came == SIZE


async def measure(server: ServerProcess, floor: Path, authority: Authority | None) -> None:
    """All of one server, which speaks TLS if there is an authority; `floor` has the floor's
    files.
    """
    trusted = None if authority is None else authority.trusted
    over = "HTTP" if authority is None else "HTTPS"
    async with (
        WireClient(server.url, trusted=trusted) as wire,
        BlobClient(server.url, trusted) as blobs,
    ):
        ways = Ways(server, floor, wire, blobs)
        await ways.open()
        await ways.round(0)
        before = memory(server.process.pid)
        for number in range(1, ROUNDS + 1):
            await ways.round(number)
        grown = memory(server.process.pid) - before
    for way, name in [("up", "upload"), ("down", "download")]:
        least, own = ways.speeds[f"floor {way}"], ways.speeds[way]
        aim = round(AIM * least.rate, 1)
        report(f"files: {name}, {over}", own.rate, "MB/s", against=least.rate, aim=aim)
        report(f"files: server's CPU, {name}, {over}", own.cost, "s/GB", against=least.cost)
    report(f"files: server's memory grown, {over}", grown, "MB", aim=FLAT, direction="at most")


def main() -> None:
    """Runs the measurement, over HTTPS and over HTTP."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.parse_args()
    end_on_sigterm()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        authority = Authority(folder / "tls")
        cert, key = authority.issue("127.0.0.1")
        for each, flags in [
            (authority, ("--tls-cert", str(cert), "--tls-key", str(key))),
            (None, ()),
        ]:
            kept = folder / f"floor{len(flags)}"
            kept.mkdir()
            patch = files_floor.PATCH.format(folder=str(kept))
            with ServerProcess(folder / f"data{len(flags)}", *flags, sabotage=patch) as server:
                uvloop.run(measure(server, kept, each))


if __name__ == "__main__":
    main()
