"""Storage by itself: compare-and-set, heads, retention, versions, transactions, a full disk."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from segel.core.crypto.ed25519 import SigningKey, verify
from segel.core.crypto.segment import SegmentKey
from segel.core.wire import hashes, signing
from segel.core.wire.requests import Append, Commit, CreateInbox, Deliver, OpenGeneration
from segel.server.refusals import Refuse
from segel.server.storage import segments
from segel.server.storage import store as store_module
from segel.server.storage.schema import VERSION, WrongVersion
from segel.server.storage.store import DAY, Store
from segel.testing.wire_vectors import fixed, public

KEY = SigningKey(fixed("server"))
GROUP, ROOT = fixed("group"), hashes.root_node(fixed("group"), public("epoch"))
OPEN = OpenGeneration(
    fixed("alias"), 1, GROUP, public("epoch"), 7, public("opener"), bytes(64), b"a", None
)
MARKER = b"a planted marker that must not be found"


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 20_000.0 * DAY

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def store(tmp_path: Path, clock: Clock) -> AsyncIterator[Store]:
    store = Store(tmp_path, KEY, clock, invited=False)
    await store.run(lambda db: store.aliases.open_generation(db, OPEN, store.today))
    yield store
    await store.close()


async def append(store: Store, body: bytes) -> int:
    ask = Append(GROUP, ROOT, body)
    done = await store.run(lambda db: store.groups.append(db, ask, store.today))
    return done.receipt.position


async def test_heads_continue_and_receipts_verify(store: Store) -> None:
    head = hashes.first_head(GROUP, ROOT)
    for position, body in enumerate([b"one", b"two"], start=1):
        ask = Append(GROUP, ROOT, body)
        done = await store.run(partial(store.groups.append, ask=ask, day=store.today))
        head = hashes.next_head(head, position, hashes.ROW_MESSAGE, ROOT, body)
        assert done.receipt.head == head
        signed = signing.receipt(hashes.log_id(KEY.public), GROUP, position, head)
        verify(KEY.public, done.receipt.signature, signed)


async def test_one_commit_wins_and_the_loser_gets_it(store: Store) -> None:
    asks = [Commit(GROUP, ROOT, body, public("child"), None) for body in (b"first", b"second")]
    jobs = [store.run(partial(store.groups.commit, ask=ask, day=store.today)) for ask in asks]
    won, lost = await asyncio.gather(*jobs, return_exceptions=True)
    assert not isinstance(won, BaseException)
    assert isinstance(lost, Refuse)
    assert lost.refusal.code == "conflict"
    assert lost.refusal.child == won
    with pytest.raises(Refuse, match="stale"):
        await append(store, b"too late")


async def test_64_concurrent_appends_share_transactions(store: Store) -> None:
    before = store.writer.transactions
    positions = await asyncio.gather(*(append(store, b"x") for _ in range(64)))
    assert positions == list(range(1, 65))
    assert store.writer.transactions - before <= 3


async def test_reading_comes_in_parts_that_fit_a_frame(store: Store) -> None:
    for size in (1_000_000, 900_000, 10):
        await append(store, bytes(size))
    first = await store.run(lambda db: store.groups.read(db, GROUP, ROOT, 0))
    assert [len(row.body) for row in first.rows] == [1_000_000]
    assert first.more
    rest = await store.run(lambda db: store.groups.read(db, GROUP, ROOT, 1))
    assert [len(row.body) for row in rest.rows] == [900_000, 10]
    assert not rest.more


def everything(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def plant(store: Store, folder: Path) -> dict[str, bytes]:
    """Fills every table, and returns what must be found nowhere once all has expired."""
    await append(store, MARKER)
    inbox = CreateInbox(public("inbox"), sha256(fixed("token", 16)).digest(), 7)
    await store.run(lambda db: store.inboxes.create(db, inbox, store.today))
    item = Deliver(hashes.inbox_id(inbox.key), fixed("token", 16), MARKER)
    await store.run(lambda db: store.inboxes.deliver(db, item, store.today))
    (key_file,) = (folder / "keys").iterdir()
    return {
        "segment key": key_file.read_bytes(),
        "group": GROUP,
        "node": ROOT,
        "alias": fixed("alias"),
        "epoch key": public("epoch"),
        "inbox": item.inbox,
        "inbox key": inbox.key,
    }


async def found_after_expiry(store: Store, clock: Clock, folder: Path) -> set[str]:
    """What of the planted is in some file when its days are over; before that, all of it is."""
    planted = await plant(store, folder)
    clock.now += 7 * DAY
    assert await store.expire() == 0
    assert all(name in everything(folder) for name in planted.values())
    clock.now += DAY
    assert await store.expire() > 0
    left = everything(folder)
    return {what for what, name in planted.items() if name in left}


async def test_after_expiry_nothing_planted_is_in_any_file(
    store: Store, clock: Clock, tmp_path: Path
) -> None:
    await append(store, MARKER)
    assert MARKER not in everything(tmp_path)
    assert await found_after_expiry(store, clock, tmp_path) == set()


async def test_without_destroying_keys_the_key_is_found(
    store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "_destroy", lambda path: None)
    assert "segment key" in await found_after_expiry(store, clock, tmp_path)


async def test_without_emptying_the_wal_names_are_found(
    store: Store, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "truncate", lambda db: None)
    assert "group" in await found_after_expiry(store, clock, tmp_path)


async def test_without_sealing_the_marker_is_found(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SegmentKey, "seal", lambda self, nonce, place, body: nonce + body)
    await append(store, MARKER)
    assert MARKER in everything(tmp_path)


async def test_a_key_alone_opens_no_row_at_another_place(store: Store) -> None:
    await append(store, b"one")
    await append(store, b"two")
    swap = (
        "UPDATE rows SET sealed = (SELECT sealed FROM rows WHERE position = 1) WHERE position = 2"
    )
    await store.run(lambda db: db.execute(swap).rowcount)
    with pytest.raises(Refuse, match="internal"):
        await store.run(lambda db: store.groups.read(db, GROUP, ROOT, 0))


async def test_a_full_disk_refuses_and_the_server_recovers(store: Store) -> None:
    (pages,) = await store.run(lambda db: db.execute("PRAGMA page_count").fetchone())
    await store.writer.between(lambda db: db.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    with pytest.raises(Refuse, match="storage_full"):
        await append(store, bytes(1_000_000))
    assert not store.writer.healthy
    await store.writer.between(lambda db: db.execute("PRAGMA max_page_count = 1000000").fetchone())
    assert await append(store, b"room again") == 1
    assert store.writer.healthy


@pytest.mark.parametrize(("version", "says"), [(VERSION + 1, "newer"), (0, "older")])
async def test_another_version_is_refused(
    tmp_path: Path, clock: Clock, version: int, says: str
) -> None:
    await Store(tmp_path, KEY, clock, invited=False).close()
    with sqlite3.connect(tmp_path / "segel.db") as db:
        db.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(WrongVersion, match=says):
        Store(tmp_path, KEY, clock, invited=False)


async def test_nothing_durable_says_who_is_in_what(store: Store) -> None:
    """Every column there is; a new one needs its reason in delivery.md 1."""
    tables = (
        "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table'"
    )
    found: dict[str, list[str]] = {}
    for table, column in await store.run(lambda db: db.execute(tables).fetchall()):
        found.setdefault(table, []).append(column)
    assert {table: " ".join(columns) for table, columns in found.items()} == {
        "groups": "id ttl_days latest position head signature day",
        "nodes": "grp id epoch_key day",
        "children": "grp parent place child position",
        "rows": "grp position kind node head signature day ttl_days sealed",
        "aliases": "alias generation grp opener_key ttl_days day",
        "inboxes": "id key token_hash ttl_days day position",
        "inbox_items": "inbox position day ttl_days sealed",
        "invitations": "token_hash note uses expires",
        "blobs": "name grp token_hash salt size stored day ttl_days touched",
    }
