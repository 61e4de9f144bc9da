"""Groups, their nodes and their log: the jobs that the storage thread carries out (delivery.md 2).

The commits and the read rule are of section 3.
"""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from segel.core.crypto.ed25519 import SigningKey
from segel.core.crypto.segment import Unopenable
from segel.core.wire import hashes, signing
from segel.core.wire.answers import Appended, Child, Opened, Receipt, Row
from segel.core.wire.ids import MAX_BODY
from segel.core.wire.requests import Append, Commit, OpenGeneration
from segel.server.refusals import Refuse
from segel.server.storage.segments import Segments

MAX_ROWS = 400
"""Rows of one answer: with a byte bound of MAX_BODY they fit a frame."""


CLOSED = b""
"""In place of the latest node: the log is read to its end, and nothing is added to it any more."""


@dataclass(slots=True, frozen=True)
class Place:
    """Where a group's log stands."""

    group: bytes
    ttl_days: int
    latest: bytes
    receipt: Receipt


@dataclass(slots=True, frozen=True)
class Reading:
    """What a node's key opens: rows, then children; `more` says that something was left out."""

    rows: list[Row]
    more: bool
    children: list[Child]
    receipt: Receipt


class Groups:
    """The jobs over groups.

    Each takes the thread's connection first and raises Refuse before it writes.
    """

    def __init__(self, segments: Segments, server_key: SigningKey) -> None:
        self._segments = segments
        self._key = server_key
        self._log_id = hashes.log_id(server_key.public)

    def open(self, db: sqlite3.Connection, ask: OpenGeneration, day: int) -> Opened:
        """A new group with its root node."""
        root = hashes.root_node(ask.group, ask.epoch_key)
        receipt = self._receipt(ask.group, 0, hashes.first_head(ask.group, root))
        place = (ask.ttl_days, root, 0, receipt.head, receipt.signature, day)
        db.execute("INSERT INTO groups VALUES (?, ?, ?, ?, ?, ?, ?)", (ask.group, *place))
        db.execute("INSERT INTO nodes VALUES (?, ?, ?, ?)", (ask.group, root, ask.epoch_key, day))
        return Opened(root, receipt)

    def place(self, db: sqlite3.Connection, group: bytes) -> Place:
        """Where the log stands. Refuses unknown_group."""
        query = "SELECT ttl_days, latest, position, head, signature FROM groups WHERE id = ?"
        found = db.execute(query, (group,)).fetchone()
        if found is None:
            raise Refuse("unknown_group")
        ttl_days, latest, position, head, signature = found
        return Place(group, ttl_days, latest, Receipt(position, head, signature))

    def epoch_key(self, db: sqlite3.Connection, group: bytes, node: bytes) -> bytes:
        """The node's epoch key. Refuses unknown_group, unknown_node."""
        query = "SELECT epoch_key FROM nodes WHERE grp = ? AND id = ?"
        found = db.execute(query, (group, node)).fetchone()
        if found is None:
            self.place(db, group)
            raise Refuse("unknown_node")
        return bytes(found[0])

    def children(self, db: sqlite3.Connection, group: bytes, node: bytes) -> list[Child]:
        """The node's children, in order."""
        query = (
            "SELECT c.child, n.epoch_key,"
            " r.position, r.head, r.signature, r.day, r.ttl_days, r.sealed FROM children c"
            " JOIN nodes n ON n.grp = c.grp AND n.id = c.child"
            " JOIN rows r ON r.grp = c.grp AND r.position = c.position"
            " WHERE c.grp = ? AND c.parent = ? ORDER BY c.place"
        )
        found = []
        for child, key, position, head, signature, *stored in db.execute(query, (group, node)):
            body = self._open(group, position, *stored)
            found.append(Child(child, body, key, Receipt(position, head, signature)))
        return found

    def commit(self, db: sqlite3.Connection, ask: Commit, day: int) -> Child:
        """Appends the commit as the node's first child. Refuses unknown_*, conflict."""
        place = self.place(db, ask.group)
        self._latest(db, place, ask.node, "conflict")
        child = hashes.child_node(ask.node, sha256(ask.commit).digest(), ask.child_key)
        receipt = self._append(db, place, day, hashes.ROW_COMMIT, child, ask.commit)
        db.execute("INSERT INTO nodes VALUES (?, ?, ?, ?)", (ask.group, child, ask.child_key, day))
        entry = (ask.group, ask.node, 0, child, receipt.position)
        db.execute("INSERT INTO children VALUES (?, ?, ?, ?, ?)", entry)
        db.execute("UPDATE groups SET latest = ? WHERE id = ?", (child, ask.group))
        return Child(child, ask.commit, ask.child_key, receipt)

    def append(self, db: sqlite3.Connection, ask: Append, day: int) -> Appended:
        """Appends the message under the node. Refuses unknown_*, stale."""
        place = self.place(db, ask.group)
        self._latest(db, place, ask.node, "stale")
        receipt = self._append(db, place, day, hashes.ROW_MESSAGE, ask.node, ask.body)
        return Appended(ask.node, receipt)

    def latest(self, db: sqlite3.Connection, group: bytes, node: bytes) -> None:
        """Returns if the node is the group's latest. Refuses unknown_*, stale."""
        self._latest(db, self.place(db, group), node, "stale")

    def read(self, db: sqlite3.Connection, group: bytes, node: bytes, after: int) -> Reading:
        """What the node's key opens, after a position. Refuses unknown_*.

        Of a closed group there is always more, until there is nothing: nobody comes to stand in it.
        """
        place = self.place(db, group)
        self.epoch_key(db, group, node)
        rows, size, more = self._rows(db, group, node, after)
        children = self.children(db, group, node)
        if place.latest == CLOSED:
            more = bool(rows)
            if not rows and not children:
                raise Refuse("unknown_node")
        receipt = children[0].receipt if children else place.receipt
        if more or size + sum(len(child.commit) for child in children) > MAX_BODY:
            return (
                Reading(rows, True, [], receipt)
                if rows
                else Reading(rows, False, children, receipt)
            )
        return Reading(rows, False, children, receipt)

    def _rows(
        self, db: sqlite3.Connection, group: bytes, node: bytes, after: int
    ) -> tuple[list[Row], int, bool]:
        query = (
            "SELECT position, head, signature, day, ttl_days, sealed FROM rows"
            " WHERE grp = ? AND position > ? AND node = ? AND kind = 2 ORDER BY position LIMIT ?"
        )
        rows: list[Row] = []
        size = 0
        for position, head, signature, *stored in db.execute(
            query, (group, after, node, MAX_ROWS + 1)
        ):
            body = self._open(group, position, *stored)
            if rows and (len(rows) == MAX_ROWS or size + len(body) > MAX_BODY):
                return rows, size, True
            rows.append(Row(body, Receipt(position, head, signature)))
            size += len(body)
        return rows, size, False

    def _latest(
        self, db: sqlite3.Connection, place: Place, node: bytes, code: Literal["stale", "conflict"]
    ) -> None:
        if place.latest == node:
            return
        self.epoch_key(db, place.group, node)
        children = self.children(db, place.group, node)
        raise Refuse(code, child=children[0]) if children else Refuse("unknown_node")

    def _append(
        self,
        db: sqlite3.Connection,
        place: Place,
        day: int,
        kind: Literal[1, 2],
        node: bytes,
        body: bytes,
    ) -> Receipt:
        position = place.receipt.position + 1
        head = hashes.next_head(place.receipt.head, position, kind, node, body)
        receipt = self._receipt(place.group, position, head)
        sealed = self._segments.seal(day, place.ttl_days, _where(place.group, position), body)
        row = (
            place.group,
            position,
            kind,
            node,
            head,
            receipt.signature,
            day,
            place.ttl_days,
            sealed,
        )
        db.execute("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        update = "UPDATE groups SET position = ?, head = ?, signature = ?, day = ? WHERE id = ?"
        db.execute(update, (position, head, receipt.signature, day, place.group))
        return receipt

    def _receipt(self, group: bytes, position: int, head: bytes) -> Receipt:
        signed = signing.receipt(self._log_id, group, position, head)
        return Receipt(position, head, self._key.sign(signed))

    def _open(self, group: bytes, position: int, day: int, ttl_days: int, sealed: bytes) -> bytes:
        try:
            return self._segments.open(day, ttl_days, _where(group, position), sealed)
        except (OSError, Unopenable):
            raise Refuse("internal") from None


def _where(group: bytes, position: int) -> bytes:
    return group + position.to_bytes(8, "big")
