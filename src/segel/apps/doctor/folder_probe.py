"""Looks into a data folder without changing it, whether a server runs on it or not."""

import contextlib
import fcntl
import os
import shutil
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Literal

from segel.apps.doctor.folder import Folder
from segel.server import data as data_folder
from segel.server.storage.segments import lasting

WRITES = 5


def look(path: Path, today: int) -> Folder:
    """What is found. Raises OSError where the folder cannot even be listed."""
    fsync_ms, write_error = _fsync(path)
    free = shutil.disk_usage(path).free
    folder = Folder(str(path), free, _kind(path), fsync_ms, write_error)
    folder.schema, folder.check = _database(path / data_folder.DATABASE)
    _keys(path, folder)
    with contextlib.suppress(OSError, ValueError):
        every = lasting(path / data_folder.KEYS, 0)
        folder.overdue = len(every) - len(lasting(path / data_folder.KEYS, today - 1))
    return folder


def is_running(path: Path) -> bool:
    """Whether a server has the folder."""
    try:
        with (path / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def server_pid(path: Path) -> int | None:
    """The process that holds the folder's lock, as the kernel lists it."""
    try:
        inode = (path / "lock").stat().st_ino
        for line in Path("/proc/locks").read_text().splitlines():
            words = line.split()
            if words[1] == "FLOCK" and words[5].rpartition(":")[2] == str(inode):
                return int(words[4])
    except (OSError, IndexError, ValueError):
        return None
    return None


def _fsync(path: Path) -> tuple[float | None, str]:
    took = []
    try:
        with tempfile.TemporaryFile(dir=path) as file:
            for _ in range(WRITES):
                began = time.perf_counter()
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())
                took.append((time.perf_counter() - began) * 1000)
    except OSError as error:
        return None, error.strerror or str(error)
    return statistics.median(took), ""


def _kind(path: Path) -> str:
    """The type of the file system with the longest mount point above the folder."""
    found, kind = "", ""
    resolved = f"{path.resolve()}/"
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            left, _, right = line.partition(" - ")
            point = left.split()[4].rstrip("/") + "/"
            if resolved.startswith(point) and len(point) >= len(found):
                found, kind = point, right.split()[0]
    return kind


def _database(file: Path) -> tuple[int | None, str]:
    """Its version and what SQLite says of it."""
    if not file.is_file():
        return None, "it is not there"
    try:
        with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            (version,) = db.execute("PRAGMA user_version").fetchone()
            (check,) = db.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return None, str(error)
    return int(version), str(check)


def _keys(path: Path, folder: Folder) -> None:
    key = path / "server.key"
    folder.key = _server_key(key)
    secret = [key, path / data_folder.DATABASE]
    with contextlib.suppress(OSError):
        secret += sorted((path / data_folder.KEYS).iterdir())
    for each in secret:
        name = str(each.relative_to(path))
        with contextlib.suppress(FileNotFoundError):
            open_to = path.stat().st_mode & each.stat().st_mode
            if open_to & 0o077:
                folder.open_to_others.append(name)
            if not os.access(each, os.R_OK):
                folder.unreadable.append(name)


def _server_key(key: Path) -> Literal["whole", "damaged", "missing"]:
    try:
        return "whole" if key.stat().st_size == data_folder.SEED_SIZE else "damaged"
    except OSError:
        return "missing"
