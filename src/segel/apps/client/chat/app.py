"""The screen of a meeting, and its keys."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static

from segel.apps.client.chat.acts import Acts
from segel.apps.client.chat.composer import Composer
from segel.apps.client.chat.conversation import Conversation, Note
from segel.apps.client.chat.entrance import Entrance
from segel.apps.client.chat.hearing import note_of
from segel.apps.client.chat.lines import called, summary
from segel.apps.client.chat.panel import HELP, Panel, People
from segel.apps.client.chat.roster import Roster
from segel.apps.client.chat.seal import seal_line, seal_panel
from segel.apps.client.chat.transfers import Transfers
from segel.apps.client.opening import stopped
from segel.apps.client.plain import plain
from segel.client import (
    Alarm,
    Connection,
    Event,
    Knocked,
    Meeting,
    Message,
    Rekeyed,
    SegelError,
)
from segel.client.meeting.door import Waiting

GoIn = Callable[[Callable[[Waiting], None]], AbstractAsyncContextManager[Meeting]]
"""Opens the meeting; is given who is told what one waits for."""

_NARROW = 80
"""Columns under which the roster has no room."""
_REDRAW = 0.03
"""Seconds in which what happens is drawn together."""
_LOOK = 2.0
"""Seconds after which those who wait, and who was not heard, are looked at again."""


class ChatApp(App[SegelError | None]):
    """A meeting. Its result is the error that kept one out, if any."""

    CSS_PATH = "chat.tcss"
    TITLE = "Segel"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help"),
        Binding("f2", "seal", "Seal"),
        Binding("f3", "people", "People"),
        Binding("ctrl+o", "give", "File", priority=True),
        Binding("ctrl+x", "stop", "Stop file", priority=True, show=False),
        Binding("ctrl+t", "hand", "Hand", priority=True),
        Binding("escape", "drop", "Drop", show=False),
        Binding("ctrl+q", "leave", "Leave", priority=True),
    ]

    def __init__(self, where: str, go_in: GoIn) -> None:
        super().__init__()
        self._where, self._go_in = where, go_in
        self.meeting: Meeting | None = None
        self.about: tuple[str, Message] | None = None
        """What the text being written is for: reply or edit, and of which message."""
        self._notes: list[Note] = []
        self._suite, self._online, self._code = "", True, list[str]()
        self._living: asyncio.Task[None] | None = None
        self._redraw_due = False
        self._warned = ""
        self._acts = Acts(self)

    def compose(self) -> ComposeResult:
        """textual: what it is made of."""
        yield Static(id="head", markup=False)
        yield Static(id="alarm", markup=False)
        with Horizontal(id="body"):
            yield Conversation()
            yield Roster(id="roster", markup=False)
        with Vertical(id="foot"):
            yield Static(id="knocks", markup=False)
            yield Transfers()
            yield Static(id="about", markup=False)
            yield Composer()
            yield Static(id="seal", markup=False)
        yield Footer(show_command_palette=False, compact=True)

    async def on_mount(self) -> None:
        """textual: on the way in."""
        self.set_interval(_LOOK, self.redraw)
        self.enter()

    def on_resize(self, event: events.Resize) -> None:
        """textual: the roster needs room."""
        self.screen_stack[0].set_class(event.size.width < _NARROW, "narrow")

    # The meeting

    def enter(self) -> None:
        """Goes in, or tries again."""
        entrance = Entrance(self._where)
        self.push_screen(entrance)
        self._living = asyncio.create_task(self._live(entrance))

    async def _live(self, entrance: Entrance) -> None:
        try:
            async with self._go_in(entrance.waiting) as meeting:
                events = meeting.events()
                self.meeting, self._suite = meeting, meeting.suite
                if entrance.is_attached:
                    await entrance.dismiss()
                self.query_one(Composer).focus()
                self.redraw()
                async for event in events:
                    self._happened(event)
        except SegelError as error:
            if self.meeting is None:
                entrance.refused(error, stopped(error).message)
            else:
                self.tell(stopped(error).message, "bold red")

    def _happened(self, event: Event) -> None:
        match event:
            case Connection(online=online):
                self._online = online
            case Knocked() | Alarm():
                self.bell()
            case _:
                pass
        if isinstance(event, Rekeyed):
            self.run_worker(self.read_code(), exclusive=True, group="code")
        if (told := note_of(event)) is not None:
            self.tell(*told)
        self.redraw()

    def tell(self, text: str, style: str = "dim italic") -> None:
        """Writes what happened below the last message."""
        messages = self.meeting.messages if self.meeting is not None else []
        self._notes.append(Note(messages[-1].id if messages else None, text, style))
        self.redraw()

    async def read_code(self) -> None:
        """Works the digits out for the panel of the seal."""
        if self.meeting is not None and isinstance(self.screen, Panel):
            self._code = []
            self.redraw()
            try:
                self._code = await self.meeting.code()
            except SegelError:
                return
            self.redraw()

    # Drawing

    def redraw(self) -> None:
        """Draws soon what there is."""
        if not self._redraw_due and self.is_running:
            self._redraw_due = True
            self.set_timer(_REDRAW, self._draw)

    def _draw(self) -> None:
        self._redraw_due = False
        base, meeting = self.screen_stack[0], self.meeting
        base.query_one("#head", Static).update(self._head())
        base.query_one("#seal", Static).update(seal_line(meeting, self._suite))
        if meeting is None:
            return
        base.query_one(Conversation).show(meeting.messages, self._notes)
        base.query_one(Roster).show(meeting.people, len(meeting.waiting))
        self._line("#knocks", _knocks(meeting.waiting))
        alarm = "ALARM: do not trust this meeting. F2 says why." if meeting.alarms else ""
        self._line("#alarm", alarm)
        if isinstance(self.screen, People):
            self.screen.show(meeting.people, meeting.waiting)
        elif isinstance(self.screen, Panel) and self.screen.name == "seal":
            self.screen.show(seal_panel(meeting, self._suite, self._code or None))

    def _head(self) -> Text:
        if self.meeting is None:
            return Text(f"Segel  {self._where}")
        if self.meeting.over is not None:
            state, style = "ended", "bold"
        elif self._online:
            state, style = "online", "green"
        else:
            state, style = "reconnecting; what you write is sent later", "bold yellow"
        people = len(self.meeting.people)
        return Text.assemble(
            (f"Segel  {self._where}  ", "bold"), (state, style), f"  {people} here"
        )

    def _line(self, selector: str, text: str) -> None:
        line = self.screen_stack[0].query_one(selector, Static)
        line.display = bool(text)
        line.update(Text(text))

    def show_about(self, about: tuple[str, Message] | None) -> None:
        """Says what the text being written is for."""
        self.about = about
        if about is None:
            self._line("#about", "")
            return
        word = "Answering" if about[0] == "reply" else "Correcting"
        self._line("#about", f"{word} {called(about[1])}: {summary(about[1])}   Esc drops it")

    # Keys

    def action_help(self) -> None:
        """F1."""
        self.push_screen(Panel("Keys", Text(HELP)))

    def action_seal(self) -> None:
        """F2."""
        if self.meeting is not None:
            panel = Panel("The seal", seal_panel(self.meeting, self._suite, None))
            panel._name = "seal"
            self.push_screen(panel)
            self.run_worker(self.read_code(), exclusive=True, group="code")

    def action_people(self) -> None:
        """F3."""
        if self.meeting is not None:
            self.push_screen(People(self._acts.rule))
            self.redraw()

    def action_give(self) -> None:
        """Ctrl+O."""
        self._acts.give()

    async def action_stop(self) -> None:
        """Ctrl+X."""
        await self.screen_stack[0].query_one(Transfers).stop()

    def action_hand(self) -> None:
        """Ctrl+T."""
        self._acts.hand()

    def action_drop(self) -> None:
        """Esc: back to writing; what was begun is dropped."""
        composer = self.query_one(Composer)
        if self.about is not None:
            self.show_about(None)
            composer.give_back()
        composer.focus()

    async def action_leave(self) -> None:
        """Ctrl+Q; a draft is asked about once."""
        base = self.screen_stack[0]
        draft = base.query_one(Composer).text.strip()
        if draft and draft != self._warned and self.meeting is not None:
            self._warned = draft
            self.tell("What you wrote is not sent. Ctrl+Q again leaves all the same.", "bold")
            return
        await self.go()

    async def go(self, error: SegelError | None = None) -> None:
        """Says goodbye and ends."""
        await self.screen_stack[0].query_one(Transfers).stop(all_of_them=True)
        await self.say_goodbye()
        self.exit(error)

    async def say_goodbye(self) -> None:
        """Is out of the meeting, or off the way in, when it returns."""
        if self._living is not None and not self._living.done():
            self._living.cancel()
            await asyncio.wait({self._living})

    def on_composer_sent(self, event: Composer.Sent) -> None:
        """A text is to be sent."""
        self._acts.send(event.text)

    def on_conversation_chosen(self, event: Conversation.Chosen) -> None:
        """A key was pressed on a message."""
        self._acts.on_message(event.act, event.message)


def _knocks(waiting: list[Knocked]) -> str:
    if not waiting:
        return ""
    names = ", ".join(plain(waiter.name) for waiter in waiting)
    return f"Waiting to be let in: {names}. F3 decides."
