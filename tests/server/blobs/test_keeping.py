"""What files may take, how long they are kept, and what a disk tells of them."""

import asyncio
import os
import resource
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from segel.core.crypto.padding import padme
from segel.testing.blob_client import BlobClient, Secrets, create
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, RefusedError, WireClient

MB = 10**6
LIMITS = ("--largest-file", "3MB", "--group-files", "5MB", "--all-files", "9MB")
MARKER = b"planted in a file "


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("small") / "data", *LIMITS) as process:
        yield process


async def opened(client: WireClient) -> NewMeeting:
    meeting = NewMeeting()
    await client.open(meeting)
    await client.enter(meeting.epoch)
    return meeting


async def refused(client: WireClient, meeting: NewMeeting, size: int) -> tuple[str, int | None]:
    with pytest.raises(RefusedError) as error:
        await create(client, meeting.epoch, size)
    return error.value.refusal.code, error.value.refusal.room


async def test_each_limit_is_refused_by_name_and_says_what_is_left(small: ServerProcess) -> None:
    two = padme(2 * MB)
    async with WireClient(small.url) as alice, BlobClient(small.url) as blobs:
        one, other = await opened(alice), await opened(alice)
        assert await refused(alice, one, padme(3 * MB + 1)) == ("too_large", 3 * MB)
        first = await create(alice, one.epoch, two)
        await create(alice, one.epoch, two)
        assert await refused(alice, one, two) == ("quota", 5 * MB - 2 * two)
        await create(alice, other.epoch, two)
        await create(alice, other.epoch, two)
        third = await opened(alice)
        assert await refused(alice, third, two) == ("storage_full", 9 * MB - 4 * two)
        assert (await blobs.delete(first)).status == 204
        await create(alice, one.epoch, two)


def files(folder: Path) -> bytes:
    """All that the folder holds, names and contents."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return b"".join(str(path).encode() + path.read_bytes() for path in paths)


def on_day(day: int) -> str:
    """Makes a server live some days from now."""
    return f"import time; real = time.time; time.time = lambda: real() + {day} * 86400"


async def planted(url: str) -> tuple[Secrets, NewMeeting]:
    """A complete blob, and one that is half there."""
    async with WireClient(url) as alice, BlobClient(url) as blobs:
        meeting = await opened(alice)
        secrets = await create(alice, meeting.epoch, padme(300_000))
        content = (MARKER * 20_000)[: padme(300_000)]
        assert (await blobs.put(secrets, 0, content)).status == 204
        half = await create(alice, meeting.epoch, padme(300_000))
        assert (await blobs.put(half, 0, content[:100_000])).status == 204
        return secrets, meeting


async def test_a_dump_shows_sizes_and_days_and_nothing_else(tmp_path: Path) -> None:
    """With the disk, but without its keys; tokens and capabilities are not even there with them."""
    with ServerProcess(tmp_path / "data") as server:
        secrets, _ = await planted(server.url)
        async with BlobClient(server.url) as blobs:
            assert (await blobs.get(secrets)).body.startswith(MARKER)
        server.kill()
    stored = sorted((tmp_path / "data/blobs").glob("*/*"))
    assert secrets.name.hex() in {path.name for path in stored}
    for path in stored:
        assert path.stat().st_mtime % 86_400 == path.stat().st_atime % 86_400 == 0
        assert path.stat().st_mode & 0o077 == 0
    dump = files(tmp_path)
    for secret in (MARKER, secrets.capability, secrets.token):
        assert secret not in dump


UNSEALED = """
from segel.core.crypto.segment import BlobStream
BlobStream.apply = lambda self, offset, data: bytes(data)
"""


async def test_without_sealing_the_dump_shows_the_marker(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", sabotage=UNSEALED) as server:
        await planted(server.url)
    assert MARKER in files(tmp_path)


async def left_after(tmp_path: Path, days: int, sabotage: str = "") -> set[str]:
    """What is left of a meeting of one day and its files, some days later."""
    with ServerProcess(tmp_path / "data") as server:
        secrets, meeting = await planted(server.url)
    (key,) = (tmp_path / "data/keys").iterdir()
    names = [path.name for path in (tmp_path / "data/blobs").glob("*/*")]
    assert len(names) == 2
    traces = {"key": key.read_bytes(), "name": secrets.name, "group": meeting.epoch.group}
    traces |= {f"file {number}": name.encode() for number, name in enumerate(names)}
    with ServerProcess(tmp_path / "data", sabotage=on_day(days) + "\n" + sabotage) as server:
        async with BlobClient(server.url) as blobs:
            assert (await blobs.get(secrets)).status == (200 if days < 2 else 404)
    dump = files(tmp_path / "data")
    return {what for what, trace in traces.items() if trace in dump}


async def test_after_its_days_nothing_is_left_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "early").mkdir()
    assert {"key", "name", "group"} < await left_after(tmp_path / "early", 1)
    assert await left_after(tmp_path, 2) == set()
    assert list((tmp_path / "data/blobs").iterdir()) == []


async def test_without_the_sweep_files_are_left(tmp_path: Path) -> None:
    sabotage = (
        "from segel.server.storage.blob_files import BlobFiles\nBlobFiles.sweep = lambda *fields: 0"
    )
    assert len(await left_after(tmp_path, 2, sabotage)) == 2


async def test_what_comes_after_a_file_expired_is_not_acknowledged(server: ServerProcess) -> None:
    begun, expired = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield bytes(1000)
        begun.set()
        await expired.wait()
        yield bytes(1000)

    async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
        secrets = await create(alice, (await opened(alice)).epoch, padme(300_000))
        upload = asyncio.create_task(blobs.put(secrets, 0, slowly()))
        await begun.wait()
        with closing(sqlite3.connect(server.data / "segel.db")) as db, db:
            db.execute("DELETE FROM blobs WHERE name = ?", (secrets.name,))
        expired.set()
        assert (await upload).status == 404


async def test_an_upload_that_nobody_goes_on_with_is_given_up(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        async with WireClient(server.url) as alice:
            meeting = NewMeeting()
            await alice.ask(meeting.request(ttl_days=7))
            await alice.enter(meeting.epoch)
            secrets = await create(alice, meeting.epoch, padme(300_000))
    for day, status in [(1, 204), (2, 404)]:
        with ServerProcess(tmp_path / "data", sabotage=on_day(day)) as server:
            async with BlobClient(server.url) as blobs:
                assert (await blobs.ask("HEAD", secrets.name, secrets.token)).status == status


async def test_what_is_in_one_half_only_goes_at_the_next_start(tmp_path: Path) -> None:
    """A file without its row, as a kill within a deletion leaves it; a row without its file."""
    with ServerProcess(tmp_path / "data") as server:
        secrets, _ = await planted(server.url)
    (whole,) = (tmp_path / "data/blobs").glob(f"*/{secrets.name.hex()}")
    orphan = whole.with_name("ab" * 32)
    whole.rename(orphan)
    with ServerProcess(tmp_path / "data") as server:
        async with BlobClient(server.url) as blobs:
            assert (await blobs.get(secrets)).status == 404
            assert (await blobs.ask("HEAD", secrets.name, secrets.token)).status == 404
    assert not orphan.exists()
    with sqlite3.connect(tmp_path / "data/segel.db") as db:
        assert db.execute("SELECT count(*) FROM blobs").fetchone() == (1,)


async def test_a_disk_that_fills_up_refuses_and_the_upload_goes_on_later(tmp_path: Path) -> None:
    size = padme(4 * MB)
    content = os.urandom(size)
    with ServerProcess(tmp_path / "data") as server:
        async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
            meeting = await opened(alice)
            secrets = await create(alice, meeting.epoch, size)
            assert (await blobs.put(secrets, 0, content[:MB])).status == 204
            soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (2 * MB, hard))
            full = await blobs.put(secrets, MB, content[MB:])
            assert (full.status, full.headers["Retry-After"]) == (507, "30")
            assert MB <= await blobs.offset(secrets) <= 2 * MB
            await alice.append(meeting.epoch, b"messages go on")
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
            at = await blobs.offset(secrets)
            assert (await blobs.put(secrets, at, content[at:])).status == 204
            assert (await blobs.get(secrets)).body == content
        assert b"call_failed" not in server.log.read_bytes()


async def test_room_is_not_made_on_a_disk_that_messages_need(tmp_path: Path) -> None:
    nearly = (
        "import shutil; real = shutil.disk_usage\n"
        "shutil.disk_usage = lambda path: real(path)._replace(total=10**10, free=10**9 // 2)"
    )
    with ServerProcess(tmp_path / "data", sabotage=nearly) as server:
        async with WireClient(server.url) as alice:
            assert await refused(alice, await opened(alice), padme(MB)) == ("storage_full", 0)
