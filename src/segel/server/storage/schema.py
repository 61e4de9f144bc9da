"""The tables.

Times are whole days since 1970; no column says who is in a group, sent a row, or reads an inbox.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

TABLES = """
CREATE TABLE groups (
    id BLOB PRIMARY KEY, ttl_days INTEGER NOT NULL, latest BLOB NOT NULL,
    position INTEGER NOT NULL, head BLOB NOT NULL, signature BLOB NOT NULL, day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE nodes (
    grp BLOB NOT NULL, id BLOB NOT NULL, epoch_key BLOB NOT NULL, day INTEGER NOT NULL,
    PRIMARY KEY (grp, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE children (
    grp BLOB NOT NULL, parent BLOB NOT NULL, place INTEGER NOT NULL, child BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (grp, parent, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE rows (
    grp BLOB NOT NULL, position INTEGER NOT NULL, kind INTEGER NOT NULL, node BLOB NOT NULL,
    head BLOB NOT NULL, signature BLOB NOT NULL, day INTEGER NOT NULL, ttl_days INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (grp, position)
) STRICT;
CREATE INDEX rows_by_class ON rows (ttl_days, day);
CREATE TABLE aliases (
    alias BLOB PRIMARY KEY, generation INTEGER NOT NULL, grp BLOB NOT NULL,
    opener_key BLOB NOT NULL, ttl_days INTEGER NOT NULL, day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE inboxes (
    id BLOB PRIMARY KEY, key BLOB NOT NULL, token_hash BLOB NOT NULL, ttl_days INTEGER NOT NULL,
    day INTEGER NOT NULL, position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox_items (
    inbox BLOB NOT NULL, position INTEGER NOT NULL, day INTEGER NOT NULL, ttl_days INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (inbox, position)
) STRICT;
CREATE TABLE invitations (
    token_hash BLOB PRIMARY KEY, note TEXT NOT NULL, uses INTEGER NOT NULL, expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""


BLOBS = """
CREATE TABLE blobs (
    name BLOB PRIMARY KEY, grp BLOB NOT NULL, token_hash BLOB NOT NULL, salt BLOB NOT NULL,
    size INTEGER NOT NULL, stored INTEGER NOT NULL, day INTEGER NOT NULL,
    ttl_days INTEGER NOT NULL, touched INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_by_group ON blobs (grp);
"""

STEPS = (TABLES, BLOBS)
"""What leads from each version to the next, in SQL. A step that was released is never changed:
what comes after it is a new one, and tests/server/storage/test_upgrade.py wants a folder of it.
"""

VERSION = len(STEPS)
"""The schema's version, in the file's user_version."""


class WrongVersion(Exception):
    """The data folder was written by another version of Segel."""


def open_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, made for its owner only if it is not there, and brought to this
    version.

    For whoever has the folder to itself. Raises WrongVersion, sqlite3.Error, OSError.
    """
    if not path.exists():
        path.touch(mode=0o600)  # SQLite gives its WAL the rights of the database
    return _open(path, _upgrade)


def join_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, beside a server that may run on it.

    Raises WrongVersion where it is not of this version, sqlite3.Error.
    """
    return _open(path, _require)


def _open(path: Path, settle: Callable[[sqlite3.Connection], None]) -> sqlite3.Connection:
    """FULL synchronous with a WAL: a commit is on disk when it returns. secure_delete: deleted rows
    are overwritten.
    """
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("secure_delete = ON", "journal_mode = WAL", "synchronous = FULL"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("PRAGMA busy_timeout = 5000")
        settle(database)
    except BaseException:
        database.close()
        raise
    return database


def _upgrade(database: sqlite3.Connection) -> None:
    """Each step is a transaction, so that one that is cut short leaves a whole version."""
    found = version(database)
    for number, step in enumerate(STEPS[found:], start=found + 1):
        database.executescript(f"BEGIN;{step}PRAGMA user_version = {number};COMMIT;")


def _require(database: sqlite3.Connection) -> None:
    if (found := version(database)) < VERSION:
        raise WrongVersion(
            f"The data is of an older Segel (schema {found}; this one needs {VERSION}). Start this "
            "version's server once: it carries the data over."
        )


def version(database: sqlite3.Connection) -> int:
    """The version of what is in the file; 0 where nothing is. Raises WrongVersion."""
    (found,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if found > VERSION:
        raise WrongVersion(
            f"The data was written by a newer Segel (schema {found}; this one knows {VERSION}). "
            "Upgrade Segel."
        )
    if found == 0 and tables > 0:
        raise WrongVersion(
            "The data is older than any released Segel, which cannot carry it over. Run the Segel "
            "that wrote it, or begin with an empty data folder."
        )
    return int(found)
