"""A backup holds what the server will hold on the backup's last day; a restored server signs no
second history.
"""

import asyncio
import io
import os
import tarfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from segel.core.crypto.padding import padme
from segel.core.wire import requests
from segel.core.wire.answers import Meeting, Opened
from segel.server.backup import making, restoring
from segel.server.backup.archive import BackupError
from segel.server.storage import segments
from segel.server.storage.schema import open_database
from segel.server.storage.store import DAY, Store
from segel.testing import kept_data
from segel.testing.blob_client import BlobClient, create
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Key, NewMeeting, RefusedError, WireClient, of
from segel.testing.wire_vectors import fixed

TODAY = int(kept_data.NOW) // DAY
CLASSES: tuple[requests.TtlDays, ...] = (1, 7, 90)
THEN = f"import time; time.time = lambda: {kept_data.NOW}"


def untold(total: int) -> Callable[[int], None]:
    return lambda copied: None


def back_up(data: Path, file: Path, days: int = 7, settings: Path | None = None) -> None:
    making.make(data, file, TODAY, TODAY + days, settings, untold)


def restore(file: Path, data: Path) -> None:
    restoring.restore(file, data, TODAY, untold(0))


async def kept_folder(tmp_path: Path) -> Path:
    data = empty(tmp_path / "data")
    await kept_data.write(data)
    return data


def empty(folder: Path) -> Path:
    folder.mkdir()
    return folder


def key_of(folder: Path, ttl_days: int) -> bytes:
    (key,) = folder.glob(f"keys/*-{ttl_days}")
    return key.read_bytes()


async def folder_with_days(tmp_path: Path) -> dict[int, tuple[bytes, bytes]]:
    """Data with a meeting of each class: for each, its group's name and its segment key."""
    folder = await kept_folder(tmp_path)
    store = Store(folder, kept_data.SERVER, lambda: kept_data.NOW, invited=False)
    made: dict[int, tuple[bytes, bytes]] = {}
    for ttl_days in CLASSES:
        meeting = NewMeeting()
        ask = meeting.request(ttl_days)
        await store.run(partial(store.aliases.open_generation, ask=ask, today=TODAY))
        said = requests.Append(meeting.epoch.group, meeting.epoch.node, b"said")
        await store.run(partial(store.groups.append, ask=said, day=TODAY))
        made[ttl_days] = (meeting.epoch.group, key_of(folder, ttl_days))
    await store.close()
    return made


async def held(tmp_path: Path, days: int) -> set[int]:
    """The classes of which anything is in a backup that is kept for so many days."""
    made = await folder_with_days(tmp_path)
    back_up(tmp_path / "data", tmp_path / "backup.tar", days)
    content = (tmp_path / "backup.tar").read_bytes()
    return {ttl for ttl, (group, key) in made.items() if group in content or key in content}


@pytest.mark.parametrize(("days", "classes"), [(1, {1, 7, 90}), (7, {7, 90}), (8, {90})])
async def test_nothing_is_in_a_backup_that_would_be_gone_on_its_last_day(
    tmp_path: Path, days: int, classes: set[int]
) -> None:
    assert await held(tmp_path, days) == classes


async def test_without_the_look_ahead_a_key_outlives_its_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "lasting", lambda folder, day: list(folder.iterdir()))
    assert 1 in await held(tmp_path, 7)


async def history_after_restore(tmp_path: Path) -> tuple[bytes, bytes | str]:
    """Heads that the same server key signed for one position: before the end, and after a restore.
    In place of the latter the refusal's code.
    """
    data, file = await kept_folder(tmp_path), tmp_path / "backup.tar"
    with ServerProcess(data, sabotage=THEN) as server:
        back_up(data, file)
        async with WireClient(server.url) as client:
            await client.enter(kept_data.SECOND, after=3)
            before = (await client.append(kept_data.SECOND, b"after the backup")).receipt
        server.kill()
    restore(file, tmp_path / "restored")
    with ServerProcess(tmp_path / "restored", sabotage=THEN) as server:
        async with WireClient(server.url) as client:
            try:
                await client.enter(kept_data.SECOND, after=3)
                after = (await client.append(kept_data.SECOND, b"something else")).receipt
            except RefusedError as refused:
                return before.head, refused.refusal.code
    assert after.position == before.position
    return before.head, after.head


async def test_a_restored_server_signs_no_second_history(tmp_path: Path) -> None:
    assert (await history_after_restore(tmp_path))[1] == "unknown_node"


async def test_without_closing_groups_it_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restoring, "close_all", lambda db: None)
    before, after = await history_after_restore(tmp_path)
    assert len(after) == 32
    assert after != before


async def restored(tmp_path: Path) -> Path:
    data = await kept_folder(tmp_path)
    back_up(data, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    return tmp_path / "restored"


async def test_who_was_away_reads_to_the_end_of_what_was_kept(tmp_path: Path) -> None:
    with ServerProcess(await restored(tmp_path), sabotage=THEN) as server:
        async with WireClient(server.url) as client:
            first = await client.enter(kept_data.FIRST)
            assert ([row.body for row in first.rows], first.more) == ([kept_data.SAID[0]], True)
            first = await client.enter(kept_data.FIRST, after=1)
            assert [child.node for child in first.children] == [kept_data.SECOND.node]
            second = await client.enter(kept_data.SECOND, after=2)
            assert ([row.body for row in second.rows], second.more) == ([kept_data.SAID[1]], True)
            for request in (
                client.enter(kept_data.SECOND, after=3),
                client.append(kept_data.SECOND, b"more"),
                client.commit(kept_data.SECOND, b"another", Key()),
            ):
                with pytest.raises(RefusedError, match="unknown_node"):
                    await request


async def test_the_link_leads_to_a_generation_that_never_was(tmp_path: Path) -> None:
    with ServerProcess(await restored(tmp_path), sabotage=THEN) as server:
        async with WireClient(server.url) as client:
            again = NewMeeting(2, kept_data.ALIAS, kept_data.OPENER)
            with pytest.raises(RefusedError, match="taken"):
                await client.open(again)
            found = of(Meeting, await client.ask(requests.FindMeeting(kept_data.ALIAS)))
            following = NewMeeting(found.generation + 1, kept_data.ALIAS, kept_data.OPENER)
            assert following.generation > 1000
            of(Opened, await client.open(following))
            await client.enter(following.epoch)
            await client.append(following.epoch, b"here again")


async def test_a_server_that_writes_is_copied_at_one_moment(tmp_path: Path) -> None:
    """The heads of a backup's rows chain up to its group's head, whatever was being written."""
    data = await kept_folder(tmp_path)
    with ServerProcess(data, sabotage=THEN) as server:
        async with WireClient(server.url) as client:
            await client.enter(kept_data.SECOND, after=3)
            writing = [
                client.send(requests.Append(kept_data.GROUP, kept_data.SECOND.node, bytes(1000)))
                for _ in range(300)
            ]
            await asyncio.to_thread(back_up, data, tmp_path / "backup.tar")
            await asyncio.gather(*writing, return_exceptions=True)
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    store = Store(tmp_path / "restored", kept_data.SERVER, lambda: kept_data.NOW, invited=False)
    place = await store.run(lambda db: store.groups.place(db, kept_data.GROUP))
    last = await store.run(lambda db: db.execute("SELECT max(position), head FROM rows").fetchone())
    assert last == (place.receipt.position, place.receipt.head)
    await store.close()


async def test_a_file_that_was_cut_or_changed_restores_nothing(tmp_path: Path) -> None:
    data, file = await kept_folder(tmp_path), tmp_path / "backup.tar"
    back_up(data, file)
    whole = file.read_bytes()
    at = whole.index(fixed("server"))
    for spoilt in (
        whole[: len(whole) // 2],
        whole[:at] + b"\0" + whole[at + 1 :],
        with_another(whole, "../outside"),
        with_another(whole, "keys/20240101-1"),
        b"",
        b"no tar" * 1000,
    ):
        file.write_bytes(spoilt)
        with pytest.raises(BackupError, match="no whole backup"):
            restore(file, tmp_path / "restored")
        assert not (tmp_path / "restored").exists()
    assert not (tmp_path / "outside").exists()


def with_another(backup: bytes, name: str) -> bytes:
    """The backup with a file in front that is not among its contents."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as into:
        member = tarfile.TarInfo(name)
        member.size = 3
        into.addfile(member, io.BytesIO(b"abc"))
        with tarfile.open(fileobj=io.BytesIO(backup)) as archive:
            for each in archive:
                into.addfile(each, archive.extractfile(each))
    return made.getvalue()


async def test_files_that_are_whole_and_last_are_in_it(tmp_path: Path) -> None:
    data = await kept_folder(tmp_path)
    whole, young, half = (put_blob(data, name) for name in ("whole", "young", "half"))
    with closing(open_database(data / "segel.db")) as db:
        row = "INSERT INTO blobs VALUES (?, ?, ?, ?, 100, ?, ?, ?, ?)"
        for name, stored, ttl_days in (("whole", 100, 30), ("young", 100, 1), ("half", 50, 30)):
            ids = (fixed(name), kept_data.GROUP, bytes(32), bytes(16))
            db.execute(row, (*ids, stored, TODAY, ttl_days, TODAY))
    back_up(data, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    files = [path for path in (whole, young, half) if (tmp_path / "restored" / path).exists()]
    assert files == [whole]
    assert (tmp_path / "restored" / whole).read_bytes() == fixed("whole", 100)
    with closing(open_database(tmp_path / "restored/segel.db")) as db:
        names = {name for (name,) in db.execute("SELECT name FROM blobs")}
        assert names == {fixed("whole"), kept_data.SECRETS.name}


def put_blob(data: Path, name: str) -> Path:
    """A file as blobs.md 7 has it; its place in the folder."""
    last_day = TODAY + (1 if name == "young" else 30)
    path = Path(f"blobs/{making.day_name(last_day).replace('-', '')}/{fixed(name).hex()}")
    (data / path).parent.mkdir(parents=True, exist_ok=True)
    (data / path).write_bytes(fixed(name, 100))
    return path


async def test_a_file_is_downloaded_from_a_restored_server(tmp_path: Path) -> None:
    data, sealed = await kept_folder(tmp_path), os.urandom(padme(300_000))
    with ServerProcess(data, sabotage=THEN) as server:
        async with WireClient(server.url) as client, BlobClient(server.url) as files:
            await client.enter(kept_data.SECOND, after=3)
            secrets = await create(client, kept_data.SECOND, len(sealed))
            half = await create(client, kept_data.SECOND, len(sealed))
            assert (await files.put(secrets, 0, sealed)).status == 204
            assert (await files.put(half, 0, sealed[:100_000])).status == 204
        back_up(data, tmp_path / "backup.tar")
    restore(tmp_path / "backup.tar", tmp_path / "restored")
    with ServerProcess(tmp_path / "restored", sabotage=THEN) as server:
        async with BlobClient(server.url) as files:
            assert (await files.get(secrets)).body == sealed
            assert (await files.put(half, 100_000, sealed[100_000:])).status == 404
