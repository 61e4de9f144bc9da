"""Segel for programs: create or join a meeting, say and hear, send and save files.

    async with Segel() as segel, segel.join(link, name="Clerk") as meeting:
        await meeting.send("Good morning")
        async for event in meeting.events():
            match event:
                case Said(message) if not message.you:
                    await meeting.send(f"You said: {message.text}", reply_to=message.id)

Lessons that run stand in docs/lessons.
"""

from segel.client.errors import (
    BadLink,
    BadVault,
    FileError,
    MeetingOver,
    NotHost,
    NotLetIn,
    NotSent,
    SegelError,
    Unreachable,
    UsageError,
    VaultError,
    VaultInUse,
    WrongKey,
)
from segel.client.events import (
    Alarm,
    Asked,
    Came,
    Changed,
    Connection,
    Ended,
    Event,
    Knocked,
    Left,
    Moved,
    Person,
    Rekeyed,
    Said,
)
from segel.client.meeting.conversation import Message, SharedFile
from segel.client.meeting.meeting import Meeting
from segel.client.segel import Segel
from segel.client.vault import Key, Keyring, Passphrase

__all__ = [
    "Alarm",
    "Asked",
    "BadLink",
    "BadVault",
    "Came",
    "Changed",
    "Connection",
    "Ended",
    "Event",
    "FileError",
    "Key",
    "Keyring",
    "Knocked",
    "Left",
    "Meeting",
    "MeetingOver",
    "Message",
    "Moved",
    "NotHost",
    "NotLetIn",
    "NotSent",
    "Passphrase",
    "Person",
    "Rekeyed",
    "Said",
    "Segel",
    "SegelError",
    "SharedFile",
    "Unreachable",
    "UsageError",
    "VaultError",
    "VaultInUse",
    "WrongKey",
]
