"""Invitations that an operator gives out: who may start a meeting.

Only hashes of them rest here.
"""

import sqlite3
from dataclasses import dataclass
from hashlib import sha256


@dataclass(slots=True, frozen=True)
class Invitation:
    """An invitation as a list shows it: `name` is the first 8 hex digits of the token's hash."""

    name: str
    note: str
    uses: int
    expires: int


def add(db: sqlite3.Connection, token: bytes, note: str, uses: int, expires: int) -> None:
    """Lets `token` (16 bytes) start `uses` meetings until the day `expires`."""
    row = (sha256(token).digest(), note, uses, expires)
    db.execute("INSERT INTO invitations VALUES (?, ?, ?, ?)", row)


def listed(db: sqlite3.Connection) -> list[Invitation]:
    """All invitations."""
    rows = db.execute("SELECT token_hash, note, uses, expires FROM invitations ORDER BY expires")
    return [Invitation(token_hash.hex()[:8], *rest) for token_hash, *rest in rows]


def revoke(db: sqlite3.Connection, name: str) -> int:
    """Takes back the invitations of a name; returns how many there were."""
    query = "DELETE FROM invitations WHERE substr(lower(hex(token_hash)), 1, 8) = ?"
    return db.execute(query, (name.lower(),)).rowcount
