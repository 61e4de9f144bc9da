"""Data that an earlier version wrote is carried over by this one, and a step is whole or absent."""

import sqlite3
import tarfile
from pathlib import Path

import pytest

from segel.core.wire import hashes, requests, signing
from segel.core.wire.answers import InboxItems
from segel.server.storage import invitations, schema
from segel.server.storage.schema import VERSION, WrongVersion, join_database, open_database
from segel.testing import kept_data
from segel.testing.blob_client import BlobClient
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import WireClient, of

FOLDERS = Path(__file__).with_name("folders")
THEN = f"import time; time.time = lambda: {kept_data.NOW}"
"""Makes a server live on the day on which the data was written."""


def data_of(version: int, folder: Path) -> Path:
    """A data folder as the Segel of that schema left it."""
    archive = FOLDERS / f"schema-{version}.tar.gz"
    with tarfile.open(archive) as opened:
        opened.extractall(folder, filter="data")
    return folder


def version_of(folder: Path) -> int:
    with sqlite3.connect(folder / "segel.db") as db:
        found: int = db.execute("PRAGMA user_version").fetchone()[0]
    return found


def test_a_folder_of_each_version_is_kept() -> None:
    """Whoever adds a step keeps a folder of it:
    `python -m segel.testing.kept_data tests/server/storage/folders/schema-N.tar.gz`.
    """
    kept = {path.name for path in FOLDERS.iterdir()}
    assert kept == {f"schema-{version}.tar.gz" for version in range(1, VERSION + 1)}


@pytest.mark.parametrize("version", range(1, VERSION + 1))
async def test_all_of_an_earlier_version_is_carried_over(tmp_path: Path, version: int) -> None:
    data = data_of(version, tmp_path / "data")
    with ServerProcess(data, sabotage=THEN) as server:
        async with WireClient(server.url) as client:
            assert client.hello.server_key == kept_data.SERVER.public
            first = await client.enter(kept_data.FIRST)
            assert [row.body for row in first.rows] == [kept_data.SAID[0]]
            assert [child.node for child in first.children] == [kept_data.SECOND.node]
            second = await client.enter(kept_data.SECOND, after=2)
            assert [row.body for row in second.rows] == [kept_data.SAID[1]]
            said = await client.append(kept_data.SECOND, b"said today")
            assert said.receipt.position == 4
            items = await open_inbox(client)
            assert [item.body for item in items.items] == [kept_data.ITEM]
        if version >= 2:
            async with BlobClient(server.url) as blobs:
                assert (await blobs.get(kept_data.SECRETS)).body == kept_data.FILE
        assert server.stop() == 0
    assert version_of(data) == VERSION
    db = open_database(data / "segel.db")
    assert [each.uses for each in invitations.listed(db)] == [kept_data.USES]
    db.close()


async def open_inbox(client: WireClient) -> InboxItems:
    inbox = hashes.inbox_id(kept_data.INBOX.public)
    signed = signing.inbox(client.log_id, client.hello.challenge, inbox)
    ask = requests.OpenInbox(inbox, 0, kept_data.INBOX.sign(signed))
    return of(InboxItems, await client.ask(ask))


NEXT = "ALTER TABLE invitations ADD COLUMN colour INTEGER NOT NULL DEFAULT 7;"
BROKEN = NEXT + "DROP TABLE no_such_table;"


def test_a_step_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = data_of(VERSION, tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, NEXT))
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    for _ in range(2):
        db = open_database(data / "segel.db")
        assert db.execute("SELECT colour FROM invitations").fetchall() == [(7,)]
        db.close()
    assert version_of(data) == VERSION + 1


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = data_of(VERSION, tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, BROKEN))
    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        open_database(data / "segel.db")
    assert version_of(data) == VERSION
    with sqlite3.connect(data / "segel.db") as db:
        assert "colour" not in str(db.execute("PRAGMA table_info(invitations)").fetchall())


def test_a_command_beside_a_server_carries_nothing_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server of the earlier version may be running on it."""
    data = data_of(VERSION, tmp_path)
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, NEXT))
    monkeypatch.setattr(schema, "VERSION", VERSION + 1)
    with pytest.raises(WrongVersion, match="Start this version's server once"):
        join_database(data / "segel.db")
    assert version_of(data) == VERSION
