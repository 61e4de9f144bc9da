"""What expires, and how it goes: keys first, then rows, then the freed pages and the WAL
(delivery.md 5).
"""

import sqlite3

from segel.server.storage.segments import Segments

DELETIONS = (
    "DELETE FROM rows WHERE day + ttl_days < :today",
    "DELETE FROM inbox_items WHERE day + ttl_days < :today",
    "DELETE FROM inboxes WHERE day + ttl_days < :today",
    "DELETE FROM blobs WHERE day + ttl_days < :today OR (stored < size AND touched + 1 < :today)",
    "DELETE FROM aliases WHERE day + ttl_days < :today"
    " AND NOT EXISTS (SELECT 1 FROM groups g"
    " WHERE g.id = aliases.grp AND g.day + g.ttl_days >= :today)",
    "DELETE FROM groups WHERE day + ttl_days < :today",
    "DELETE FROM nodes WHERE NOT EXISTS (SELECT 1 FROM groups g WHERE g.id = nodes.grp"
    " AND (g.latest = nodes.id OR nodes.day + g.ttl_days >= :today))",
    "DELETE FROM children WHERE NOT EXISTS"
    " (SELECT 1 FROM rows r WHERE r.grp = children.grp AND r.position = children.position)",
    "DELETE FROM invitations WHERE uses = 0 OR expires < :today",
)
"""A group lives until its class's days have passed after its last row; a node as long as its
commit's row; an upload as long as something came yesterday or today.
"""


def expire(db: sqlite3.Connection, segments: Segments, today: int) -> int:
    """Deletes what has expired; returns how many keys, rows and names went.

    One job of the storage thread.
    """
    keys = segments.expire(today)
    return keys + sum(db.execute(query, {"today": today}).rowcount for query in DELETIONS)


def truncate(db: sqlite3.Connection) -> None:
    """Brings the WAL's pages into the database and empties the WAL; outside any transaction."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
