"""The data folder: who uses it, what a start made in it, and the server's own key."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from segel.core.crypto.ed25519 import SigningKey
from segel.server.refusals import Refuse
from segel.server.storage.writer import is_full

SEED_SIZE = 32
DEFAULT = Path("segel-data")
"""Where data is kept when nobody says where."""

DATABASE = "segel.db"
KEYS = "keys"

MADE_AT_START = (
    DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "server.key", "server.new", "lock"
)  # fmt: skip
"""Every file of a folder on which nothing has been served yet; beside them stands an empty KEYS."""

FULL_INDEX = ("SQLITE_IOERR_SHMOPEN", "SQLITE_IOERR_SHMSIZE")
"""What SQLite says of a full disk while it opens: a WAL's index is the first to grow."""

DAMAGED_DATABASE = ("SQLITE_NOTADB", "SQLITE_CORRUPT")


class DataFolderError(Exception):
    """The folder cannot be used; the text says why and what to do."""


class InUse(DataFolderError):
    """Another server runs on the folder."""


class Claim:
    """A folder that this process alone uses until `release`.

    What was not there before the claim is taken away by `release`, unless `keep` was called: a
    start that failed has served nothing, so nothing in it is missed.
    """

    def __init__(self, folder: Path) -> None:
        """Makes the folder if needed. Raises DataFolderError, InUse."""
        self._folder = folder
        self._folders = [each for each in (folder, *folder.parents) if not each.exists()]
        self._files = [name for name in MADE_AT_START if not (folder / name).exists()]
        self._keys = not (folder / KEYS).exists()
        try:
            with explained(folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._lock = open(folder / "lock", "ab")
        except DataFolderError:
            self._remove_folders()
            raise
        try:
            _lock(self._lock)
        except OSError:
            self._lock.close()
            raise InUse(
                f"Another Segel server runs on the data folder {folder}: end it, or choose "
                "another folder with --data."
            ) from None

    def keep(self) -> None:
        """The server serves: what it made stays."""
        self._folders, self._files, self._keys = [], [], False

    def release(self) -> None:
        """Lets others use the folder."""
        for name in self._files:
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()
        if self._keys:
            with contextlib.suppress(OSError):
                (self._folder / KEYS).rmdir()
        self._remove_folders()
        self._lock.close()

    def _remove_folders(self) -> None:
        """From the innermost outwards. One that holds anything stays."""
        for each in self._folders:
            with contextlib.suppress(OSError):
                each.rmdir()


def _lock(file: IO[bytes]) -> None:
    """Raises OSError if another process has the lock, or had it and has just removed the file."""
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if os.fstat(file.fileno()).st_nlink == 0:
        raise BlockingIOError


@contextlib.contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Turns what a file system or SQLite raises into a DataFolderError that says what to do."""
    try:
        yield
    except Refuse as refused:
        cause = refused.__cause__
        raise DataFolderError(_explanation(folder, cause or refused)) from refused
    except (OSError, sqlite3.Error) as error:
        raise DataFolderError(_explanation(folder, error)) from error


def _explanation(folder: Path, error: BaseException) -> str:
    if is_full(error) or _name(error) in FULL_INDEX:
        return f"The disk of the data folder {folder} is full: make room and start again."
    if isinstance(error, OSError):
        return (
            f"The data folder {folder} cannot be used: {error.strerror}. Let this user write "
            "there, or choose another folder with --data."
        )
    if isinstance(error, sqlite3.Error) and _name(error) not in DAMAGED_DATABASE:
        return (
            f"{folder / DATABASE} cannot be used: {error}. Let this user, and no other program, "
            "write to it, or choose another folder with --data."
        )
    return (
        f"{folder / DATABASE} or {folder / KEYS} is damaged, or not of Segel: put a copy in its "
        "place, or choose another folder with --data."
    )


def _name(error: BaseException) -> str:
    """SQLite's own name of one of its errors; others have none."""
    return getattr(error, "sqlite_errorname", "")


def server_key(folder: Path) -> SigningKey:
    """The server's Ed25519 key, made at the first start in `server.key`, for its owner only."""
    path = folder / "server.key"
    with explained(folder):
        if not path.exists():
            _make(path)
        seed = path.read_bytes()
    if len(seed) != SEED_SIZE:
        raise DataFolderError(
            f"{path} is damaged: it has {len(seed)} bytes in place of {SEED_SIZE}. Put a copy in "
            "its place, or choose another folder with --data."
        )
    return SigningKey(seed)


def _make(path: Path) -> None:
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as file:
        file.write(os.urandom(SEED_SIZE))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
