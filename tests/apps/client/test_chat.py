"""The screen of a meeting, by its keys, on a real server with another member."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from segel.apps.client.chat.app import ChatApp
from segel.client import Meeting, Segel
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
        await self.pilot.press(*(_KEYS.get(sign, sign) for sign in text), "enter")

    async def press(self, *keys: str) -> None:
        """Presses keys."""
        await self.pilot.press(*keys)


_KEYS = {" ": "space", "\n": "ctrl+j", "!": "exclamation_mark"}


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
                await screen.until(lambda: app.meeting is not None and len(app.screen_stack) == 1)
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
        assert ada.app.query_one("Composer").text == "Hello\nyou"  # type: ignore[attr-defined]
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
        await ada.press("f3")
        await ada.shows("People", "Ada you", "Only a host acts here.")


def _file(folder: Path, size: int) -> Path:
    path = folder / "notes.txt"
    path.write_bytes(b"x" * size)
    return path
