"""What happens, as a line between the messages."""

from segel.apps.client.chat.seal import alarm_text
from segel.apps.client.plain import plain
from segel.apps.client.words import DENIED, OVER
from segel.client import Alarm, Asked, Came, Connection, Ended, Event, Knocked, Left

ALARMING = "bold reverse red"


def note_of(event: Event) -> tuple[str, str] | None:
    """The line and its style; None for what shows elsewhere."""
    match event:
        case Came(person=person) if not person.you:
            return f"{plain(person.name)} is here.", "dim italic"
        case Left(person=person) if not person.you:
            return f"{plain(person.name)} is gone.", "dim italic"
        case Knocked(name=name):
            return f"{plain(name)} waits to be let in: F3.", "bold yellow"
        case Connection(online=online):
            told = "Connected again." if online else "The connection is lost; it comes back."
            return told, "dim italic"
        case Asked(what="mute", by=by):
            return f"{plain(by)} asks you to mute your microphone.", "bold yellow"
        case Asked(by=by):
            return f"{plain(by)} asks you to lower your hand: Ctrl+T.", "bold yellow"
        case Alarm():
            return f"ALARM: {alarm_text(event)}", ALARMING
        case Ended(reason=reason):
            told = OVER.get(reason) or DENIED[reason]
            return f"{told} Ctrl+Q closes.", "bold"
        case _:
            return None
