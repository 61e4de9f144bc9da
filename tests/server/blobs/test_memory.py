"""The server's memory does not grow with files, their readers, or readers that stop."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from segel.core.crypto.padding import padme
from segel.core.wire import requests
from segel.testing.blob_client import BlobClient, create, text
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient

MB = 10**6


async def opened(client: WireClient) -> NewMeeting:
    meeting = NewMeeting()
    await client.open(meeting)
    await client.enter(meeting.epoch)
    return meeting


def memory(pid: int, name: str = "VmHWM") -> float:
    """The most that a process had in memory so far, or has (VmRSS), in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split()[0]) / 1000


async def stream_through(server: ServerProcess, size: int) -> None:
    """Up in one request and down in one, never whole in this process either."""
    piece = os.urandom(MB)

    async def content() -> AsyncIterator[bytes]:
        left = size
        while left:
            yield piece[:left]
            left -= len(piece[:left])

    async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
        meeting = await opened(alice)
        secrets = await create(alice, meeting.epoch, size)
        assert (await blobs.put(secrets, 0, content())).status == 204
        headers = {"Authorization": f"Bearer {text(secrets.capability)}"}
        async with blobs.session.get(blobs.address(secrets.name), headers=headers) as got:
            assert got.status == 200
            came = 0
            async for data in got.content.iter_chunked(MB):
                came += len(data)
        assert came == size


@pytest.mark.parametrize(
    "size", [padme(100 * MB), pytest.param(padme(1000 * MB), marks=pytest.mark.slow)]
)
async def test_memory_stays_flat_while_much_streams(server: ServerProcess, size: int) -> None:
    await stream_through(server, padme(MB))
    before = memory(server.process.pid)
    await stream_through(server, size)
    assert memory(server.process.pid) - before < 12


async def test_a_reader_that_stops_costs_a_few_pieces(server: ServerProcess) -> None:
    size = padme(60 * MB)
    async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
        meeting = await opened(alice)
        secrets = await create(alice, meeting.epoch, size)
        await blobs.put(secrets, 0, bytes(size))
        before = memory(server.process.pid)
        headers = {"Authorization": f"Bearer {text(secrets.capability)}"}
        readers = [
            await blobs.session.get(blobs.address(secrets.name), headers=headers) for _ in range(10)
        ]
        await alice.ask(requests.Ping())
        # Ten times four pieces of half a megabyte; the ten files would be 600 MB.
        assert memory(server.process.pid) - before < 40
        for reader in readers:
            reader.close()
