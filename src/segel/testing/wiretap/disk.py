"""What a server can open on its own disk: rows and items under segment keys that it still holds."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from segel.core.crypto.segment import Unopenable
from segel.server.storage.segments import Segments

ROWS = "SELECT grp, position, day, ttl_days, sealed FROM rows"
ITEMS = "SELECT inbox, position, day, ttl_days, sealed FROM inbox_items"


def open_rows(data: Path) -> Iterator[bytes]:
    """The bodies of all rows and inbox items, opened with the segment keys in the folder."""
    segments = Segments(data / "keys")
    for path in data.glob("*.db"):
        with contextlib.closing(sqlite3.connect(path)) as database:
            for query in (ROWS, ITEMS):
                for name, position, day, ttl_days, sealed in database.execute(query):
                    where = name + position.to_bytes(8, "big")
                    with contextlib.suppress(Unopenable, OSError):
                        yield segments.open(day, ttl_days, where, sealed)
