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

from segel.core.wire.answers import BlobCreated
from segel.core.wire.requests import CreateBlob
from segel.core.wire.sizes import padme
from segel.server.refusals import Refuse
from segel.server.storage.groups import Groups

MAX_GROUP_BLOBS = 10_000
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
    """A blob's row. `stored` bytes of `size` are on disk."""

    name: bytes
    token_hash: bytes
    salt: bytes
    size: int
    stored: int
    day: int
    ttl_days: int

    @property
    def last_day(self) -> int:
        """The last day on which it is kept."""
        return self.day + self.ttl_days

    def written_by(self, token: bytes) -> bool:
        """Whether this is its write token."""
        return hmac.compare_digest(sha256(token).digest(), self.token_hash)


class Blobs:
    """The jobs over blobs.

    Each takes the thread's connection first and raises Refuse before it writes.
    """

    def __init__(self, folder: Path, groups: Groups, quota: Quota) -> None:
        self._folder = folder
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
        row = (ask.name, ask.group, ask.token_hash, os.urandom(SALT_SIZE), ask.size)
        insert = "INSERT INTO blobs VALUES (?, ?, ?, ?, ?, 0, ?, ?, ?)"
        db.execute(insert, (*row, today, ttl_days, today))
        return BlobCreated(0, today + ttl_days)

    def _make_room(self, db: sqlite3.Connection, ask: CreateBlob) -> None:
        if ask.size > self.quota.largest:
            raise Refuse("too_large", room=self.quota.largest)
        query = "SELECT total(size), total(size - stored), count(*) FROM blobs"
        used, coming, _ = map(int, db.execute(query).fetchone())
        of_group = db.execute(f"{query} WHERE grp = ?", (ask.group,)).fetchone()
        taken, _, count = map(int, of_group)
        room = self.quota.group - taken if count < MAX_GROUP_BLOBS else 0
        if ask.size > room:
            raise Refuse("quota", room=max(0, min(room, self.quota.largest)))
        disk = shutil.disk_usage(self._folder)
        free = disk.free - int(disk.total * RESERVE) - coming
        room = min(self.quota.server - used, free)
        if ask.size > room:
            raise Refuse("storage_full", room=max(0, min(room, self.quota.largest)))

    def find(self, db: sqlite3.Connection, name: bytes, today: int) -> Blob | None:
        """The blob, or None where there is none that has not expired."""
        query = (
            "SELECT name, token_hash, salt, size, stored, day, ttl_days FROM blobs"
            " WHERE name = ? AND day + ttl_days >= ?"
        )
        found = db.execute(query, (name, today)).fetchone()
        return None if found is None else Blob(*found)

    def settle(self, db: sqlite3.Connection, name: bytes, stored: int, today: int) -> bool:
        """The first `stored` bytes are on disk; False where the blob was deleted meanwhile."""
        update = "UPDATE blobs SET stored = ?, touched = ? WHERE name = ?"
        return db.execute(update, (stored, today, name)).rowcount == 1

    def delete(self, db: sqlite3.Connection, name: bytes) -> None:
        """Takes the row away, and with it what opens the file."""
        db.execute("DELETE FROM blobs WHERE name = ?", (name,))

    def names(self, db: sqlite3.Connection) -> set[bytes]:
        """Of all blobs."""
        return {name for (name,) in db.execute("SELECT name FROM blobs")}
