"""What one does in the meeting, and how it is told when it does not work."""

from collections.abc import Awaitable
from pathlib import Path
from typing import TYPE_CHECKING

from segel.apps.client.chat.composer import Composer
from segel.apps.client.chat.panel import Question
from segel.apps.client.chat.transfers import Transfers
from segel.apps.client.opening import stopped
from segel.apps.client.plain import plain
from segel.client import Meeting, Message, SegelError
from segel.client.files.upload import Progress

if TYPE_CHECKING:
    from segel.apps.client.chat.app import ChatApp


class Acts:
    """Each returns at once; what fails is told between the messages."""

    def __init__(self, app: "ChatApp") -> None:
        self._app = app

    def send(self, text: str) -> None:
        """Sends a text, as what it was begun for."""
        meeting, about = self._app.meeting, self._app.about
        self._app.show_about(None)
        if meeting is None:
            return
        if about is not None and about[0] == "edit":
            self._do(meeting.edit(about[1].id, text))
        else:
            self._do(meeting.send(text, None if about is None else about[1].id))

    def on_message(self, act: str, message: Message) -> None:
        """What a key asks for on a message."""
        meeting = self._app.meeting
        if meeting is None or message.deleted:
            return
        if act in ("reply", "edit"):
            self._begin(act, message)
        elif act == "react":
            self._react(meeting, message)
        elif act == "delete" and message.you:
            self._do(meeting.delete(message.id))
        elif act == "save" and message.file is not None:
            self._save(meeting, message, message.file.name)

    def give(self) -> None:
        """Asks for a file and sends it."""

        def answered(answer: str | None) -> None:
            meeting = self._app.meeting
            if answer and meeting is not None:
                self._upload(meeting, Path(answer).expanduser())

        if self._app.meeting is not None and not isinstance(self._app.screen, Question):
            self._app.push_screen(Question("Which file?"), answered)

    def hand(self) -> None:
        """Raises one's hand, or lowers it."""
        meeting = self._app.meeting
        if meeting is not None and meeting.over is None:
            up = any(person.you and person.hand for person in meeting.people)
            self._do(meeting.raise_hand(not up))

    def rule(self, act: str, account: str) -> None:
        """What a host decides about somebody."""
        meeting = self._app.meeting
        if meeting is None:
            return
        deeds = {
            "admit": meeting.admit,
            "deny": meeting.deny,
            "mute": meeting.ask_to_mute,
            "kick": meeting.kick,
            "promote": meeting.promote,
        }
        self._do(deeds[act](account))

    def _begin(self, act: str, message: Message) -> None:
        composer = self._app.query_one(Composer)
        if act == "edit":
            if not message.you or message.file is not None:
                return
            composer.borrow(message.text)
        else:
            composer.give_back()
        self._app.show_about((act, message))
        composer.focus()

    def _react(self, meeting: Meeting, message: Message) -> None:
        def answered(sign: str | None) -> None:
            if sign:
                on = meeting.me.account not in message.reactions.get(sign, frozenset())
                self._do(meeting.react(message.id, sign, on=on))

        self._app.push_screen(Question("Which sign? Again takes it back.", "👍"), answered)

    def _upload(self, meeting: Meeting, path: Path) -> None:
        async def work(progress: Progress) -> str:
            await meeting.send_file(path, progress=progress)
            return f"{path.name} is sent."

        self._transfers.start("up  ", path.name, work, self._app.tell)

    def _save(self, meeting: Meeting, message: Message, name: str) -> None:
        def answered(answer: str | None) -> None:
            if answer:
                folder = Path(answer).expanduser()
                self._transfers.start("down", name, lambda progress: work(folder, progress), told)

        async def work(to: Path, progress: Progress) -> str:
            path = await meeting.save_file(message.id, to, progress=progress)
            return f"Saved as {path}."

        told = self._app.tell
        self._app.push_screen(Question(f"Save {plain(name)} where?", str(Path.cwd())), answered)

    @property
    def _transfers(self) -> Transfers:
        return self._app.screen_stack[0].query_one(Transfers)

    def _do(self, deed: Awaitable[object]) -> None:
        async def done() -> None:
            try:
                await deed
            except SegelError as error:
                self._app.tell(stopped(error).message, "bold red")
            finally:
                self._app.redraw()

        self._app.run_worker(done(), exit_on_error=True)
