"""A meeting's generations: opening one, finding the one that stands, announcing it (meeting.md)."""

from segel.core.wire import signing
from segel.core.wire.answers import Done, Meeting, Opened
from segel.core.wire.requests import Announce, FindMeeting, OpenGeneration
from segel.server.delivery import proofs
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context
from segel.server.refusals import Refuse


async def open_generation(on: Context, by: Connection, ask: OpenGeneration) -> Opened:
    """See `OpenGeneration`. The opener counts as there until it enters, for a while."""
    signed = signing.opening(ask.alias, ask.generation, ask.group, ask.epoch_key, ask.ttl_days)
    proofs.check(ask.opener_key, ask.signature, signed)
    by.budget.generations.take(1, on.now())
    by.budget.deposit("generations", 1, on.now())
    aliases, today = on.store.aliases, on.store.today
    opened = await on.store.run(lambda db: aliases.open_generation(db, ask, today))
    on.groups.expect(ask.group, opened.node, by)
    if on.groups.present(ask.group):
        on.doors.announce(ask.alias, ask.generation, ask.group, ask.announcement)
    return opened


async def find_meeting(on: Context, by: Connection, ask: FindMeeting) -> Meeting:
    """See `FindMeeting`."""
    alias = await on.store.run(lambda db: on.store.aliases.find(db, ask.alias))
    return Meeting(alias.generation, alias.opener_key, on.doors.announcement(ask.alias))


async def announce(on: Context, by: Connection, ask: Announce) -> Done:
    """See `Announce`. Refuses taken where another group stands under the alias by now."""
    alias = await on.store.run(lambda db: on.store.aliases.find(db, ask.alias))
    if alias.group != ask.group:
        raise Refuse("taken")
    if on.groups.present(ask.group):
        on.doors.announce(ask.alias, alias.generation, ask.group, ask.announcement)
    return Done()
