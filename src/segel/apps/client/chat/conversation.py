"""What was said, in a list that draws only what is seen of it."""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import ClassVar, NamedTuple

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message as Post
from textual.scroll_view import ScrollView
from textual.strip import Strip

from segel.apps.client.chat.lines import day, is_one_line, message_lines, note_lines
from segel.client import Message


class Note(NamedTuple):
    """Something that happened after the message of an id; None: before the first."""

    after: str | None
    text: str
    style: str = "dim italic"


class _Row:
    """A message or a note. It is laid out when it is first seen, or cannot be counted without."""

    def __init__(self, message: Message | None, width: int, draw: Callable[[], list[Text]]) -> None:
        self.message, self._draw = message, draw
        self._lines: list[Text] | None = None
        one = message is not None and is_one_line(message, width)
        self.height = 1 if one else len(self.lines)

    @property
    def lines(self) -> list[Text]:
        if self._lines is None:
            self._lines = self._draw()
        return self._lines


class Conversation(ScrollView, can_focus=True):
    """Messages in order. With the focus, one of them is chosen and keys act on it."""

    class Chosen(Post):
        """A key was pressed on a message."""

        def __init__(self, act: str, message: Message) -> None:
            super().__init__()
            self.act, self.message = act, message

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "choose(-1)", "Earlier", show=False),
        Binding("down", "choose(1)", "Later", show=False),
        Binding("home", "choose(-1000000)", "First", show=False),
        Binding("end", "choose(1000000)", "Last", show=False),
        Binding("r,enter", "act('reply')", "Reply"),
        Binding("plus", "act('react')", "React", key_display="+"),
        Binding("s", "act('save')", "Save file"),
        Binding("e", "act('edit')", "Edit"),
        Binding("d", "act('delete')", "Take back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[_Row] = []
        self._starts: list[int] = []
        self._made: dict[str, tuple[Message, Message | None, _Row]] = {}
        self._messages: list[Message] = []
        self._notes: dict[str | None, list[Note]] = {}
        self._width = 0
        self._follows = True
        self.chosen: str | None = None

    def show(self, messages: list[Message], notes: Iterable[Note]) -> None:
        """Shows these messages, with these notes between them; stays at the end if it was there."""
        self._messages = messages
        self._notes = {}
        for note in notes:
            self._notes.setdefault(note.after, []).append(note)
        self._lay_out()

    def on_resize(self, event: events.Resize) -> None:
        """textual: lines are as long as the window is wide."""
        if self.scrollable_content_region.width != self._width:
            self._lay_out()
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """textual: who scrolls away from the end does not follow it any more."""
        super().watch_scroll_y(old_value, new_value)
        self._follows = new_value >= self.max_scroll_y - 1

    def on_focus(self) -> None:
        """textual: the last message is chosen."""
        if self._messages and self._index() is None:
            self._choose(self._messages[-1].id)
        self.refresh()

    def on_blur(self) -> None:
        """textual: nothing is chosen."""
        self.chosen = None
        self.refresh()

    def action_choose(self, by: int) -> None:
        """Goes to another message."""
        index = self._index()
        if not self._messages:
            return
        at = len(self._messages) - 1 if index is None else index + by
        self._choose(self._messages[max(0, min(at, len(self._messages) - 1))].id)

    def action_act(self, act: str) -> None:
        """Tells what was pressed."""
        if (index := self._index()) is not None:
            self.post_message(self.Chosen(act, self._messages[index]))

    def render_line(self, y: int) -> Strip:
        """textual: one line of the window."""
        line, width = self.scroll_offset.y + y, self.size.width
        base = self.rich_style
        at = bisect_right(self._starts, line) - 1
        if at < 0 or line >= self.virtual_size.height:
            return Strip.blank(width, base)
        row = self._rows[at]
        number = line - self._starts[at]
        if number >= len(row.lines):
            return Strip.blank(width, base)
        chosen = row.message is not None and row.message.id == self.chosen
        style = base + Style(reverse=True) if chosen else base
        strip = Strip(row.lines[number].render(self.app.console))
        return strip.apply_style(style).adjust_cell_length(width, style)

    def _follow(self) -> None:
        if self._follows and self.chosen is None:
            # Forced: the scrollbar may not be there yet, without which it would not scroll.
            self.scroll_end(animate=False, immediate=True, force=True, x_axis=False)

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        if not width:
            return
        if width != self._width:
            self._width, self._made = width, {}
        self._rows = list(self._all_rows(width))
        self._starts, line = [], 0
        for row in self._rows:
            self._starts.append(line)
            line += row.height
        self.virtual_size = Size(width, line)
        self._follow()
        self.refresh()

    def _all_rows(self, width: int) -> Iterable[_Row]:
        yield from self._note_rows(None, width)
        by_id = {message.id: message for message in self._messages}
        made: dict[str, tuple[Message, Message | None, _Row]] = {}
        today = ""
        for message in self._messages:
            if (date := day(message.at)) != today:
                today = date
                yield _Row(None, width, lambda date=date: note_lines(date, width))  # type: ignore[misc]
            quoted = by_id.get(message.reply_to) if message.reply_to else None
            known = self._made.get(message.id)
            if known is None or known[0] != message or known[1] != quoted:
                row = _Row(
                    message,
                    width,
                    lambda message=message: message_lines(message, width, by_id.get),  # type: ignore[misc]
                )
                known = (message, quoted, row)
            made[message.id] = known
            yield known[2]
            yield from self._note_rows(message.id, width)
        self._made = made

    def _note_rows(self, after: str | None, width: int) -> Iterable[_Row]:
        for note in self._notes.get(after, ()):
            yield _Row(
                None,
                width,
                lambda note=note: note_lines(note.text, width, note.style),  # type: ignore[misc]
            )

    def _index(self) -> int | None:
        ids = (at for at, message in enumerate(self._messages) if message.id == self.chosen)
        return next(ids, None)

    def _choose(self, number: str) -> None:
        self.chosen = number
        for start, row in zip(self._starts, self._rows, strict=True):
            if row.message is not None and row.message.id == number:
                region = Region(0, start, 1, row.height)
                self.scroll_to_region(region, animate=False, immediate=True, x_axis=False)
        self.refresh()
