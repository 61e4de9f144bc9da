"""`GET /v1/server`: who runs the server, and what it keeps (wire.md 8)."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from segel.core.wire.codec import VERSION
from segel.server.ledger.ledger import ledger, summary
from segel.server.storage.blobs import Quota


@dataclass(slots=True, frozen=True)
class Operator:
    """What the operator says of this server: a claim. Empty where nothing was said."""

    operator: str
    location: str
    contact: str
    starters: Literal["anyone", "invited"]


def about(who: Operator, server_key: bytes, media: bool, quota: Quota) -> dict[str, object]:
    """The document."""
    return {
        "version": version("segel"),
        "protocol": VERSION,
        "server_key": urlsafe_b64encode(server_key).decode().rstrip("="),
        "operator": who.operator,
        "location": who.location,
        "contact": who.contact,
        "starters": who.starters,
        "media": media,
        "files": {"largest": quota.largest, "group": quota.group},
        "keeps": summary(ledger()),
    }
