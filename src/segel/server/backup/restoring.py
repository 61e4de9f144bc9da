"""Putting a backup back into an empty folder, so that a server can go on with it honestly."""

import contextlib
import os
import shutil
from pathlib import Path

from segel.server import data as data_folder
from segel.server.backup.archive import BackupError, Contents, Told, read
from segel.server.storage.retention import expire, truncate
from segel.server.storage.rollback import close_all
from segel.server.storage.schema import open_database
from segel.server.storage.segments import Segments

UNPACKED = ".unpacked"


def restore(file: Path, data: Path, today: int, told: Told) -> Contents:
    """Fills `data`, which is empty or not there, and closes the backup's groups.

    Raises BackupError, DataFolderError, WrongVersion, OSError, sqlite3.Error.
    """
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(f"{data} is not empty, and is left as it is. Name an empty folder.")
    with file.open("rb") as opened:
        claim = data_folder.Claim(data)
        unpacked = data / UNPACKED
        try:
            unpacked.mkdir(mode=0o700)
            contents = read(opened, unpacked, told)
            _settle(unpacked, today)
            _move(unpacked, data)
            claim.keep()
        finally:
            shutil.rmtree(unpacked, ignore_errors=True)
            claim.release()
    return contents


def _settle(folder: Path, today: int) -> None:
    """Brings the data to this version and day, and closes what may have gone on meanwhile."""
    (folder / data_folder.KEYS).mkdir(mode=0o700, exist_ok=True)
    segments = Segments(folder / data_folder.KEYS)
    with contextlib.closing(open_database(folder / data_folder.DATABASE)) as db:
        db.execute("BEGIN IMMEDIATE")
        close_all(db)
        expire(db, segments, today)
        db.execute("COMMIT")
        truncate(db)


def _move(unpacked: Path, data: Path) -> None:
    """The database last: without it there is nothing that a server would go on with."""
    for path in sorted(unpacked.iterdir(), key=lambda path: path.name == data_folder.DATABASE):
        os.rename(path, data / path.name)
