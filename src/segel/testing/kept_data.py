"""A data folder with one of everything: what an upgrade and a restore must carry over.

`python -m segel.testing.kept_data FILE` writes it as a tar.gz, for the tests of later versions.
"""

import asyncio
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from segel.core.crypto.ed25519 import SigningKey
from segel.core.wire import hashes, signing
from segel.core.wire.requests import Append, Commit, CreateInbox, Deliver, OpenGeneration, TtlDays
from segel.server.storage import invitations
from segel.server.storage.store import DAY, Store
from segel.testing.blob_client import Secrets
from segel.testing.wire_client import Epoch, Key
from segel.testing.wire_vectors import fixed, public

NOW = 20_000 * DAY + 3600.0
"""When it was written, in Unix seconds."""

TTL_DAYS: TtlDays = 30
SERVER, ALIAS, GROUP = SigningKey(fixed("server")), fixed("alias"), fixed("group")
OPENER = Key(fixed("opener"))
FIRST = Epoch(GROUP, hashes.root_node(GROUP, public("epoch")), Key(fixed("epoch")))
COMMIT = fixed("commit", 100)
SECOND = FIRST.next(COMMIT, Key(fixed("child")))
SAID = (b"said before the commit", b"said after it")
INBOX, TOKEN, ITEM = Key(fixed("inbox")), fixed("token", 16), b"left in the inbox"
SECRETS, FILE = Secrets(fixed("capability"), fixed("write token", 16)), fixed("file", 1024)
INVITATION, USES = fixed("invitation", 16), 3


async def write(folder: Path) -> None:
    """A meeting of two epochs with a message in each and a file, an inbox with an item, an
    invitation.

    The folder must be empty.
    """
    (folder / "server.key").write_bytes(fixed("server"))
    (folder / "server.key").chmod(0o600)
    store = Store(folder, SERVER, lambda: NOW, invited=False)
    for job in _jobs(store, store.today):
        await store.run(job)
    await _upload(store)
    await store.close()


async def _upload(store: Store) -> None:
    today = store.today
    ask = SECRETS.request(SECOND, len(FILE))
    await store.run(lambda db: store.blobs.create(db, ask, today))
    blob = await store.run(lambda db: store.blobs.find(db, ask.name, today))
    if blob is not None:
        file = store.blob_files.open_to_write(blob, today)
        file.write(0, FILE)
        file.close()
    await store.run(lambda db: store.blobs.settle(db, ask.name, len(FILE), today))


def _jobs(store: Store, today: int) -> list[Callable[[sqlite3.Connection], object]]:
    signed = signing.opening(ALIAS, 1, GROUP, FIRST.key.public, TTL_DAYS)
    opening = OpenGeneration(
        ALIAS,
        1,
        GROUP,
        FIRST.key.public,
        TTL_DAYS,
        OPENER.public,
        OPENER.sign(signed),
        b"announcement",
        None,
    )
    commit = Commit(GROUP, FIRST.node, COMMIT, SECOND.key.public, None)
    before, after = Append(GROUP, FIRST.node, SAID[0]), Append(GROUP, SECOND.node, SAID[1])
    inbox = CreateInbox(INBOX.public, sha256(TOKEN).digest(), TTL_DAYS)
    item = Deliver(hashes.inbox_id(INBOX.public), TOKEN, ITEM)
    return [
        lambda db: store.aliases.open_generation(db, opening, today),
        lambda db: store.groups.append(db, before, today),
        lambda db: store.groups.commit(db, commit, today),
        lambda db: store.groups.append(db, after, today),
        lambda db: store.inboxes.create(db, inbox, today),
        lambda db: store.inboxes.deliver(db, item, today),
        lambda db: invitations.add(db, INVITATION, "a note", USES, today + TTL_DAYS),
    ]


def main() -> None:
    """Writes the folder's files into the archive that is named."""
    with tempfile.TemporaryDirectory() as made, tarfile.open(sys.argv[1], "w:gz") as archive:
        asyncio.run(write(Path(made)))
        archive.add(made, arcname=".")


if __name__ == "__main__":
    main()
