"""Blobs as files: written and read in threads of their own, each under its blob's key stream
(blobs.md 7).
"""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

from segel.core.crypto.segment import BlobStream
from segel.server.storage.blobs import Blob
from segel.server.storage.segments import day_of, sync_folder

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 8
DAY = 86_400


class BlobFile:
    """One open file. Its methods block, and may be called by any thread, one after the other.

    `today` is what the times of a written file say: they are no finer than a day.
    """

    def __init__(
        self, path: Path, flags: int, stream: BlobStream, today: int | None = None
    ) -> None:
        """Raises OSError."""
        self._handle = os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        self._stream = stream
        self._today = today
        self._lock = threading.Lock()

    def write(self, offset: int, data: bytes | bytearray) -> None:
        """Raises OSError; then some of it may have been written."""
        with self._lock:
            left = memoryview(self._stream.apply(offset, data))
            while left:
                written = os.pwrite(self._handle, left, offset)
                offset, left = offset + written, left[written:]

    def sync(self) -> None:
        """What was written is on disk when this returns. Raises OSError."""
        with self._lock:
            os.fdatasync(self._handle)

    def read(self, offset: int, size: int) -> bytes:
        """At most `size` bytes from there on. Raises OSError."""
        with self._lock:
            return self._stream.apply(offset, os.pread(self._handle, size, offset))

    def close(self) -> None:
        """Nothing is called after it."""
        with self._lock:
            if self._today is not None:
                with contextlib.suppress(OSError):
                    os.utime(self._handle, (self._today * DAY, self._today * DAY))
            os.close(self._handle)
            # What was still to be done must not meet another file under the same number.
            self._handle = -1


class BlobFiles:
    """The folder of blobs, made when the first one comes, and the threads that work in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = ThreadPoolExecutor(THREADS, "segel-blobs")

    def run(
        self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs
    ) -> "asyncio.Future[T]":
        """The result of work that blocks."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, lambda: work(*arguments, **named))

    def open_to_write(self, blob: Blob, today: int) -> BlobFile:
        """The blob's file, made if it is not there. Blocks. Raises OSError."""
        path = self._folder / blob.place
        new = not path.exists()
        for folder in (self._folder, path.parent):
            if not folder.exists():
                folder.mkdir(mode=0o700, exist_ok=True)
                sync_folder(folder.parent)
        file = BlobFile(path, os.O_WRONLY | os.O_CREAT, blob.stream, today)
        if new:
            sync_folder(path.parent)
        return file

    def open_to_read(self, blob: Blob) -> BlobFile:
        """The blob's file; the disk is not told of its reading. Blocks. Raises OSError."""
        path = self._folder / blob.place
        return BlobFile(path, os.O_RDONLY | os.O_NOATIME, blob.stream)

    def remove(self, blob: Blob) -> None:
        """Removes the blob's file, if there is one. Blocks. Raises OSError."""
        (self._folder / blob.place).unlink(missing_ok=True)

    def sizes(self) -> dict[Path, int]:
        """The size of each file in the folder. Blocks. Raises OSError."""
        found = {}
        for path in self._folder.glob("*/*"):
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                found[path] = path.stat().st_size
        return found

    def sweep(self, found: Mapping[Path, int], kept: Mapping[bytes, int], today: int) -> int:
        """Removes, of the files that were found, those that no kept blob has, and the folders of
        days that have passed; returns how many files. Blocks. Raises OSError.
        """
        gone = [path for path in found if _name(path) not in kept]
        for path in gone:
            path.unlink(missing_ok=True)
        for folder in self._folder.glob("*"):
            if day_of(folder.name) < today:
                with contextlib.suppress(FileNotFoundError):
                    folder.rmdir()
        return len(gone)

    def close(self) -> None:
        """Waits for the threads' work."""
        self._threads.shutdown()


def broken(found: Mapping[Path, int], stored: Mapping[bytes, int]) -> list[bytes]:
    """The blobs of which less is on disk than their rows say: restored without their files."""
    sizes = {_name(path): size for path, size in found.items()}
    return [name for name, size in stored.items() if sizes.get(name, 0) < size]


def _name(path: Path) -> bytes:
    try:
        return bytes.fromhex(path.name)
    except ValueError:
        return b""
