"""The file: a tar of the data folder's files, their hashes last (docs/operators.md)."""

import contextlib
import hashlib
import io
import os
import re
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import msgspec

from segel.server import data as data_folder

CONTENTS = "backup.json"
SETTINGS = "segel.toml"
KNOWN = re.compile(
    rf"{data_folder.DATABASE}|server\.key|{SETTINGS}"
    rf"|{data_folder.KEYS}/\d{{8}}-\d{{1,2}}|blobs/\d{{8}}/[0-9a-f]{{64}}"
)
"""Every name that a backup can hold; another one is not written anywhere."""

CHUNK = 2**20
NOT_WHOLE = "This is no whole backup of Segel: it was cut off or changed. Take another one."

Told = Callable[[int], None]
"""Told of each number of bytes that was copied."""


class BackupError(Exception):
    """The file is no whole backup, or cannot be made; the text says why and what to do."""


@dataclass(slots=True, frozen=True)
class Contents:
    """What a backup is, by its own last file. Days are ISO 8601, in UTC."""

    segel: str
    """The version that made it."""
    schema: int
    made: str
    keep_until: str
    """The last day on which it may exist."""
    files: dict[str, str]
    """SHA-256 of each file, in hex."""


@dataclass(slots=True, frozen=True)
class Part:
    """One file of a backup."""

    name: str
    path: Path
    size: int


class _Counted:
    """A file that hashes what is read of it."""

    def __init__(self, file: IO[bytes], told: Told) -> None:
        self._file, self._told, self._hash = file, told, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """As of a file."""
        chunk = self._file.read(size)
        self._hash.update(chunk)
        self._told(len(chunk))
        return chunk

    @property
    def hash(self) -> str:
        """SHA-256 of what was read, in hex."""
        return self._hash.hexdigest()


def write(into: IO[bytes], parts: list[Part], contents: Contents, told: Told) -> None:
    """Writes the parts, then the contents with their hashes. Raises OSError.

    A part that is gone by now is left out: its owner deleted it.
    """
    with tarfile.open(fileobj=into, mode="w") as archive:
        for part in parts:
            with contextlib.suppress(FileNotFoundError), part.path.open("rb") as file:
                counted = _Counted(file, told)
                archive.addfile(_member(part.name, part.size), cast("IO[bytes]", counted))
                contents.files[part.name] = counted.hash
        last = msgspec.json.format(msgspec.json.encode(contents))
        archive.addfile(_member(CONTENTS, len(last)), io.BytesIO(last))


def _member(name: str, size: int) -> tarfile.TarInfo:
    """Without the owner, the times and the names of this machine."""
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member


def read(file: IO[bytes], folder: Path, told: Told) -> Contents:
    """Writes the parts into an empty folder. Raises BackupError, OSError."""
    found: dict[str, str] = {}
    contents: Contents | None = None
    try:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for member in archive:
                opened = archive.extractfile(member)
                if opened is None or contents is not None:
                    raise BackupError(NOT_WHOLE)
                if member.name == CONTENTS:
                    contents = msgspec.json.decode(opened.read(), type=Contents)
                elif KNOWN.fullmatch(member.name):
                    found[member.name] = _put(_Counted(opened, told), folder / member.name)
                else:
                    raise BackupError(NOT_WHOLE)
    except (tarfile.TarError, msgspec.DecodeError) as error:
        raise BackupError(NOT_WHOLE) from error
    if contents is None or contents.files != found:
        raise BackupError(NOT_WHOLE)
    return contents


def _put(counted: _Counted, path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "xb", opener=_private) as into:
        while chunk := counted.read(CHUNK):
            into.write(chunk)
        into.flush()
        os.fsync(into.fileno())
    return counted.hash


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
