"""Messages that are kept, and whispers that are not."""

from segel.core.wire.answers import Appended, Done, Row, RowEvent, WhisperEvent
from segel.core.wire.requests import Append, Whisper
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context


async def append(on: Context, by: Connection, ask: Append) -> Appended:
    """See `Append`. Readers get it once it is on disk, in the log's order."""
    today = on.store.today
    done = await on.store.run(lambda db: on.store.groups.append(db, ask, today))
    event = RowEvent(ask.group, ask.node, Row(ask.body, done.receipt))
    on.groups.tell(ask.group, ask.node, event, by)
    return done


async def whisper(on: Context, by: Connection, ask: Whisper) -> Done:
    """See `Whisper`. Under a node that has a child nobody hears it."""
    on.groups.tell(ask.group, ask.node, WhisperEvent(ask.group, ask.node, ask.body), by)
    return Done()
