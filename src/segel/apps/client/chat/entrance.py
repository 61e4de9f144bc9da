"""Before one is in: what one waits for."""

from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from segel.apps.client.plain import plain
from segel.client import SegelError, Unreachable
from segel.client.meeting.door import Waiting

_WAITING = {
    "nobody-there": "Nobody is there yet. You are in as soon as somebody comes.",
    "for-answer": "Waiting to be let in.",
}


class Entrance(ModalScreen[None]):
    """Says what one waits for; Esc gives up, and r tries again where the server was not reached."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+q", "give_up", "Give up", key_display="esc", priority=True),
        Binding("r", "again", "Try again"),
    ]

    def __init__(self, where: str) -> None:
        super().__init__()
        self._where = where
        self._error: SegelError | None = None

    def compose(self) -> ComposeResult:
        """textual: what it is made of."""
        with Vertical(classes="panel") as frame:
            frame.border_title = f"Segel  {plain(self._where)}"
            frame.border_subtitle = "Esc gives up"
            yield Static(Text("Connecting."), id="waiting")

    def waiting(self, what: Waiting) -> None:
        """SDK: what one waits for."""
        self._say(_WAITING[what])

    def refused(self, error: SegelError, line: str) -> None:
        """The way in ended."""
        self._error = error
        again = "\n\nr tries again." if isinstance(error, Unreachable) else ""
        self._say(line + again)
        self.query_one(".panel").border_subtitle = "Esc closes"

    def action_again(self) -> None:
        """Tries once more."""
        if isinstance(self._error, Unreachable):
            self.app.pop_screen()
            self.app.enter()  # type: ignore[attr-defined]

    async def action_give_up(self) -> None:
        """Ends the program."""
        await self.app.go(self._error)  # type: ignore[attr-defined]

    def _say(self, text: str) -> None:
        if self.is_attached:
            self.query_one("#waiting", Static).update(Text(text))
