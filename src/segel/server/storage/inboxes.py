"""Inboxes and their sealed items (delivery.md 6)."""

import hmac
import sqlite3
from dataclasses import dataclass
from hashlib import sha256

from segel.core.crypto.segment import Unopenable
from segel.core.wire import hashes
from segel.core.wire.answers import InboxItems, Item
from segel.core.wire.ids import MAX_BODY
from segel.core.wire.requests import CreateInbox, Deliver
from segel.server.refusals import Refuse
from segel.server.storage.segments import Segments

MAX_INBOXES = 200_000
MAX_ALL_BYTES = 8 * 2**30
"""What all inboxes may be, and hold, together (wire.md 6)."""
MAX_ITEMS = 64
MAX_BYTES = 32 * 2**20
"""Limits of one inbox (wire.md 6)."""


@dataclass(slots=True, frozen=True)
class Inbox:
    """An inbox's row."""

    id: bytes
    key: bytes
    token_hash: bytes
    ttl_days: int
    position: int


class Inboxes:
    """The jobs over inboxes.

    Each takes the thread's connection first and raises Refuse before it writes.
    """

    def __init__(self, segments: Segments) -> None:
        self._segments = segments
        self._count: int | None = None
        self._bytes = 0

    def recount(self) -> None:
        """Counts anew at the next use: rows went by another way than these jobs."""
        self._count = None

    def _counted(self, db: sqlite3.Connection) -> tuple[int, int]:
        """How many inboxes there are, and the bytes that lie in them."""
        if self._count is None:
            (self._count,) = db.execute("SELECT count(*) FROM inboxes").fetchone()
            query = "SELECT coalesce(sum(length(sealed)), 0) FROM inbox_items"
            (self._bytes,) = db.execute(query).fetchone()
        return self._count or 0, self._bytes

    def create(self, db: sqlite3.Connection, ask: CreateInbox, day: int) -> None:
        """Makes the inbox; if it is there, nothing changes. Refuses storage_full."""
        inbox = hashes.inbox_id(ask.key)
        if db.execute("SELECT 1 FROM inboxes WHERE id = ?", (inbox,)).fetchone() is not None:
            return
        count, _ = self._counted(db)
        if count >= MAX_INBOXES:
            raise Refuse("storage_full")
        row = (inbox, ask.key, ask.token_hash, ask.ttl_days, day)
        db.execute("INSERT INTO inboxes VALUES (?, ?, ?, ?, ?, 0)", row)
        self._count = count + 1

    def find(self, db: sqlite3.Connection, inbox: bytes) -> Inbox:
        """The inbox. Refuses unknown_inbox."""
        query = "SELECT id, key, token_hash, ttl_days, position FROM inboxes WHERE id = ?"
        found = db.execute(query, (inbox,)).fetchone()
        if found is None:
            raise Refuse("unknown_inbox")
        return Inbox(*found)

    def deliver(self, db: sqlite3.Connection, ask: Deliver, day: int) -> Item:
        """Puts the item in. Refuses unknown_inbox, bad_token, inbox_full, storage_full."""
        inbox = self.find(db, ask.inbox)
        if not hmac.compare_digest(sha256(ask.token).digest(), inbox.token_hash):
            raise Refuse("bad_token")
        query = "SELECT count(*), coalesce(sum(length(sealed)), 0) FROM inbox_items WHERE inbox = ?"
        count, size = db.execute(query, (inbox.id,)).fetchone()
        if count >= MAX_ITEMS or size + len(ask.body) > MAX_BYTES:
            raise Refuse("inbox_full")
        if self._counted(db)[1] + len(ask.body) > MAX_ALL_BYTES:
            raise Refuse("storage_full")
        position = inbox.position + 1
        sealed = self._segments.seal(day, inbox.ttl_days, _where(inbox.id, position), ask.body)
        row = (inbox.id, position, day, inbox.ttl_days, sealed)
        db.execute("INSERT INTO inbox_items VALUES (?, ?, ?, ?, ?)", row)
        db.execute("UPDATE inboxes SET position = ? WHERE id = ?", (position, inbox.id))
        self._bytes += len(sealed)
        return Item(position, ask.body)

    def read(self, db: sqlite3.Connection, inbox: bytes, after: int, day: int) -> InboxItems:
        """The items after a position; the inbox's expiry starts anew. Refuses unknown_inbox."""
        self.find(db, inbox)
        query = (
            "SELECT position, day, ttl_days, sealed FROM inbox_items"
            " WHERE inbox = ? AND position > ? ORDER BY position"
        )
        items: list[Item] = []
        size, more = 0, False
        for position, *stored in db.execute(query, (inbox, after)):
            body = self._open(inbox, position, *stored)
            size += len(body)
            if items and size > MAX_BODY:
                more = True
                break
            items.append(Item(position, body))
        db.execute("UPDATE inboxes SET day = ? WHERE id = ? AND day < ?", (day, inbox, day))
        return InboxItems(items, more)

    def clear(self, db: sqlite3.Connection, inbox: bytes, upto: int) -> None:
        """Deletes the items up to and including a position."""
        query = (
            "SELECT coalesce(sum(length(sealed)), 0) FROM inbox_items"
            " WHERE inbox = ? AND position <= ?"
        )
        self._counted(db)
        self._bytes -= db.execute(query, (inbox, upto)).fetchone()[0]
        db.execute("DELETE FROM inbox_items WHERE inbox = ? AND position <= ?", (inbox, upto))

    def _open(self, inbox: bytes, position: int, day: int, ttl_days: int, sealed: bytes) -> bytes:
        try:
            return self._segments.open(day, ttl_days, _where(inbox, position), sealed)
        except (OSError, Unopenable):
            raise Refuse("internal") from None


def _where(inbox: bytes, position: int) -> bytes:
    return inbox + position.to_bytes(8, "big")
