"""Files go both ways whole, or not at all."""

import asyncio
import os
from pathlib import Path

import pytest

from segel.client import FileError, Meeting, Message, UsageError
from segel.testing.server_process import ServerProcess

from .conftest import WITHIN, People, until


async def given(meeting: Meeting) -> Message:
    """The first file of the meeting."""
    await until(meeting, lambda: any(each.file for each in meeting.messages))
    return next(each for each in meeting.messages if each.file)


def blobs(server: ServerProcess) -> set[Path]:
    """The files that the server keeps."""
    return {each for each in (server.data / "blobs").rglob("*") if each.is_file()}


@pytest.mark.parametrize("size", [0, 1, 1_048_560, 1_048_561, 9_000_000])
async def test_what_is_given_is_what_is_saved(people: People, tmp_path: Path, size: int) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    path = tmp_path / "Report, final.txt"
    path.write_bytes(os.urandom(size))
    up: list[tuple[int, int]] = []
    await ana.send_file(path, progress=lambda *at: up.append(at))
    message = await given(ben)
    assert message.file is not None
    assert (message.file.name, message.file.size, message.file.type) == (
        "Report, final.txt",
        size,
        "text/plain",
    )
    assert up[-1:] == [(size, size)]
    folder = tmp_path / "saved"
    folder.mkdir()
    down: list[tuple[int, int]] = []
    saved = await ben.save_file(message.id, folder, progress=lambda *at: down.append(at))
    assert saved == folder / "Report, final.txt"
    assert saved.read_bytes() == path.read_bytes()
    assert down == sorted(down)
    again = await ben.save_file(message.id, folder)
    assert again.name == "Report, final (2).txt"
    assert sorted(each.name for each in folder.iterdir()) == sorted([saved.name, again.name])


async def test_names_are_cleaned_on_both_sides(people: People, tmp_path: Path) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    path = tmp_path / "x"
    path.write_bytes(b"x")
    await ana.send_file(path, name="../../etc/pass\u202egnp.exe")
    message = await given(ben)
    saved = await ben.save_file(message.id, tmp_path)
    assert saved.parent == tmp_path
    assert saved.name == "_.._etc_passgnp.exe"


async def test_a_file_is_deleted_with_its_message(people: People, tmp_path: Path) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    path = tmp_path / "secret.txt"
    path.write_bytes(b"secret")
    sent = await ana.send_file(path)
    reading = ben.read_file((await given(ben)).id)
    await ana.delete(sent.id)
    with pytest.raises(FileError) as told:
        async for _ in reading:
            pass
    assert told.value.problem == "gone"
    await until(ben, lambda: ben.messages[0].deleted)
    with pytest.raises(UsageError):
        ben.read_file(sent.id)


async def test_what_was_changed_on_the_server_is_not_saved(
    people: People, server: ServerProcess, tmp_path: Path
) -> None:
    """Whoever holds the disk changes one bit: nothing gets the file's name."""
    ana = await people.start()
    ben = await people.join(ana.link)
    path = tmp_path / "map.bin"
    path.write_bytes(os.urandom(3_000_000))
    others = blobs(server)
    await ana.send_file(path)
    message = await given(ben)
    (blob,) = blobs(server) - others
    kept = bytearray(blob.read_bytes())
    kept[2_000_000] ^= 1
    blob.write_bytes(kept)
    folder = tmp_path / "saved"
    folder.mkdir()
    with pytest.raises(FileError) as told:
        await ben.save_file(message.id, folder)
    assert told.value.problem == "bad"
    assert list(folder.iterdir()) == []


async def test_transfers_go_on_where_a_killed_server_had_them(
    people: People, tmp_path: Path
) -> None:
    with ServerProcess(tmp_path / "data") as server:
        own = People(server.url)
        ana = await own.start()
        ben = await own.join(ana.link)
        path = tmp_path / "film.bin"
        path.write_bytes(os.urandom(24_000_000))
        cut = asyncio.Event()

        def kill(done: int, size: int) -> None:
            if done > size // 3 and not cut.is_set():
                cut.set()
                server.kill()

        giving = asyncio.create_task(ana.send_file(path, progress=kill))
        await cut.wait()
        server.start()
        await giving
        message = await given(ben)
        cut.clear()
        saving = asyncio.create_task(ben.save_file(message.id, tmp_path, progress=kill))
        await cut.wait()
        server.start()
        async with asyncio.timeout(WITHIN):
            saved = await saving
        assert saved.read_bytes() == path.read_bytes()
        await own.close()


async def test_an_upload_that_is_given_up_leaves_nothing(
    people: People, server: ServerProcess, tmp_path: Path
) -> None:
    ana = await people.start()
    path = tmp_path / "film.bin"
    path.write_bytes(os.urandom(24_000_000))
    others, begun = blobs(server), asyncio.Event()
    giving = asyncio.create_task(ana.send_file(path, progress=lambda done, size: begun.set()))
    await begun.wait()
    giving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await giving
    assert ana.messages == []
    assert blobs(server) == others


async def test_what_is_no_file_is_told(people: People, tmp_path: Path) -> None:
    ana = await people.start()
    for missing in (tmp_path / "nothing.txt", tmp_path):
        with pytest.raises(UsageError, match=missing.name):
            await ana.send_file(missing)
    with pytest.raises(UsageError):
        await ana.save_file("00" * 32, tmp_path)
