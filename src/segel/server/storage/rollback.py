"""What makes data of yesterday safe to serve today (delivery.md 8).

A server that went on where a backup ends would sign other rows at positions that it signed before:
a second history under its own key. So what was numbered is not counted on.
"""

import sqlite3

from segel.server.storage.groups import CLOSED

GENERATIONS, ITEMS = 2**16, 2**32
"""More than any meeting or inbox counts between a backup and the end of its server."""

LAST_GENERATION = 2**32 - 2


def close_all(db: sqlite3.Connection) -> None:
    """Closes every group, and goes to numbers that were never given for all that goes on."""
    db.execute("UPDATE groups SET latest = ?", (CLOSED,))
    jump = "UPDATE aliases SET generation = min(generation + ?, ?)"
    db.execute(jump, (GENERATIONS, LAST_GENERATION))
    db.execute("UPDATE inboxes SET position = position + ?", (ITEMS,))
