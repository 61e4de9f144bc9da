"""Blobs as rows: who may add to them and read them, how far they are, and what they may take
(blobs.md 2, 7). The bytes are in files: `blob_files`.
"""

import hmac
import os
import shutil
import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from segel.core.crypto.padding import padme
from segel.core.crypto.segment import BlobStream
from segel.core.wire.answers import BlobCreated
from segel.core.wire.requests import CreateBlob
from segel.server.refusals import Refuse
from segel.server.storage.groups import Groups
from segel.server.storage.segments import Segments, date

MAX_GROUP_BLOBS = 10_000
LEAST = 16_384
"""Bytes for which each blob counts at least: a file costs a disk more than its content."""
SALT_SIZE = 16
RESERVE = 0.05
"""The part of the disk that blobs leave to messages."""


@dataclass(slots=True, frozen=True)
class Quota:
    """What blobs may take, in bytes: one, those of a group, all."""

    largest: int = 8 * 10**9
    group: int = 20 * 10**9
    server: int = 2**53 - 1


DEFAULT_QUOTA = Quota()


@dataclass(slots=True, frozen=True)
class Blob:
    """A blob's row. `stored` bytes of `size` are on disk, in the file `place` under `stream`."""

    name: bytes
    token_hash: bytes
    size: int
    stored: int
    last_day: int
    stream: BlobStream

    @property
    def place(self) -> Path:
        """Its file in the folder of blobs."""
        return Path(date(self.last_day), self.name.hex())

    def written_by(self, token: bytes) -> bool:
        """Whether this is its write token."""
        return hmac.compare_digest(sha256(token).digest(), self.token_hash)


class Blobs:
    """The jobs over blobs.

    Each takes the thread's connection first and raises Refuse before it writes.
    """

    def __init__(self, folder: Path, segments: Segments, groups: Groups, quota: Quota) -> None:
        self._folder = folder
        self._segments = segments
        self._groups = groups
        self.quota = quota

    def create(self, db: sqlite3.Connection, ask: CreateBlob, today: int) -> BlobCreated:
        """A new blob, or the one that the same request made. Refuses as `CreateBlob` says."""
        query = "SELECT grp, token_hash, size, stored, day + ttl_days FROM blobs WHERE name = ?"
        found = db.execute(query, (ask.name,)).fetchone()
        if found is not None:
            if found[:3] != (ask.group, ask.token_hash, ask.size):
                raise Refuse("taken")
            return BlobCreated(found[3], found[4])
        if padme(ask.size) != ask.size:
            raise Refuse("malformed")
        self._make_room(db, ask)
        ttl_days = self._groups.place(db, ask.group).ttl_days
        salt = os.urandom(SALT_SIZE)
        self._segments.ensure(today, ttl_days)
        row = (ask.name, ask.group, ask.token_hash, salt, ask.size)
        insert = "INSERT INTO blobs VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)"
        db.execute(insert, (*row, today, ttl_days, today))
        return BlobCreated(0, today + ttl_days)

    def _make_room(self, db: sqlite3.Connection, ask: CreateBlob) -> None:
        if ask.size > self.quota.largest:
            raise Refuse("too_large", room=self.quota.largest)
        query = "SELECT total(max(size, ?)), total(size - stored) FROM blobs"
        used, coming = map(int, db.execute(query, (LEAST,)).fetchone())
        query = "SELECT total(max(size, ?)), count(*) FROM blobs WHERE grp = ?"
        taken, count = map(int, db.execute(query, (LEAST, ask.group)).fetchone())
        room = self.quota.group - taken if count < MAX_GROUP_BLOBS else 0
        if ask.size > room:
            raise Refuse("quota", room=max(0, min(room, self.quota.largest)))
        disk = shutil.disk_usage(self._folder)
        free = disk.free - int(disk.total * RESERVE) - coming
        room = min(self.quota.server - used, free)
        if ask.size > room:
            raise Refuse("storage_full", room=max(0, min(room, self.quota.largest)))

    def find(self, db: sqlite3.Connection, name: bytes, today: int) -> Blob | None:
        """The blob; None where there is none, or it has expired, or its key is gone."""
        query = (
            "SELECT token_hash, size, stored, day, ttl_days, salt FROM blobs"
            " WHERE name = ? AND day + ttl_days >= ?"
        )
        found = db.execute(query, (name, today)).fetchone()
        if found is None:
            return None
        token_hash, size, stored, day, ttl_days, salt = found
        try:
            stream = self._segments.stream(day, ttl_days, salt)
        except OSError:
            return None
        return Blob(name, token_hash, size, stored, day + ttl_days, stream)

    def settle(self, db: sqlite3.Connection, name: bytes, stored: int, today: int) -> bool:
        """The first `stored` bytes are on disk; False where the blob was deleted meanwhile."""
        update = "UPDATE blobs SET stored = ?, touched = ? WHERE name = ?"
        return db.execute(update, (stored, today, name)).rowcount == 1

    def delete(self, db: sqlite3.Connection, name: bytes) -> None:
        """Takes the row away, and with it the salt without which nothing opens the file."""
        db.execute("DELETE FROM blobs WHERE name = ?", (name,))

    def stored(self, db: sqlite3.Connection) -> dict[bytes, int]:
        """The bytes on disk of each blob, by name."""
        return dict(db.execute("SELECT name, stored FROM blobs"))
