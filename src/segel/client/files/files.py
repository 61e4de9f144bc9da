"""The files of one meeting (files.md)."""

import asyncio
import mimetypes
import os
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

import aiohttp

from segel.client.errors import FileError, FileProblem, RefusedCall, Unreachable, UsageError
from segel.client.files.blob import Blob, Patience
from segel.client.files.download import Download
from segel.client.files.thread import in_thread
from segel.client.files.upload import Progress, Upload
from segel.client.meeting.ground import Party
from segel.client.meeting.membership import Membership
from segel.client.vault import Vault
from segel.core.content.file_name import clean_file_name, split_extension
from segel.core.content.file_reference import MAX_SIZE, FileReference, clean_type
from segel.core.content.sealed_file import FileKey, FileSealer, sealed_size
from segel.core.wire import requests
from segel.core.wire.answers import BlobCreated
from segel.core.wire.hashes import blob_name

_AT_ONCE = 2
"""Uploads at once; each holds a slice of 4 MiB."""
_SECONDS_A_DAY = 86_400
_NO_ROOM: dict[str, FileProblem] = {
    "too_large": "too_large",
    "quota": "quota",
    "storage_full": "storage_full",
    "malformed": "refused",
    "taken": "refused",
    "unknown_method": "refused",
}
"""What `create_blob` is refused with for good."""


class Files:
    """Uploads and downloads. `member` is the present membership, None outside."""

    def __init__(
        self,
        party: Party,
        vault: Vault,
        session: aiohttp.ClientSession,
        member: Callable[[], Membership | None],
    ) -> None:
        self._party, self._vault, self._session, self._member = party, vault, session, member
        self._box = f"meeting/{party.keys.alias.hex()}/tokens"
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def upload(self, path: Path, name: str, progress: Progress) -> tuple[FileReference, Blob]:
        """Seals and sends a file; what to name it by in a message. Raises FileError, UsageError."""
        try:
            source = await in_thread(path.open, "rb")
        except OSError as error:
            raise UsageError(f"{path}: {error.strerror or error}") from None
        with source:
            async with self._slots:
                return await self._upload(source, name, progress)

    async def _upload(
        self, source: BinaryIO, name: str, progress: Progress
    ) -> tuple[FileReference, Blob]:
        size = os.fstat(source.fileno()).st_size
        if size > MAX_SIZE:
            raise FileError("too_large", "the file is too large")
        draw = self._party.entropy.random
        key, capability, token = FileKey(draw(32), draw(7)), draw(32), draw(16)
        blob = Blob(self._session, self._party.link.origin, blob_name(capability), token)
        expires = await self._make_room(blob, sealed_size(size))
        try:
            sealer = FileSealer(size, key)
            digest = await Upload(blob, sealer, source, size, progress).run()
        except BaseException:
            await asyncio.shield(blob.discard())
            raise
        claimed = clean_type(mimetypes.guess_type(name)[0] or "")
        file = FileReference(
            capability, *key, size, digest, clean_file_name(name), claimed, expires
        )
        return file, blob

    async def _make_room(self, blob: Blob, size: int) -> int:
        """Until the server has room for the blob; the second at which it expires."""
        patience = Patience()
        token = sha256(blob.secret).digest()
        while True:
            member = self._member()
            if member is not None and member.ground.entered:
                ground = member.ground
                request = requests.CreateBlob(
                    ground.group.group_id, ground.node, blob.name, token, size
                )
                try:
                    made = await self._party.call(request, BlobCreated)
                    return (made.expires + 1) * _SECONDS_A_DAY
                except RefusedCall as error:
                    problem = _NO_ROOM.get(error.refusal.code)
                    if problem is not None:
                        raise FileError(problem, error.refusal.detail) from None
                except Unreachable:
                    pass
            await patience.wait()

    def keep_token(self, message: str, blob: Blob) -> None:
        """Whoever gave a file may delete it with its message."""
        self._vault.put(self._box, message, blob.secret)

    async def deleted(self, message: str, file: FileReference) -> None:
        """The message was deleted by its sender: its blob goes too."""
        token = self._vault.get(self._box, message)
        if token is None:
            return
        name = blob_name(file.capability)
        await Blob(self._session, self._party.link.origin, name, token).discard()
        self._vault.delete(self._box, message)

    def read(self, file: FileReference) -> AsyncIterator[bytes]:
        """The file, piece by piece; whole only where the iteration ends. Raises FileError."""
        name = blob_name(file.capability)
        blob = Blob(self._session, self._party.link.origin, name, file.capability)
        return Download(blob, file).chunks()

    async def save(self, file: FileReference, to: Path, progress: Progress) -> Path:
        """Saves the file under its name in a folder, or under the name that `to` is. It has its
        name only once it is whole; a file that is there already stays. Raises FileError,
        UsageError.
        """
        target = await in_thread(_target, to, file.name)
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}.part")
        try:
            with await in_thread(part.open, "xb") as out:
                done = 0
                async for piece in self.read(file):
                    await in_thread(out.write, piece)
                    done += len(piece)
                    progress(done, file.size)
            return await in_thread(_name, part, target)
        except OSError as error:
            raise UsageError(f"{target}: {error.strerror or error}") from None
        finally:
            part.unlink(missing_ok=True)


def _target(to: Path, name: str) -> Path:
    return to / name if to.is_dir() else to


def _name(part: Path, target: Path) -> Path:
    """Gives a whole file its name, or the next one that is free."""
    stem, extension = split_extension(target.name)
    number, free = 1, target
    while True:
        try:
            os.link(part, free)
        except FileExistsError:
            number += 1
            free = target.with_name(f"{stem} ({number}){extension}")
            continue
        except OSError:
            # A file system without links, as of a memory stick.
            if free.exists():
                raise
            part.rename(free)
        return free
