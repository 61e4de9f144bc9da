"""`segel backup` and `segel restore` as an operator runs them."""

import asyncio
import json
import os
import re
from pathlib import Path

import pytest

from segel.testing import kept_data
from segel.testing.server_process import ServerProcess

from .conftest import failure, segel


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    asyncio.run(kept_data.write(tmp_path / "data"))
    return tmp_path / "data"


def test_a_running_server_is_backed_up_and_restored(tmp_path: Path, data: Path) -> None:
    settings, file = tmp_path / "settings.toml", tmp_path / "backup.tar"
    settings.write_text("port = 0\n")
    with ServerProcess(data) as server:
        done = segel("backup", "--data", data, "--config", settings, file)
        key = server.get("/v1/server")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(rf"{file}: destroy it after \d{{4}}-\d\d-\d\d\.\n", done.stdout)
    assert file.stat().st_mode & 0o777 == 0o600
    restored = tmp_path / "new/folder"
    done = segel("restore", file, "--data", restored, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["data"] == str(restored)
    assert (restored / "segel.toml").read_text() == "port = 0\n"
    assert {path.stat().st_mode & 0o077 for path in restored.iterdir() if path.name != "lock"} == {
        0
    }
    with ServerProcess(restored) as server:
        assert server.get("/v1/server") == key


def test_nothing_is_overwritten(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "backup.tar"
    segel("backup", "--data", data, file)
    first = file.read_bytes()
    assert "is there already" in failure(segel("backup", "--data", data, file))
    assert file.read_bytes() == first
    assert "is not empty" in failure(segel("restore", file, "--data", data))
    with ServerProcess(tmp_path / "other") as server:
        assert "is not empty" in failure(segel("restore", file, "--data", server.data))


def test_a_folder_of_backups_loses_those_whose_days_are_over(tmp_path: Path, data: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "segel-20240101T000000Z-until-2024-01-08.tar"
    young = folder / "segel-20240101T000000Z-until-2999-01-08.tar"
    other = folder / "holiday-until-2024-01-08.tar"
    for path in (old, young, other):
        path.write_bytes(b"key" * 1000)
    os.link(old, tmp_path / "the same blocks")
    done = segel("backup", "--data", data, folder)
    assert "Destroyed 1 whose days were over." in done.stdout
    assert len(list(folder.iterdir())) == 3
    assert not old.exists()
    assert (tmp_path / "the same blocks").read_bytes() == bytes(3000)


def test_what_cannot_be_done_is_told_in_a_line(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "backup.tar"
    nowhere = segel("backup", "--data", tmp_path / "nothing", file)
    assert "There is no Segel data" in failure(nowhere, 2)
    missing = segel("backup", "--data", data, tmp_path / "no/backup.tar")
    assert f"There is no folder {tmp_path}/no" in failure(missing)
    assert f"{file} cannot be used" in failure(segel("restore", file, "--data", tmp_path / "new"))
    assert not (tmp_path / "new").exists()
    file.write_bytes(b"something else")
    assert "no whole backup" in failure(segel("restore", file, "--data", tmp_path / "new"))
    (data / "segel.db").write_bytes(b"something else" * 100)
    assert "is damaged" in failure(segel("backup", "--data", data, tmp_path / "next.tar"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["backup.tar", "data"]
