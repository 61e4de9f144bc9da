"""Entering an epoch, leaving it, and making the next one (delivery.md 3)."""

import sqlite3

from segel.core.wire import signing
from segel.core.wire.answers import Appended, Done, Entered, KnockEvent, WaitingKnock
from segel.core.wire.ids import MAX_BODY
from segel.core.wire.requests import Commit, Enter, Exit
from segel.server.delivery import proofs
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context
from segel.server.storage.groups import Reading

KNOCK_OVERHEAD = 32
"""Bytes of a waiting knock besides its body, at most."""


async def enter(on: Context, by: Connection, ask: Enter) -> Entered:
    """See `Enter`. The signature is checked before anything is read."""
    by.require_socket()
    signed = signing.connection(on.log_id, by.challenge, ask.group, ask.node)

    def prove_and_read(db: sqlite3.Connection) -> Reading:
        proofs.check(on.store.groups.epoch_key(db, ask.group, ask.node), ask.signature, signed)
        return on.store.groups.read(db, ask.group, ask.node, ask.after)

    reading = await on.store.run(prove_and_read)
    by.require_socket()
    by.prove(ask.group, ask.node)
    if reading.more or reading.children:
        return Entered(reading.rows, reading.more, reading.children, [], reading.receipt, [])
    on.groups.enter(ask.group, ask.node, by)
    used = sum(len(row.body) for row in reading.rows)
    fitting, rest = _fit(on.doors.waiting(ask.group), MAX_BODY - used)
    for knock in rest:
        by.tell(KnockEvent(ask.group, knock))
    streams = on.media.streams(ask.group, by)
    return Entered(reading.rows, False, [], fitting, reading.receipt, streams)


async def leave(on: Context, by: Connection, ask: Exit) -> Done:
    """See `Exit`."""
    on.media.leave(ask.group, by)
    on.groups.leave(ask.group, by)
    by.forget(ask.group)
    return Done()


async def commit(on: Context, by: Connection, ask: Commit) -> Appended:
    """See `Commit`."""
    today = on.store.today
    child = await on.store.run(lambda db: on.store.groups.commit(db, ask, today))
    on.groups.move_on(ask.group, ask.node, child, by)
    if ask.announcement is not None:
        on.doors.renew(ask.group, ask.announcement)
    return Appended(child.node, child.receipt)


def _fit(knocks: list[WaitingKnock], room: int) -> tuple[list[WaitingKnock], list[WaitingKnock]]:
    """The knocks that fit into an answer, and the others."""
    for count, knock in enumerate(knocks):
        room -= len(knock.body) + KNOCK_OVERHEAD
        if room < 0:
            return knocks[:count], knocks[count:]
    return knocks, []
