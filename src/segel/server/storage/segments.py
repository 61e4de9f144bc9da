"""Segment keys: one a day and retention class, each in a file `keys/YYYYMMDD-CLASS`.

See delivery.md 5.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from segel.core.crypto.segment import KEY_SIZE, NONCE_SIZE, BlobStream, SegmentKey

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def date(day: int) -> str:
    """YYYYMMDD of a day since 1970."""
    return f"{EPOCH + timedelta(days=day):%Y%m%d}"


def day_of(date: str) -> int:
    """The day since 1970 of a YYYYMMDD. Raises ValueError."""
    return (datetime.strptime(date, "%Y%m%d").replace(tzinfo=UTC) - EPOCH).days


class Segments:
    """The key files of a folder, read when needed. Used on the storage thread alone."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        self._folder = folder
        self._keys: dict[tuple[int, int], SegmentKey] = {}

    def seal(self, day: int, ttl_days: int, place: bytes, body: bytes) -> bytes:
        """The body under the day's key of the class, which is on disk before this returns.

        Raises OSError.
        """
        key = self._keys.get((day, ttl_days)) or self._make(day, ttl_days)
        return key.seal(os.urandom(NONCE_SIZE), place, body)

    def open(self, day: int, ttl_days: int, place: bytes, sealed: bytes) -> bytes:
        """The body. Raises OSError if the key is gone, Unopenable if it does not fit."""
        key = self._keys.get((day, ttl_days)) or self._read(day, ttl_days)
        return key.open(place, sealed)

    def ensure(self, day: int, ttl_days: int) -> None:
        """The day's key of the class is on disk when this returns. Raises OSError."""
        if (day, ttl_days) not in self._keys:
            self._make(day, ttl_days)

    def stream(self, day: int, ttl_days: int, salt: bytes) -> BlobStream:
        """The key stream of a blob. Raises OSError if the key is gone."""
        return (self._keys.get((day, ttl_days)) or self._read(day, ttl_days)).stream(salt)

    def expire(self, today: int) -> int:
        """Destroys the keys of classes whose days have passed; returns how many."""
        gone = [path for path in self._folder.iterdir() if _expired(path.name, today)]
        for path in gone:
            _destroy(path)
        if gone:
            sync_folder(self._folder)
        self._keys = {name: key for name, key in self._keys.items() if sum(name) >= today}
        return len(gone)

    def _path(self, day: int, ttl_days: int) -> Path:
        return self._folder / f"{date(day)}-{ttl_days}"

    def _make(self, day: int, ttl_days: int) -> SegmentKey:
        path = self._path(day, ttl_days)
        if not path.exists():
            _write(path, os.urandom(KEY_SIZE))
            sync_folder(self._folder)
        return self._read(day, ttl_days)

    def _read(self, day: int, ttl_days: int) -> SegmentKey:
        key = SegmentKey(self._path(day, ttl_days).read_bytes())
        self._keys[day, ttl_days] = key
        return key


def lasting(folder: Path, day: int) -> list[Path]:
    """The key files that will still be there on a day."""
    return sorted(path for path in folder.iterdir() if not _expired(path.name, day))


def _write(path: Path, content: bytes) -> None:
    """A file that is whole or absent: written beside its place, synced, then renamed."""
    beside = path.with_suffix(".new")
    with open(beside, "wb", opener=_private) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _destroy(path: Path) -> None:
    """Overwrites before removing, so that the blocks that the file had hold no key where a disk
    writes in place.
    """
    with open(path, "r+b") as file:
        file.write(bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def sync_folder(folder: Path) -> None:
    """What was made and removed in the folder is on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _expired(name: str, today: int) -> bool:
    """A key that was being written when the process died seals nothing: it goes too."""
    if name.endswith(".new"):
        return True
    written, _, ttl_days = name.partition("-")
    return day_of(written) + int(ttl_days) < today
