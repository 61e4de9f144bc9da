"""A server process that the tests of one file share, and people who meet on it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from segel.client import Ended, Meeting, Segel
from segel.testing.server_process import ServerProcess

WITHIN = 15.0
"""Seconds after which what was waited for is a failure."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


class People:
    """Opens clients and meetings, and ends them with the test."""

    def __init__(self, url: str) -> None:
        self.url, self._stack = url, AsyncExitStack()

    async def client(self, vault: Path | None = None, unlock: str | None = None) -> Segel:
        """A client; a guest without a vault."""
        return await self._stack.enter_async_context(Segel(vault, unlock))

    async def start(self, name: str = "Ana", **how: str) -> Meeting:
        """A meeting with one in it."""
        segel = await self.client()
        made = segel.create(self.url, name=name, **how)  # type: ignore[arg-type]
        return await self._stack.enter_async_context(made)

    async def join(self, link: str, name: str = "Ben", segel: Segel | None = None) -> Meeting:
        """Somebody in the meeting of a link."""
        client = segel or await self.client()
        async with asyncio.timeout(WITHIN):
            return await self._stack.enter_async_context(client.join(link, name=name))

    async def close(self) -> None:
        """Everybody goes."""
        await self._stack.aclose()


@pytest.fixture
async def people(server: ServerProcess) -> AsyncIterator[People]:
    """Who meets on the file's server."""
    opened = People(server.url)
    yield opened
    await opened.close()


async def until(meeting: Meeting, holds: Callable[[], object]) -> None:
    """Waits for what happens in the meeting until the condition holds. Raises TimeoutError."""
    events = meeting.events()
    async with asyncio.timeout(WITHIN):
        while not holds():
            if isinstance(await anext(events), Ended) and not holds():
                raise AssertionError(f"the meeting ended: {meeting.over}")


def said(meeting: Meeting) -> list[str]:
    """The texts, in order."""
    return [message.text for message in meeting.messages]


def names(meeting: Meeting) -> list[str]:
    """Who is there, oneself first."""
    return [person.name for person in meeting.people]
