"""A recording on disk: files of records, each a length of four bytes and the bytes."""

from collections.abc import Iterator
from pathlib import Path
from struct import pack, unpack
from typing import BinaryIO


class Recorder:
    """Appends records to one file, each written through at once so that a killed process loses
    none.
    """

    def __init__(self, path: Path) -> None:
        self._file: BinaryIO = path.open("ab", buffering=0)

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def write(self, record: bytes) -> None:
        """Append one record."""
        self._file.write(pack("!I", len(record)) + record)


def read(path: Path) -> Iterator[bytes]:
    """The records of a file; one that was cut off at the end is left out."""
    with path.open("rb") as file:
        while len(head := file.read(4)) == 4:
            size = unpack("!I", head)[0]
            record = file.read(size)
            if len(record) == size:
                yield record
