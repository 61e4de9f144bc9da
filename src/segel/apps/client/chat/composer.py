"""Where one writes: Enter sends, what was sent before comes back by Up, and drafts are kept."""

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message as Post
from textual.widgets import TextArea


class Composer(TextArea):
    """A new line by Ctrl+J; also by Shift or Alt with Enter, where the terminal tells them from
    Enter. `borrow` puts another text in for a while, such as one to be corrected; the draft comes
    back after it.
    """

    class Sent(Post):
        """Enter was pressed on a text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", "Send", priority=True),
        Binding("shift+enter,alt+enter,ctrl+j", "line", "New line", key_display="^j"),
    ]

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._sent: list[str] = []
        self._at: int | None = None
        self._draft = ""
        self._kept: str | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """textual: Enter belongs to whoever has the focus."""
        return self.has_focus if action in ("send", "line") else True

    def action_send(self) -> None:
        """Sends what is written."""
        text = self.text.strip("\n")
        if not text.strip():
            return
        self._sent.append(text)
        self._at = None
        self.load_text("")
        self.give_back()
        self.post_message(self.Sent(text))

    def action_line(self) -> None:
        """Begins a line."""
        self.insert("\n")

    def borrow(self, text: str) -> None:
        """Another text; the draft waits."""
        if self._kept is None:
            self._kept = self.text
        self._put(text)

    def give_back(self) -> None:
        """The draft is there again."""
        if self._kept is not None:
            self._put(self._kept)
            self._kept = None

    async def _on_key(self, event: events.Key) -> None:
        row, _ = self.cursor_location
        if event.key == "up" and row == 0 and self._sent:
            event.prevent_default().stop()
            self._walk(-1)
        elif event.key == "down" and row == self.document.line_count - 1 and self._at is not None:
            event.prevent_default().stop()
            self._walk(1)
        else:
            await super()._on_key(event)

    def _walk(self, by: int) -> None:
        if self._at is None:
            self._draft, self._at = self.text, len(self._sent)
        at = max(0, self._at + by)
        self._at = at if at < len(self._sent) else None
        self._put(self._draft if self._at is None else self._sent[at])

    def _put(self, text: str) -> None:
        self.load_text(text)
        self.move_cursor(self.document.end)
