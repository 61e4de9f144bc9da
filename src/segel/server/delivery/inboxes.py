"""Sealed mailboxes (delivery.md 6)."""

import sqlite3

from segel.core.wire import signing
from segel.core.wire.answers import Done, InboxEvent, InboxItems
from segel.core.wire.requests import ClearInbox, CreateInbox, Deliver, OpenInbox
from segel.server.delivery import proofs
from segel.server.delivery.connection import Connection, tell_all
from segel.server.delivery.context import Context
from segel.server.delivery.limits import MAX_CONNECTION_INBOXES
from segel.server.refusals import Refuse


async def create_inbox(on: Context, by: Connection, ask: CreateInbox) -> Done:
    """See `CreateInbox`."""
    by.budget.deposit("inboxes", 1, on.now())
    today = on.store.today
    await on.store.run(lambda db: on.store.inboxes.create(db, ask, today))
    return Done()


async def deliver(on: Context, by: Connection, ask: Deliver) -> Done:
    """See `Deliver`."""
    by.budget.deposit("bytes", len(ask.body), on.now())
    today = on.store.today
    item = await on.store.run(lambda db: on.store.inboxes.deliver(db, ask, today))
    tell_all(on.inbox_readers.get(ask.inbox, set()), InboxEvent(ask.inbox, item))
    return Done()


async def open_inbox(on: Context, by: Connection, ask: OpenInbox) -> InboxItems:
    """See `OpenInbox`. The signature is checked before anything is read."""
    if len(by.inboxes | {ask.inbox}) > MAX_CONNECTION_INBOXES:
        raise Refuse("slow_down")
    signed = signing.inbox(on.log_id, by.challenge, ask.inbox)
    today = on.store.today

    def prove_and_read(db: sqlite3.Connection) -> InboxItems:
        proofs.check(on.store.inboxes.find(db, ask.inbox).key, ask.signature, signed)
        return on.store.inboxes.read(db, ask.inbox, ask.after, today)

    items = await on.store.run(prove_and_read)
    by.require_socket()
    by.inboxes.add(ask.inbox)
    if not items.more:
        on.inbox_readers.setdefault(ask.inbox, set()).add(by)
    return items


async def clear_inbox(on: Context, by: Connection, ask: ClearInbox) -> Done:
    """See `ClearInbox`."""
    if ask.inbox not in by.inboxes:
        raise Refuse("not_proven")
    await on.store.run(lambda db: on.store.inboxes.clear(db, ask.inbox, ask.upto))
    return Done()


def close_inboxes(on: Context, connection: Connection) -> None:
    """The connection has ended."""
    for inbox in connection.inboxes:
        readers = on.inbox_readers.get(inbox, set())
        readers.discard(connection)
        if not readers:
            on.inbox_readers.pop(inbox, None)
