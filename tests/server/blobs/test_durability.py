"""Every byte of a file that was acknowledged is there and right, whatever is killed."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from segel.core.crypto.padding import padme
from segel.core.crypto.segment import BlobStream
from segel.testing.blob_client import BlobClient, Secrets, create, text
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient

MIB = 2**20
KILLED = (aiohttp.ClientError, ConnectionError)


class Content:
    """Bytes that look random, made where they are needed: `size` may be larger than memory."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._stream = BlobStream(os.urandom(32))

    def part(self, offset: int, size: int) -> bytes:
        """The bytes from there on."""
        return self._stream.apply(offset, bytes(min(size, self.size - offset)))


async def begin(url: str, size: int) -> Secrets:
    async with WireClient(url) as alice:
        meeting = NewMeeting()
        await alice.open(meeting)
        await alice.enter(meeting.epoch)
        return await create(alice, meeting.epoch, size)


class Killer:
    """Kills the server each time that one of these offsets is passed."""

    def __init__(self, server: ServerProcess, offsets: list[int]) -> None:
        self._server, self._offsets = server, sorted(offsets)

    def passed(self, offset: int) -> None:
        """Bytes up to here went out or came in."""
        if self._offsets and offset >= self._offsets[0]:
            self._offsets.pop(0)
            self._server.kill()

    @property
    def done(self) -> bool:
        """No offset is left."""
        return not self._offsets


async def sent(content: Content, begin: int, end: int, killer: Killer) -> AsyncIterator[bytes]:
    while begin < end:
        piece = content.part(begin, min(MIB // 4, end - begin))
        yield piece
        begin += len(piece)
        killer.passed(begin)


async def upload(
    blobs: BlobClient, secrets: Secrets, content: Content, chance: random.Random, killer: Killer
) -> int:
    """Uploads in slices until the end or until the server is killed; returns what was acknowledged,
    or told by HEAD.
    """
    offset = await blobs.offset(secrets)
    try:
        while offset < content.size:
            end = offset + chance.choice([100_000, 4 * MIB, 8 * MIB, 40 * MIB])
            got = await blobs.put(
                secrets, offset, sent(content, offset, min(end, content.size), killer)
            )
            assert got.status == 204
            offset = got.offset
    except KILLED:
        pass
    return offset


async def download(
    blobs: BlobClient, secrets: Secrets, content: Content, offset: int, killer: Killer
) -> int:
    """Downloads until the end or until the server is killed; returns how far it came. All that came
    is right.
    """
    headers = {"Authorization": f"Bearer {text(secrets.capability)}", "Range": f"bytes={offset}-"}
    try:
        async with blobs.session.get(blobs.address(secrets.name), headers=headers) as got:
            assert got.status == 206
            async for data in got.content.iter_any():
                assert data == content.part(offset, len(data))
                offset += len(data)
                killer.passed(offset)
    except KILLED:
        pass
    return offset


async def there_and_back(server: ServerProcess, size: int, kills: int, seed: int) -> None:
    """Up and down while the server is killed `kills` times each way."""
    chance, content = random.Random(seed), Content(size)
    secrets = await begin(server.url, size)
    killer = Killer(server, [chance.randrange(size) for _ in range(kills)])
    acknowledged = 0
    while acknowledged < size:
        async with BlobClient(server.url) as blobs:
            now = await upload(blobs, secrets, content, chance, killer)
        assert now >= acknowledged
        acknowledged = now
        restart(server)
    assert killer.done
    killer, got = Killer(server, [chance.randrange(size) for _ in range(kills)]), 0
    while got < size:
        async with BlobClient(server.url) as blobs:
            got = await download(blobs, secrets, content, got, killer)
        restart(server)
    assert killer.done


def restart(server: ServerProcess) -> None:
    if server.process.poll() is not None:
        server.start()


async def test_kill_9_anywhere_in_an_upload_and_a_download(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        await there_and_back(server, padme(50_000_000), kills=3, seed=1)


@pytest.mark.slow
async def test_kill_9_anywhere_in_500_mb(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        await there_and_back(server, padme(500_000_000), kills=10, seed=3)


LATE = """
import threading
from segel.server.storage.blob_files import BlobFile
write = BlobFile.write
BlobFile.write = lambda *fields: threading.Timer(9, write, fields).start()
"""
"""Acknowledges what is not written yet."""


async def test_what_is_acknowledged_too_early_is_found_missing(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", sabotage=LATE) as server:
        with pytest.raises((AssertionError, KeyError)):
            await there_and_back(server, padme(30_000_000), kills=3, seed=1)


async def test_a_server_that_is_stopped_leaves_an_upload_to_be_gone_on_with(tmp_path: Path) -> None:
    content = Content(padme(20_000_000))
    with ServerProcess(tmp_path / "data") as server:
        secrets = await begin(server.url, content.size)
        sent = asyncio.Event()

        async def unfinished() -> AsyncIterator[bytes]:
            yield content.part(0, 15_000_000)
            sent.set()
            await asyncio.Event().wait()

        async with BlobClient(server.url) as blobs:
            upload = asyncio.create_task(blobs.put(secrets, 0, unfinished()))
            await sent.wait()
            assert await asyncio.to_thread(server.stop) == 0
            with pytest.raises(KILLED):
                await upload
        assert b'"error"' not in server.log.read_bytes()
        server.start()
        async with BlobClient(server.url) as blobs:
            at = await blobs.offset(secrets)
            got = await blobs.put(secrets, at, content.part(at, content.size))
            assert (got.status, got.offset) == (204, content.size)
            assert (await blobs.get(secrets)).body == content.part(0, content.size)
