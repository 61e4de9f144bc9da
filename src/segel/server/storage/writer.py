"""One thread that owns the database; what waits at the same time shares one transaction
(delivery.md 4).

Jobs run in the order of their submission, and their results reach the event loop in that order, all
after the transaction is on disk. So a read that is submitted before a write sees the log before it,
and whoever acts on the results in order needs no lock.
"""

import asyncio
import errno
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from segel.server.refusals import Refuse

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], Any]

MAX_BATCH = 512
"""Jobs in one transaction: bounds how long the first waits for the last."""


@dataclass(slots=True)
class _Pending:
    job: Job
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """The thread.

    `transactions` counts those that changed the file; `healthy` is False after a failed one.
    """

    def __init__(self, database: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._database = database
        self._loop = loop
        self._queue: queue.SimpleQueue[_Pending | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="segel-storage")
        self.transactions = 0
        self.healthy = True
        self._closed = False
        self._thread.start()

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """The job's result once its transaction is on disk.

        The job may raise Refuse, and only before it writes.

        Storage errors come as Refuse("storage_full") or Refuse("internal").
        """
        future: asyncio.Future[T] = self._loop.create_future()
        if self._closed:
            future.set_exception(Refuse("internal"))
        else:
            self._queue.put(_Pending(job, future))
        return future

    def between(self, job: Callable[[sqlite3.Connection], T]) -> asyncio.Future[T]:
        """The result of a job that runs in no transaction: a checkpoint."""

        def alone(database: sqlite3.Connection) -> T:
            database.execute("COMMIT")
            result = job(database)
            database.execute("BEGIN IMMEDIATE")
            return result

        return self.submit(alone)

    async def close(self) -> None:
        """Carries out what was submitted, then closes the database and empties the WAL."""
        self._closed = True
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        going = True
        while going:
            batch, going = self._collect()
            if batch:
                self._carry_out(batch)
                self._loop.call_soon_threadsafe(_deliver, batch)
        self._database.close()

    def _collect(self) -> tuple[list[_Pending], bool]:
        """Waits for a job and takes all that are there; False says that the writer is closing."""
        batch: list[_Pending] = []
        item = self._queue.get()
        while item is not None:
            batch.append(item)
            if len(batch) == MAX_BATCH or self._queue.empty():
                return batch, True
            item = self._queue.get()
        return batch, False

    def _carry_out(self, batch: list[_Pending]) -> None:
        before = self._database.total_changes
        try:
            self._database.execute("BEGIN IMMEDIATE")
            for pending in batch:
                self._one(pending)
            self._database.execute("COMMIT")
            self.transactions += self._database.total_changes > before
            self.healthy = True
        except Exception as error:  # whatever a job raises, the thread lives on
            self._fail(batch, error)

    def _one(self, pending: _Pending) -> None:
        try:
            pending.result = pending.job(self._database)
        except Refuse as refusal:
            pending.error = refusal

    def _fail(self, batch: list[_Pending], error: Exception) -> None:
        """Nothing of the batch is on disk: all are told so."""
        full = is_full(error)
        self.healthy = False
        if self._database.in_transaction:
            self._database.execute("ROLLBACK")
        for pending in batch:
            refused = Refuse("storage_full", retry_after=30_000) if full else Refuse("internal")
            # For whoever starts a server; clients are told the code alone.
            refused.__cause__ = error
            pending.error = refused


def is_full(error: BaseException) -> bool:
    """Whether a write failed for want of room."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return getattr(error, "sqlite_errorname", "") in ("SQLITE_FULL", "SQLITE_IOERR_WRITE")


def _deliver(batch: list[_Pending]) -> None:
    for pending in batch:
        if pending.future.cancelled():
            continue
        if pending.error is not None:
            pending.future.set_exception(pending.error)
        else:
            pending.future.set_result(pending.result)
