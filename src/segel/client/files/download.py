"""One file on its way down: each chunk is opened before a byte of it is given out (files.md 2,
blobs.md 4).
"""

from collections.abc import AsyncIterator

import aiohttp

from segel.client.errors import FileError
from segel.client.files.blob import Blob, Patience, retry_after
from segel.client.files.thread import in_thread
from segel.core.content.file_reference import FileReference
from segel.core.content.sealed_file import BadFile, FileKey, FileOpener


class Download:
    """Fetches and opens; `blob.secret` is the read capability."""

    def __init__(self, blob: Blob, file: FileReference) -> None:
        self._blob, self._hash = blob, file.hash
        self._opener = FileOpener(file.size, FileKey(file.key, file.prefix))
        self._patience = Patience()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The file, piece by piece. What comes is authentic; the file is whole only where the
        iteration ends without an error. Raises FileError.
        """
        try:
            while self._opener.wants:
                async for plain in self._connection():
                    self._patience.reset()
                    yield plain
                if self._opener.wants:
                    await self._patience.wait(self._least)
            self._opener.finish(self._hash)
        except BadFile as error:
            raise FileError("bad", str(error)) from None

    async def _connection(self) -> AsyncIterator[bytes]:
        """What one request brings; a chunk that came in part is asked for again."""
        self._least = 0.0
        headers = {"Range": f"bytes={self._opener.offset}-"}
        try:
            async with self._blob.ask("GET", headers) as answer:
                if not self._gives(answer):
                    self._least = retry_after(answer)
                    return
                while self._opener.wants:
                    chunk = await answer.content.readexactly(self._opener.wants)
                    yield await in_thread(self._opener.open, chunk)
        except (aiohttp.ClientError, OSError, TimeoutError, EOFError):
            return

    def _gives(self, answer: aiohttp.ClientResponse) -> bool:
        """False for what may be better in a while. Raises FileError, BadFile."""
        opener = self._opener
        if answer.status == 404:
            raise FileError("gone", "the server has the file no more")
        if answer.status == 416:
            raise BadFile("the blob is shorter than the file")
        if answer.status != 206:
            return False
        wanted = f"bytes {opener.offset}-{opener.sealed - 1}/{opener.sealed}"
        if answer.headers.get("Content-Range") != wanted:
            raise BadFile("the blob has another size than the file")
        return True
