"""One file on its way up: sealed slice by slice, and resumed where the server has it (files.md 2,
blobs.md 3).
"""

from collections.abc import Callable
from typing import BinaryIO, NamedTuple

import aiohttp

from segel.client.errors import FileError
from segel.client.files.blob import Blob, Patience, retry_after
from segel.client.files.thread import in_thread
from segel.core.content.sealed_file import BadFile, FileSealer

_SLICE_CHUNKS = 4
"""Chunks of a slice: 4 MiB, which a proxy passes."""

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are through."""


class _Slice(NamedTuple):
    """A sealed part of the blob, kept until it is on the server's disk: no chunk is ever sealed
    twice.
    """

    start: int
    data: bytes

    @property
    def end(self) -> int:
        return self.start + len(self.data)


class Upload:
    """Seals and sends; `blob.secret` is the write token."""

    def __init__(
        self, blob: Blob, sealer: FileSealer, source: BinaryIO, size: int, progress: Progress
    ) -> None:
        self._blob, self._sealer, self._source = blob, sealer, source
        self._size, self._progress = size, progress
        self._patience = Patience()
        self._offset = 0

    async def run(self) -> bytes:
        """Sends until the blob is complete; its hash. Raises FileError."""
        while (piece := await in_thread(self._seal)) is not None:
            while self._offset < piece.end:
                await self._send(piece)
        if self._offset != self._sealer.sealed:
            raise FileError("lost", "the server has less of the file than it was sent")
        return self._sealer.hash

    def _seal(self) -> _Slice | None:
        start = self._sealer.offset
        chunks: list[bytes] = []
        try:
            while len(chunks) < _SLICE_CHUNKS and self._sealer.wants:
                chunks.append(self._sealer.seal(self._source.read(self._sealer.takes)))
        except BadFile as error:
            raise FileError("changed", str(error)) from None
        return _Slice(start, b"".join(chunks)) if chunks else None

    async def _send(self, piece: _Slice) -> None:
        headers = {
            "Upload-Offset": str(self._offset),
            "Content-Type": "application/octet-stream",
        }
        rest = piece.data[self._offset - piece.start :]
        least = 0.0
        try:
            async with self._blob.ask("PUT", headers, rest) as answer:
                if answer.status in (204, 409):
                    return self._moved(piece, answer)
                _check(answer)
                least = retry_after(answer)
        except (aiohttp.ClientError, OSError, TimeoutError):
            pass  # what was cut off may have arrived in part: the server is asked
        await self._patience.wait(least)
        await self._resume(piece)

    async def _resume(self, piece: _Slice) -> None:
        """Asks where to go on, until the server says so."""
        while True:
            least = 0.0
            try:
                async with self._blob.ask("HEAD", {}) as answer:
                    if answer.status == 204:
                        return self._moved(piece, answer)
                    _check(answer)
                    least = retry_after(answer)
            except (aiohttp.ClientError, OSError, TimeoutError):
                pass
            await self._patience.wait(least)

    def _moved(self, piece: _Slice, answer: aiohttp.ClientResponse) -> None:
        """What the answer says is durable. The server cannot have more than was sent, and must not
        have less than it said.
        """
        said = answer.headers.get("Upload-Offset", "")
        offset = int(said) if said.isdecimal() else -1
        if not piece.start <= offset <= piece.end:
            raise FileError("lost", "the server went back behind what it had")
        if offset > self._offset:
            self._patience.reset()
        self._offset = offset
        self._progress(min(offset, self._size), self._size)


def _check(answer: aiohttp.ClientResponse) -> None:
    """Returns where it may be better in a while. Raises FileError."""
    if answer.status == 404:
        raise FileError("gone", "the server has no room for the file any more")
    if 400 <= answer.status < 500 and answer.status not in (408, 429):
        raise FileError("refused", f"the server refuses the file ({answer.status})")
