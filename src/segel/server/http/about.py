"""`GET /v1/server`: who runs the server, and what it keeps (wire.md 8)."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from segel.core.wire.codec import VERSION
from segel.server.storage.blobs import Quota

KEEPS = (
    {
        "what": "Sealed messages and key changes of meetings: ciphertext, length and order.",
        "why": "So that who was away for a moment can catch up.",
        "until": "1 day (or 7, 30, 90 where a program chose so); then the key is destroyed.",
    },
    {
        "what": "For each meeting: random names, a public key for each change of members, days.",
        "why": "To let in only whoever holds the current key.",
        "until": "As long as the meeting's messages.",
    },
    {
        "what": "Sealed items in inboxes, an inbox's public key, a hash of its delivery token.",
        "why": "To hand an invitation or a welcome to a device.",
        "until": "Until the device deletes them, or the inbox's days have passed.",
    },
    {
        "what": "Sealed files: ciphertext, length, a random name, their meeting, days.",
        "why": "So that others can download them.",
        "until": "The sender deletes them, or the meeting's days have passed since they came.",
    },
    {
        "what": "For invitations: a hash, uses left, the last day, the operator's note in clear.",
        "why": "To know who may start a meeting, where not everybody may.",
        "until": "They are used up, revoked, or past their last day.",
    },
    {
        "what": "In memory only: addresses of who is connected, knocks, media on its way.",
        "why": "To carry them.",
        "until": "The connection ends.",
    },
)


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
        "keeps": KEEPS,
    }
