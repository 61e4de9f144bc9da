"""The tables.

Times are whole days since 1970; no column says who is in a group, sent a row, or reads an inbox.
"""

import sqlite3
from pathlib import Path

VERSION = 1
"""The schema's version, in the file's user_version."""

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


class WrongVersion(Exception):
    """The data folder was written by another version of Segel."""


def open_database(path: Path) -> sqlite3.Connection:
    """The database at `path`, made if it is not there. Raises WrongVersion, sqlite3.Error.

    FULL synchronous with a WAL: a commit is on disk when it returns. secure_delete: deleted rows
    are overwritten.
    """
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("secure_delete = ON", "journal_mode = WAL", "synchronous = FULL"):
            database.execute(f"PRAGMA {pragma}")
        database.execute("PRAGMA busy_timeout = 5000")
        _migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _migrate(database: sqlite3.Connection) -> None:
    (found,) = database.execute("PRAGMA user_version").fetchone()
    (tables,) = database.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if tables == 0:
        database.executescript(f"BEGIN;{TABLES}PRAGMA user_version = {VERSION};COMMIT;")
    elif found > VERSION:
        raise WrongVersion(
            f"The data was written by a newer Segel (schema {found}; this one knows {VERSION}). "
            "Upgrade Segel."
        )
    elif found < VERSION:
        raise WrongVersion(
            f"The data is of an older form (schema {found}; this one needs {VERSION}) that this "
            "Segel cannot carry over. Run the Segel that wrote it, or begin with an "
            "empty data folder."
        )
