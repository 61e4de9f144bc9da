"""Aliases, generations and invitations (meeting.md 7)."""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256

from segel.core.wire import hashes
from segel.core.wire.answers import Opened
from segel.core.wire.requests import OpenGeneration
from segel.server.refusals import Refuse
from segel.server.storage.groups import Groups


@dataclass(slots=True, frozen=True)
class Alias:
    """What stands under an alias."""

    generation: int
    group: bytes
    opener_key: bytes


class Aliases:
    """The jobs over aliases.

    `invited` says that a meeting's first generation needs an invitation.
    """

    def __init__(self, groups: Groups, invited: bool) -> None:
        self._groups = groups
        self._invited = invited

    def find(self, db: sqlite3.Connection, alias: bytes) -> Alias:
        """What stands under the alias. Refuses unknown_alias."""
        query = "SELECT generation, grp, opener_key FROM aliases WHERE alias = ?"
        found = db.execute(query, (alias,)).fetchone()
        if found is None:
            raise Refuse("unknown_alias")
        return Alias(*found)

    def open_generation(self, db: sqlite3.Connection, ask: OpenGeneration, today: int) -> Opened:
        """Compare-and-set on (alias, generation). The opener's signature was verified before.

        The same request again gets the group's place, since its sender may have lost the first
        answer. Refuses taken, bad_signature, invitation_required, bad_invitation.
        """
        query = "SELECT generation, grp, opener_key FROM aliases WHERE alias = ?"
        found = db.execute(query, (ask.alias,)).fetchone()
        old = None if found is None else Alias(*found)
        if old is not None and old.opener_key != ask.opener_key:
            raise Refuse("bad_signature")
        if old is not None and (old.generation, old.group) == (ask.generation, ask.group):
            return self._again(db, ask)
        self._free(db, ask, 0 if old is None else old.generation)
        if old is None and self._invited:
            _spend(db, ask.invitation, today)
        row = (ask.alias, ask.generation, ask.group, ask.opener_key, ask.ttl_days, today)
        db.execute("INSERT OR REPLACE INTO aliases VALUES (?, ?, ?, ?, ?, ?)", row)
        return self._groups.open(db, ask, today)

    def _again(self, db: sqlite3.Connection, ask: OpenGeneration) -> Opened:
        root = hashes.root_node(ask.group, ask.epoch_key)
        if self._groups.place(db, ask.group).latest != root:
            raise Refuse("taken")
        return Opened(root, self._groups.place(db, ask.group).receipt)

    def _free(self, db: sqlite3.Connection, ask: OpenGeneration, current: int) -> None:
        used = db.execute("SELECT 1 FROM groups WHERE id = ?", (ask.group,)).fetchone()
        if ask.generation != current + 1 or used is not None:
            raise Refuse("taken")


def _spend(db: sqlite3.Connection, token: bytes | None, today: int) -> None:
    if token is None:
        raise Refuse("invitation_required")
    update = (
        "UPDATE invitations SET uses = uses - 1 WHERE token_hash = ? AND uses > 0 AND expires >= ?"
    )
    if db.execute(update, (sha256(token).digest(), today)).rowcount != 1:
        raise Refuse("bad_invitation")
