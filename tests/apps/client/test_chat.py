"""The screen of a meeting, by its keys, on a real server with another member."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input

from segel.apps.client.chat.app import ChatApp
from segel.apps.client.chat.composer import Composer
from segel.apps.client.chat.conversation import Conversation
from segel.apps.client.chat.lines import Find, message_lines
from segel.client import Meeting, Message, Segel
from segel.testing.server_process import ServerProcess

WITHIN = 15.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


class Screen:
    """A running chat and what can be seen of it."""

    def __init__(self, app: ChatApp, pilot: Pilot[Any]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def meeting(self) -> Meeting:
        assert self.app.meeting is not None
        return self.app.meeting

    def text(self) -> str:
        """What stands on the terminal, line by line."""
        lines = self.app.screen._compositor.render_strips(self.app.size)
        return "\n".join("".join(part.text for part in line) for line in lines)

    async def shows(self, *words: str) -> str:
        """Waits until all the words stand on the terminal, on however many lines."""

        def there() -> bool:
            seen = re.sub(r"\s+", " ", self.text())
            return all(word in seen for word in words)

        await self.until(there, lambda: f"{words} not in\n{self.text()}")
        return self.text()

    async def until(self, holds: Callable[[], object], why: Callable[[], str] = str) -> None:
        """Waits until something holds."""
        try:
            async with asyncio.timeout(WITHIN):
                while not holds():
                    await self.pilot.pause(0.02)
        except TimeoutError:
            raise AssertionError(why()) from None

    async def say(self, text: str) -> None:
        """Writes and sends."""
        self.app.query_one(Composer).insert(text)
        await self.press("enter")

    async def press(self, *keys: str) -> None:
        """Presses keys."""
        await self.pilot.press(*keys)


@asynccontextmanager
async def chat(
    link: str, name: str = "Ada", size: tuple[int, int] = (120, 40), *, inside: bool = True
) -> AsyncIterator[Screen]:
    """Somebody at the screen."""
    async with Segel() as segel:
        app = ChatApp("example.org", lambda told: segel.join(link, name=name, waiting=told))
        async with app.run_test(size=size) as pilot:
            screen = Screen(app, pilot)
            if inside:
                await screen.until(lambda: app.query_one(Composer).has_focus)
            yield screen
            await app.go()


@pytest.fixture
async def ben(server: ServerProcess) -> AsyncIterator[Meeting]:
    """The other: host of a meeting whose link lets in."""
    async with AsyncExitStack() as stack:
        segel = await stack.enter_async_context(Segel())
        yield await stack.enter_async_context(segel.create(server.url, name="Ben", door="open"))


async def test_messages_go_both_ways_and_say_what_became_of_them(ben: Meeting) -> None:
    async with chat(ben.link) as ada:
        await ada.shows("online", "Ben host", "Sealed end to end, hybrid")
        first = await ben.send("Good morning")
        await ben.edit(first.id, "Good evening")
        await ben.react(first.id, "👍")
        await ada.shows("Ben: Good evening edited", "👍 1")
        await ada.say("Hello\nyou")
        await ada.shows("You: Hello", "you sent")
        assert ben.messages[-1].text == "Hello\nyou"
        await ada.press("up")
        assert ada.app.query_one(Composer).text == "Hello\nyou"
        await ada.press("down", "x", "tab", "up", "r")
        await ada.shows("Answering Ben: Good evening")
        await ada.say("yes")
        await ada.shows("│ Ben: Good evening", "You: xyes sent")
        assert ben.messages[-1].reply_to == first.id
        await ada.press("tab", "e")
        await ada.say("!")
        await ada.shows("You: xyes! edited sent")
        await ada.press("tab", "d")
        await ada.shows("You: (taken back)")


async def test_what_others_wrote_is_text_and_no_order(ben: Meeting, tmp_path: Path) -> None:
    async with chat(ben.link, size=(60, 20)) as ada:
        await ben.send("[bold]a[/bold] [link=https://example.org]b[/link] \x1b[31mc\x1b]0;d\x07")
        await ben.send_file(_file(tmp_path, 10), name="[red]e.txt")
        seen = await ada.shows("[bold]a[/bold]", "[link=https://example.org]b[/link]", "[red]e.txt")
        assert "␛[31mc␛]0;d␇" in seen
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", seen)
        assert "│Ben" not in seen  # the roster has no room
        async with Segel() as segel, segel.join(ben.link, name="you") as false:
            await false.send("me")
            await ada.shows(f"you ({false.me.account[:4]}): me")
        await ada.press("f3")
        await ada.shows("People", "Ada you", "Only a host acts here.")


def _file(folder: Path, size: int) -> Path:
    path = folder / "notes.txt"
    path.write_bytes(b"x" * size)
    return path


async def test_files_go_both_ways(ben: Meeting, tmp_path: Path) -> None:
    async with chat(ben.link) as ada:
        await ben.send_file(_file(tmp_path, 300_000))
        await ada.shows("[file] notes.txt 300.0 kB")
        await ada.press("tab", "s")
        await ada.shows("Save notes.txt where?")
        ada.app.screen.query_one(Input).value = str(tmp_path / "saved.txt")
        await ada.press("enter")
        await ada.shows(f"Saved as {tmp_path / 'saved.txt'}.")
        assert (tmp_path / "saved.txt").read_bytes() == b"x" * 300_000
        given = tmp_path / "given.bin"
        given.write_bytes(b"y" * 1_000_000)
        await _give(ada, given)
        await ada.shows("given.bin is sent.")
        message = ben.messages[-1]
        assert b"".join([piece async for piece in ben.read_file(message.id)]) == given.read_bytes()
        with given.open("wb") as large:
            large.truncate(1_500_000_000)  # sparse
        await _give(ada, given)
        await ada.until(
            lambda: re.search(r"given.bin  ━+─+ +\d+%  \S+ MB of 1.5 GB", ada.text()), ada.text
        )
        await ada.press("ctrl+x")
        await ada.shows("given.bin was stopped.")
        await _give(ada, Path("/no.file"))
        await ada.shows("No such file")
        assert len(ben.messages) == 2


async def _give(screen: Screen, path: Path) -> None:
    await screen.press("escape", "ctrl+o")
    await screen.shows("Which file?")
    screen.app.screen.query_one(Input).value = str(path)
    await screen.press("enter")


async def test_the_digits_are_the_others_and_a_host_takes_out(ben: Meeting) -> None:
    async with chat(ben.link) as ada:
        await ada.press("f2")
        code = await ben.code()
        seen = await ada.shows("  ".join(code[:3]).replace("  ", " "), "Hold the keys Ada, Ben")
        assert "X-Wing" in seen
        await ada.press("escape")
        await ada.press("ctrl+t")
        await ada.shows("Ada you, hand up")
        await ben.ask_to_mute()
        await ada.shows("Ben asks you to mute your microphone.")
        account = ada.meeting.me.account
        await ben.kick(account)
        await ada.shows("A host took you out of the meeting.", "Not in the meeting: nothing")
        await ada.say("x")
        await ada.shows("ended")
        assert not ben.messages


async def test_a_host_lets_in_and_does_not(server: ServerProcess) -> None:
    async with Segel() as segel, segel.create(server.url, name="Ben", door="lobby") as made:
        link = made.link
        async with _host(segel, made) as ben:
            async with chat(link, "Eve", inside=False) as eve:
                await eve.shows("Waiting to be let in.", "Esc gives up")
                await ben.shows("Waiting to be let in: Eve. F3 decides.", "1 waiting: F3")
                await ben.press("f3")
                await ben.shows("Eve waits to be let in")
                await ben.press("d")
                await eve.shows("A host did not let you in.")
            async with chat(link, "Ada", inside=False) as ada:
                await ben.shows("Ada waits to be let in")
                await ben.press("a")
                await ada.shows("Ben host", "Ada you")
                await ben.press("escape")
                await ben.shows("2 here")
            await ben.shows("Ada is gone.", "1 here")


@asynccontextmanager
async def _host(segel: Segel, meeting: Meeting) -> AsyncIterator[Screen]:
    @asynccontextmanager
    async def inside(_: object) -> AsyncIterator[Meeting]:
        yield meeting

    app = ChatApp("example.org", inside)
    async with app.run_test(size=(120, 40)) as pilot:
        screen = Screen(app, pilot)
        await screen.shows("Ben you, host")
        yield screen
        await app.go()


async def test_a_server_that_comes_back_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        async with Segel() as segel, segel.create(server.url, name="Ben") as ben:
            async with chat(ben.link, size=(80, 24)) as ada:
                await ada.say("one")
                await ada.shows("You: one sent")
                await asyncio.to_thread(server.kill)
                await ada.shows("reconnecting", "The connection is lost")
                await ada.say("two")
                await ada.say("three")
                await ada.shows("You: two sending", "You: three sending")
                await asyncio.to_thread(server.start)
                seen = await ada.shows("online", "You: two sent", "You: three sent")
                assert seen.count("You: two") == 1
                await ada.until(lambda: len(ben.messages) == 3)
                assert [each.text for each in ben.messages] == ["one", "two", "three"]


async def test_a_server_that_is_not_there_is_told_and_esc_gives_up(ben: Meeting) -> None:
    nowhere = ben.link.replace(ben.link.split("/")[2], "127.0.0.1:1")
    async with chat(nowhere, inside=False, size=(60, 20)) as ada:
        await ada.shows("The server was not reached", "r tries again.")
        await ada.press("escape")
        await ada.until(lambda: not ada.app.is_running)


async def test_of_five_thousand_messages_only_what_is_seen_is_laid_out() -> None:
    said = [
        Message(f"{number:064x}", "a" * 32, "Ben", False, 1.7e9, f"Message {number}.")
        for number in range(5_000)
    ]
    conversation = Conversation()

    class OnlyThat(App[None]):
        def compose(self) -> ComposeResult:
            yield conversation

    with pytest.MonkeyPatch.context() as patch:
        laid_out: list[str] = []

        def counted(message: Message, width: int, find: Find) -> list[Text]:
            laid_out.append(message.id)
            return message_lines(message, width, find)

        patch.setattr("segel.apps.client.chat.conversation.message_lines", counted)
        async with OnlyThat().run_test(size=(80, 24)) as pilot:
            conversation.show(said, [])
            await pilot.pause()
            assert "Message 4999." in _window(conversation)
            await pilot.resize_terminal(80, 12)
            conversation.show([*said, replace(said[0], id="f" * 64, text="New.")], [])
            await pilot.pause()
            assert "New." in _window(conversation)
            conversation.scroll_home(animate=False, immediate=True)
            assert "Message 0." in _window(conversation)
            assert len(laid_out) < 100


def _window(conversation: Conversation) -> str:
    return "\n".join(conversation.render_line(y).text for y in range(conversation.size.height))
