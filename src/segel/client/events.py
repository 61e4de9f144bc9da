"""What happens in a meeting, as `Meeting.events` gives it."""

from dataclasses import dataclass
from typing import Literal

from segel.client.errors import Denied, Over
from segel.client.meeting.conversation import Message


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the meeting."""

    account: str
    """What the group proves: 32 characters of base32."""
    name: str
    """What they call themselves."""
    you: bool = False
    host: bool = False
    present: bool = True
    """Heard lately; who is not may be gone."""
    microphone: bool = False
    camera: bool = False
    hand: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A message came, or a file, also one's own."""

    message: Message


@dataclass(frozen=True, slots=True)
class Changed:
    """A message is another: edited, deleted, reacted to, or delivered."""

    message: Message


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody is in the meeting."""

    person: Person


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody is no more in the meeting, and reads nothing that follows."""

    person: Person


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody is another than before: a hand up, a microphone on, a host."""

    person: Person


@dataclass(frozen=True, slots=True)
class Rekeyed:
    """The group has new keys, since somebody came or left or time passed: `Meeting.code` is another
    from now on.
    """

    epoch: int


@dataclass(frozen=True, slots=True)
class Knocked:
    """Somebody waits for a host's word: `Meeting.admit`, `Meeting.deny`."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Connection:
    """The connection to the server is there, or gone; it comes back by itself."""

    online: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A host asks something of us."""

    what: Literal["mute", "lower-hand"]
    by: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """Evidence that the server, or a member, does what must never happen (delivery.md 8)."""

    kind: str
    """forked, dropped, forgotten, bad-message, refused-commit."""
    detail: str


@dataclass(frozen=True, slots=True)
class Ended:
    """One is in the meeting no more. It is the last event."""

    reason: Over | Denied
    detail: str


Event = (
    Said | Changed | Came | Left | Moved | Rekeyed | Knocked | Connection | Asked | Alarm | Ended
)
