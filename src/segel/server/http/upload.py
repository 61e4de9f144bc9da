"""A blob's bytes on their way from a request to the disk (blobs.md 3)."""

import asyncio
from typing import TypeVar

from aiohttp import StreamReader

from segel.server.refusals import Refuse
from segel.server.storage.blob_files import BlobFile
from segel.server.storage.blobs import Blob
from segel.server.storage.store import Store
from segel.server.storage.writer import is_full

T = TypeVar("T")

PIECE = 512 * 2**10
"""Bytes that are handed to the disk at once, and that a client has `PATIENCE` for."""
PATIENCE = 60.0
DURABLE_EVERY = 8 * 2**20
"""Bytes after which what came is made durable, also within one request."""


class TooLong(Exception):
    """More bytes than the blob has."""


class Gone(Exception):
    """The blob expired while it came."""


class Upload:
    """One request's bytes, appended to a blob. While one piece is written, the next one comes in:
    no more than two are in memory.
    """

    def __init__(self, store: Store, blob: Blob, file: BlobFile) -> None:
        self._store = store
        self._blob = blob
        self._file = file
        self._piece = bytearray()
        self._written = self._settled = blob.stored
        self._writing: asyncio.Future[None] | None = None

    async def receive(self, content: StreamReader) -> None:
        """Takes all of a body. Raises TooLong, Gone, TimeoutError, what aiohttp raises of a
        connection that ends; refuses storage_full, internal. What had come is for `settle`.
        """
        while True:
            async with asyncio.timeout(PATIENCE):
                while len(self._piece) < PIECE:
                    data = await content.readany()
                    if not data:
                        return
                    if self._written + len(self._piece) + len(data) > self._blob.size:
                        raise TooLong
                    self._piece += data
            await self._write()

    async def settle(self) -> int:
        """Makes what came durable; returns how much of the blob is.

        Raises Gone. Refuses storage_full, internal: what came after the last time is not counted.
        """
        await self._write()
        await self._wait()
        if self._written > self._settled:
            await self._settle(self._written)
        return self._settled

    async def _write(self) -> None:
        await self._wait()
        if self._written - self._settled >= DURABLE_EVERY:
            await self._settle(self._written)
        piece, self._piece = self._piece, bytearray()
        if piece:
            offset = self._written
            self._written += len(piece)
            self._writing = self._store.blob_files.run(self._file.write, offset, piece)

    async def _wait(self) -> None:
        writing, self._writing = self._writing, None
        if writing is not None:
            await disk(writing)

    async def _settle(self, stored: int) -> None:
        await disk(self._store.blob_files.run(self._file.sync))
        name, today = self._blob.name, self._store.today
        blobs = self._store.blobs
        if not await self._store.run(lambda db: blobs.settle(db, name, stored, today)):
            raise Gone
        self._settled = stored


async def disk(work: "asyncio.Future[T]") -> T:
    """The result of work on the disk. Refuses storage_full, internal."""
    try:
        return await work
    except OSError as error:
        raise Refuse("storage_full" if is_full(error) else "internal") from error
