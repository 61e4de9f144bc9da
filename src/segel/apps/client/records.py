"""What happens, as programs read it: one JSON object for each event (docs/commands.md)."""

import json
from collections.abc import Mapping
from dataclasses import asdict

from segel.client import (
    Alarm,
    Asked,
    Came,
    Changed,
    Connection,
    Ended,
    Event,
    Knocked,
    Left,
    Message,
    Moved,
    Person,
    Rekeyed,
    Said,
)

Record = Mapping[str, object]


def line(record: Record) -> str:
    """The record on one line, in ASCII: no terminal obeys what others wrote."""
    return json.dumps(record)


def person(event: str, who: Person) -> Record:
    """Somebody."""
    return {"event": event, **asdict(who)}


def message(event: str, said: Message) -> Record:
    """What somebody said; `file` is null where it is no file."""
    return {
        "event": event,
        **asdict(said),
        "reactions": {sign: sorted(by) for sign, by in said.reactions.items()},
    }


def record(event: Event) -> Record:
    """An event of the SDK."""
    match event:
        case Said(message=said):
            return message("said", said)
        case Changed(message=said):
            return message("changed", said)
        case Came(person=who):
            return person("came", who)
        case Left(person=who):
            return person("left", who)
        case Moved(person=who):
            return person("moved", who)
        case Rekeyed() | Knocked() | Connection() | Asked() | Alarm() | Ended():
            return {"event": type(event).__name__.lower(), **asdict(event)}
