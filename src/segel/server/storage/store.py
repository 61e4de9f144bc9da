"""The storage of one server: its folder, its thread, its jobs."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from segel.core.crypto.ed25519 import SigningKey
from segel.server.refusals import Refuse
from segel.server.storage.aliases import Aliases
from segel.server.storage.blob_files import BlobFiles, broken
from segel.server.storage.blobs import DEFAULT_QUOTA, Blobs, Quota
from segel.server.storage.groups import Groups
from segel.server.storage.inboxes import Inboxes
from segel.server.storage.retention import expire, truncate
from segel.server.storage.schema import VERSION, open_database
from segel.server.storage.segments import Segments
from segel.server.storage.writer import Writer

T = TypeVar("T")
DAY = 86_400
HOUR = 3600


class Store:
    """What a server keeps. `run` carries out a job; its result comes once it is on disk.

    `now` gives Unix seconds; only whole days of it are stored. Raises WrongVersion, sqlite3.Error,
    OSError.
    """

    def __init__(
        self,
        folder: Path,
        server_key: SigningKey,
        now: Callable[[], float],
        *,
        invited: bool,
        quota: Quota = DEFAULT_QUOTA,
    ) -> None:
        self._segments = Segments(folder / "keys")
        self._now = now
        self.groups = Groups(self._segments, server_key)
        self.aliases = Aliases(self.groups, invited)
        self.inboxes = Inboxes(self._segments)
        self.blobs = Blobs(folder, self._segments, self.groups, quota)
        self.blob_files = BlobFiles(folder / "blobs")
        self.writer = Writer(open_database(folder / "segel.db"), asyncio.get_running_loop())

    @property
    def today(self) -> int:
        """Whole days since 1970, UTC."""
        return int(self._now()) // DAY

    def run(self, job: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """See `Writer.submit`."""
        return self.writer.submit(job)

    async def expire(self) -> int:
        """Deletes what has expired, down to the WAL; returns how many things went.

        Raises Refuse.
        """
        today = self.today
        gone = await self.run(lambda db: expire(db, self._segments, today))
        self.inboxes.recount()
        await self.writer.between(truncate)
        try:
            return gone + await self._sweep(today)
        except OSError as error:
            raise Refuse("internal") from error

    async def _sweep(self, today: int) -> int:
        """Brings the rows of blobs and their files together: a row is there before its file. So
        rows are read before the files that they need, and after those that need them.
        """
        before = await self.run(self.blobs.stored)
        found = await self.blob_files.run(self.blob_files.sizes)
        for name in broken(found, before):
            await self.run(partial(self.blobs.delete, name=name))
        kept = await self.run(self.blobs.stored)
        return await self.blob_files.run(self.blob_files.sweep, found, kept, today)

    async def probe(self) -> None:
        """Returns if storage works; after a failure it tries to write.

        Refuses storage_full, internal.
        """
        if not self.writer.healthy:
            await self.run(lambda db: db.execute(f"PRAGMA user_version = {VERSION}"))

    async def close(self) -> None:
        """Carries out what was submitted and closes the files."""
        await asyncio.to_thread(self.blob_files.close)
        await self.writer.close()
