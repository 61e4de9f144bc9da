"""The ledger against the tables, the files and the log as they are: each gate can fail."""

import sqlite3
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import get_args

import pytest

from segel.core.crypto.ed25519 import SigningKey
from segel.server import log
from segel.server.ledger.ledger import Ledger, Stored, ledger, summary
from segel.server.ledger.page import page
from segel.server.storage import retention, schema
from segel.server.storage.store import DAY, Store
from segel.testing import kept_data
from segel.testing.kept_data import NOW, SAID

DOCS = Path(__file__).parents[3] / "docs"
PLANTED = (*SAID, kept_data.ITEM, kept_data.FILE[:32], kept_data.SECRETS.capability)
"""What was stored only sealed, or not at all."""
DAY_AFTER = kept_data.TTL_DAYS + 1
"""The first day, from when all was written, on which nothing of it may be left."""


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """A data folder with one of everything."""
    await kept_data.write(tmp_path)
    return tmp_path


def files_of(folder: Path) -> set[str]:
    """The files beneath the folder."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def columns_of(database: sqlite3.Connection) -> set[tuple[str, str]]:
    tables = [
        name
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        if not name.startswith("sqlite_")
    ]
    return {
        (table, row[1])
        for table in tables
        for row in database.execute(f"PRAGMA table_info({table})")
    }


def undeclared(folder: Path, of: Ledger) -> set[tuple[str, str]]:
    """Columns that are stored and not declared, or declared and not there."""
    database = schema.join_database(folder / "segel.db")
    try:
        return columns_of(database) ^ set(of.columns())
    finally:
        database.close()


async def test_every_stored_column_is_declared_and_no_other(kept: Path) -> None:
    assert undeclared(kept, ledger()) == set()


async def test_a_column_that_nobody_declared_is_found(kept: Path) -> None:
    database = sqlite3.connect(kept / "segel.db")
    database.execute("ALTER TABLE rows ADD COLUMN sender TEXT")
    database.close()
    assert undeclared(kept, ledger()) == {("rows", "sender")}


async def test_every_file_of_the_data_folder_is_declared(kept: Path) -> None:
    patterns = [pattern for each in ledger().files for pattern in each.paths]
    found = files_of(kept)
    assert {name for name in found if not any(fnmatch(name, each) for each in patterns)} == set()
    unused = {each for each in patterns if not any(fnmatch(name, each) for name in found)}
    assert unused <= {"lock", "segel.db-wal", "segel.db-shm"}, "only while a server runs"


def test_the_log_says_what_is_declared_and_nothing_else() -> None:
    assert set(ledger().log.events) == set(get_args(log.Event))
    assert set(ledger().log.fields) == set(log.Fields.__annotations__)


def counting(table: str) -> Callable[[sqlite3.Connection], int]:
    """A query for the rows of a table."""
    return lambda db: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608


async def emptied(folder: Path, days: int) -> dict[str, int]:
    """Rows of each table, so many days after all was written."""
    store = Store(
        folder,
        SigningKey((folder / "server.key").read_bytes()),
        lambda: NOW + days * DAY,
        invited=False,
    )
    try:
        await store.expire()
        return {table: await store.run(counting(table)) for table, _ in ledger().columns()}
    finally:
        await store.close()


async def test_everything_is_there_on_its_last_day_and_gone_after_it(kept: Path) -> None:
    last = await emptied(kept, kept_data.TTL_DAYS)
    assert all(last.values()), f"gone too soon: {last}"
    after = await emptied(kept, DAY_AFTER)
    assert not any(after.values()), f"kept too long: {after}"
    assert not [name for name in files_of(kept) if name.startswith(("keys/", "blobs/"))]


@pytest.mark.parametrize("table", ["rows", "inbox_items", "aliases", "invitations", "nodes"])
async def test_a_table_that_is_not_swept_is_found(
    kept: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = tuple(each for each in retention.DELETIONS if f"FROM {table} " not in each)
    monkeypatch.setattr(retention, "DELETIONS", others)
    assert (await emptied(kept, DAY_AFTER))[table] > 0


async def test_rows_that_are_swept_a_day_late_are_found(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = tuple(a_day_late(each) for each in retention.DELETIONS)
    monkeypatch.setattr(retention, "DELETIONS", late)
    left = await emptied(kept, DAY_AFTER)
    assert {table for table, count in left.items() if count == 0} == {"blobs"}


def a_day_late(query: str) -> str:
    """The same deletion, of what expired a day before. A blob's row that outlives its file already
    fails where the files are swept.
    """
    if "FROM blobs" in query:
        return query
    return query.replace("ttl_days", "ttl_days + 1").replace("expires <", "expires + 1 <")


def values(folder: Path) -> Iterator[tuple[str, object]]:
    """Every stored value, with the ledger's word for it."""
    database = schema.join_database(folder / "segel.db")
    try:
        for (table, column), word in ledger().columns().items():
            for (value,) in database.execute(f"SELECT {column} FROM {table}"):  # noqa: S608
                yield word, value
    finally:
        database.close()


NAMES = {"group-name", "link-name", "change-name", "inbox-name", "file-name", "public-key"}
SIZES = {"token-hash": 32, "chain": 32, "signature": 64, "salt": 16} | dict.fromkeys(NAMES, 32)
TODAY = int(NOW // DAY)


def is_what_it_says(word: str, value: object) -> bool:
    """Whether a value can be what the ledger calls it."""
    if word in SIZES:
        return isinstance(value, bytes) and len(value) == SIZES[word]
    if word == "ciphertext":
        return isinstance(value, bytes) and not any(planted in value for planted in PLANTED)
    if word == "note":
        return isinstance(value, str)
    if word in ("day", "last-day"):
        return isinstance(value, int) and TODAY <= value < TODAY + 400
    if word == "class":
        return value in (1, 7, 30, 90)
    return isinstance(value, int) and 0 <= value < 2**31


async def test_every_stored_value_is_what_the_ledger_calls_it(kept: Path) -> None:
    seen = list(values(kept))
    assert {word for word, _ in seen} == set(ledger().words)
    assert [(word, value) for word, value in seen if not is_what_it_says(word, value)] == []


async def test_a_time_in_seconds_or_a_name_among_the_values_is_found(kept: Path) -> None:
    database = sqlite3.connect(kept / "segel.db")
    database.execute(f"UPDATE groups SET day = {int(NOW)}")  # noqa: S608
    database.execute("UPDATE inboxes SET token_hash = CAST('Ada' AS BLOB)")
    database.commit()
    database.close()
    wrong = {word for word, value in values(kept) if not is_what_it_says(word, value)}
    assert wrong == {"day", "token-hash"}


def test_a_column_is_declared_once_and_as_a_word() -> None:
    twice = Stored("a", "A", "", "", "", {"rows": {"grp": "day"}})
    for broken in ((*ledger().stored, twice), (Stored("b", "", "", "", "", {"x": {"y": "?"}}),)):
        of = Ledger(ledger().words, broken, (), (), ledger().log, ())
        with pytest.raises(ValueError, match="declared twice, or as no word"):
            of.columns()


def test_the_page_is_printed_from_the_ledger() -> None:
    assert (DOCS / "keeps.md").read_text() == page(ledger()), "make docs prints it anew"


def test_the_summary_says_all_that_is_stored() -> None:
    said = [each["what"] for each in summary(ledger())]
    assert said[:-1] == [each.what for each in ledger().stored]
    assert all(passing.what in said[-1] for passing in ledger().memory)
