"""Making room for a sealed file (blobs.md 2)."""

from segel.core.wire.answers import BlobCreated
from segel.core.wire.requests import CreateBlob
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context


async def create_blob(on: Context, by: Connection, ask: CreateBlob) -> BlobCreated:
    """See `CreateBlob`."""
    today = on.store.today
    return await on.store.run(lambda db: on.store.blobs.create(db, ask, today))
