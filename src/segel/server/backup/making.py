"""Making a backup: what the server will still hold on the last day of the backup, and no more.

So a backup that is destroyed on time holds no key, row or name that outlives its own days.
"""

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from segel.server import data as data_folder
from segel.server.backup.archive import SETTINGS, BackupError, Contents, Part, Told, write
from segel.server.storage import segments
from segel.server.storage.retention import expire
from segel.server.storage.schema import VERSION, join_database
from segel.server.storage.segments import Segments

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Begun = Callable[[int], Told]
"""Told how many bytes there are, before they are copied."""


Blob = tuple[bytes, int, int]
"""Name, size and last day of a blob."""


def day_name(day: int) -> str:
    """A day since 1970 in ISO 8601."""
    return f"{EPOCH + timedelta(days=day):%Y-%m-%d}"


def make(
    data: Path, file: Path, today: int, keep_until: int, settings: Path | None, begun: Begun
) -> None:
    """Writes the backup of a data folder to `file`, which must not be there.

    A server may run on the folder. Raises BackupError, WrongVersion, OSError, sqlite3.Error.
    """
    if file.exists():
        raise BackupError(f"{file} is there already, and is left as it is. Name another file.")
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}. Make it, or name another one.")
    with tempfile.TemporaryDirectory(prefix=".segel-", dir=file.parent) as made:
        temporary = Path(made)
        blobs = _copy_database(data, temporary, keep_until)
        parts = _parts(data, temporary, keep_until, settings) + [
            _blob_part(data, *blob) for blob in blobs
        ]
        contents = Contents(version("segel"), VERSION, day_name(today), day_name(keep_until), {})
        beside = temporary / "backup.tar"
        with open(beside, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as into:
            write(into, parts, contents, begun(sum(part.size for part in parts)))
            into.flush()
            os.fsync(into.fileno())
        os.link(beside, file)  # unlike a rename it never overwrites


def _copy_database(data: Path, temporary: Path, keep_until: int) -> list[Blob]:
    """One moment of the database, brought to the backup's last day as expiry would bring it.

    Returns the blobs in it.
    """
    copy = temporary / data_folder.DATABASE
    with (
        contextlib.closing(join_database(data / data_folder.DATABASE)) as source,
        contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as into,
    ):
        source.backup(into)
        into.execute("PRAGMA journal_mode = DELETE")
        into.execute("PRAGMA secure_delete = ON")
        expire(into, Segments(temporary / "no keys"), keep_until)
        # Half an upload is of no use: its sender would go on with bytes that are not there.
        into.execute("DELETE FROM blobs WHERE stored < size")
        into.execute("VACUUM")
        return into.execute("SELECT name, size, day + ttl_days FROM blobs").fetchall()


def _parts(data: Path, temporary: Path, keep_until: int, settings: Path | None) -> list[Part]:
    """Keys are listed after the database was copied: each was on disk before what it seals."""
    named = [
        ("server.key", data / "server.key"),
        (data_folder.DATABASE, temporary / data_folder.DATABASE),
    ]
    if settings is not None:
        named.append((SETTINGS, settings))
    for path in segments.lasting(data / data_folder.KEYS, keep_until):
        named.append((f"{data_folder.KEYS}/{path.name}", path))
    return [Part(name, path, path.stat().st_size) for name, path in named]


def _blob_part(data: Path, name: bytes, size: int, last_day: int) -> Part:
    """A blob's file never changes once it is complete (blobs.md 7)."""
    path = f"blobs/{EPOCH + timedelta(days=last_day):%Y%m%d}/{name.hex()}"
    return Part(path, data / path, size)
