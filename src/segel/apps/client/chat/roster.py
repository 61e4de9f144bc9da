"""Who is there, at the side."""

from rich.text import Text
from textual.widgets import Static

from segel.apps.client.plain import plain
from segel.client import Person
from segel.core.content.text import clean_name


def person_line(person: Person) -> Text:
    """Somebody, with what is to be known about them, in words."""
    line = Text(plain(clean_name(person.name)), "bold" if person.present else "dim")
    marks = [
        mark
        for mark, holds in (
            ("you", person.you),
            ("host", person.host),
            ("hand up", person.hand),
            ("not heard lately", not person.present),
        )
        if holds
    ]
    if marks:
        line.append(f"  {', '.join(marks)}", "dim")
    if person.hand:
        line.stylize("yellow")
    return line


class Roster(Static):
    """Names, oneself first."""

    def show(self, people: list[Person], waiting: int) -> None:
        """These are there."""
        lines = [Text(f"{len(people)} here", "dim"), *map(person_line, people)]
        if waiting:
            lines.append(Text(f"\n{waiting} waiting: F3", "bold reverse yellow"))
        self.update(Text("\n").join(lines))
