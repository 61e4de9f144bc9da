"""What is protected, in words."""

from rich.text import Text

from segel.apps.client.plain import plain
from segel.apps.client.words import ALARMS
from segel.client import Alarm, Meeting

_SUITES = {
    "hybrid": "hybrid (X-Wing: X25519 with ML-KEM-768), also against what is recorded now and "
    "opened by a quantum computer later",
    "classic": "classic (X25519): not against quantum computers",
}
_SERVER = (
    "That there is a meeting, and when\n"
    "  How many are connected, from which addresses\n"
    "  Times and padded sizes of what is sent\n"
    "Not: what is said, names, files, who is who."
)


def seal_line(meeting: Meeting | None, suite: str) -> Text:
    """The line that always stands there."""
    if meeting is None or meeting.over is not None:
        return Text("Not in the meeting: nothing is sent.", "dim")
    if meeting.alarms:
        return Text("ALARM: do not trust this meeting. F2 says why.", "bold reverse red")
    return Text(f"Sealed end to end, {suite}: the server carries what it cannot read.", "green")


def alarm_text(alarm: Alarm) -> str:
    """What must never happen, in a sentence."""
    detail = f" ({plain(alarm.detail)})" if alarm.detail else ""
    return f"{ALARMS.get(alarm.kind, plain(alarm.kind))}{detail}"


def seal_panel(meeting: Meeting, suite: str, code: list[str] | None) -> Text:
    """The panel of F2; the code is None while it is worked out."""
    text = Text()
    for alarm in meeting.alarms:
        text.append(f"ALARM: {alarm_text(alarm)}\n", "bold reverse red")
    text.append(
        "Read these digits to each other. Who has the same is in the same meeting, and nobody is "
        "in between. They change whenever somebody comes or goes.\n\n"
    )
    text.append(f"    {'  '.join(code[:3]) if code else '…'}\n", "bold")
    text.append(f"    {'  '.join(code[3:]) if code else ''}\n\n", "bold")
    text.append("Keys  ", "dim")
    text.append(f"{_SUITES.get(suite, suite)}\n")
    text.append("Hold the keys  ", "dim")
    text.append(f"{', '.join(plain(person.name) for person in meeting.people)}\n")
    text.append("The server sees\n  ", "dim")
    text.append(_SERVER)
    text.append("\nYour link  ", "dim")
    text.append(plain(meeting.link))
    return text
