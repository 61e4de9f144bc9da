"""Panels above the meeting: help, a question, who is there, and the seal."""

from collections.abc import Callable
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from segel.apps.client.chat.roster import person_line
from segel.apps.client.plain import plain
from segel.client import Knocked, Person
from segel.core.content.text import clean_name

HELP = """\
Enter     send
Ctrl+J    a new line
Up, Down  what you sent before
Ctrl+O    give a file
Ctrl+X    stop the last file on its way
Ctrl+T    raise your hand, or lower it
F2        the seal: the digits to compare
F3        people, and who waits at the door
Esc       close, or drop what you began
Ctrl+Q    leave

Tab       to the messages and back. There:
Up, Down  choose one
r  answer    e  correct      s  save its file
+  react     d  take it back

A message that says "sending" goes as soon as
the server is back. Links are text: nothing
is fetched."""


class Panel(ModalScreen[None]):
    """Text in a frame. Esc closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,f2", "app.pop_screen", "Close", key_display="esc")
    ]

    def __init__(self, title: str, text: Text) -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """textual: what it is made of."""
        with VerticalScroll(classes="panel") as frame:
            frame.border_title = self._title
            frame.border_subtitle = "Esc closes"
            yield Static(self._text, classes="body")

    def show(self, text: Text) -> None:
        """Another text."""
        self.query_one(".body", Static).update(text)


class Question(ModalScreen[str | None]):
    """One line to be answered; None where Esc was pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Close")]

    def __init__(self, question: str, answer: str = "") -> None:
        super().__init__()
        self._question, self._answer = question, answer

    def compose(self) -> ComposeResult:
        """textual: what it is made of."""
        with Vertical(classes="panel") as frame:
            frame.border_title = self._question
            frame.border_subtitle = "Enter does it, Esc does not"
            yield Input(self._answer)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """textual: Enter."""
        self.dismiss(event.value.strip() or None)


class People(ModalScreen[None]):
    """Who waits and who is there; a host acts by keys. `act` is given the deed and the account."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f3", "app.pop_screen", "Close", key_display="esc"),
        Binding("a", "act('admit')", "Let in"),
        Binding("d", "act('deny')", "Do not let in"),
        Binding("m", "act('mute')", "Ask to mute"),
        Binding("k", "act('kick')", "Take out"),
        Binding("h", "act('promote')", "Make host"),
    ]

    def __init__(self, act: Callable[[str, str], None]) -> None:
        super().__init__()
        self._act = act
        self._shown: list[tuple[str, bool]] = []

    def compose(self) -> ComposeResult:
        """textual: what it is made of."""
        with Vertical(classes="panel") as frame:
            frame.border_title = "People"
            frame.border_subtitle = "Esc closes"
            yield OptionList(markup=False)
            yield Static(classes="keys", markup=False)

    def show(self, people: list[Person], waiting: list[Knocked]) -> None:
        """These, now."""
        options = self.query_one(OptionList)
        chosen = options.highlighted or 0
        rows = [(waiter.account, True) for waiter in waiting]
        rows += [(person.account, False) for person in people]
        lines = [
            Text.assemble(plain(clean_name(each.name)), ("  waits to be let in", "bold yellow"))
            for each in waiting
        ]
        lines += map(person_line, people)
        self._shown = rows
        options.clear_options()
        options.add_options([Option(line) for line in lines])
        options.highlighted = min(chosen, len(rows) - 1)
        host = any(person.you and person.host for person in people)
        keys = "a lets in   d does not\nm asks to mute   k takes out   h makes host"
        self.query_one(".keys", Static).update(keys if host else "Only a host acts here.")

    def action_act(self, act: str) -> None:
        """A key on somebody."""
        at = self.query_one(OptionList).highlighted
        if at is None or at >= len(self._shown):
            return
        account, waits = self._shown[at]
        if waits == (act in ("admit", "deny")):
            self._act(act, account)
