"""Knocking, taking it back, and being answered (meeting.md 5, 6)."""

import os

from segel.core.wire.answers import Done, Knocking
from segel.core.wire.requests import Dismiss, Knock, Withdraw
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context


async def knock(on: Context, by: Connection, ask: Knock) -> Knocking:
    """See `Knock`. It lives as long as its connection, so it needs one."""
    alias = await on.store.run(lambda db: on.store.aliases.find(db, ask.alias))
    by.require_socket()
    door = on.doors.door(ask.alias, alias.generation, alias.group)
    name = os.urandom(16)
    on.doors.knock(door, name, by, ask.body)
    return Knocking(name, door.announcement)


async def withdraw(on: Context, by: Connection, ask: Withdraw) -> Done:
    """See `Withdraw`."""
    on.doors.withdraw(ask.alias, by)
    return Done()


async def dismiss(on: Context, by: Connection, ask: Dismiss) -> Done:
    """See `Dismiss`."""
    on.doors.dismiss(ask.group, ask.knocks)
    return Done()
