"""One thing after the other: whatever touches the group runs in its turn."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from segel.client.errors import MeetingOver, SegelError
from segel.client.meeting.ground import BAD

T = TypeVar("T")


class Turns:
    """Runs tasks in the order in which they came. `trouble` is told what one raises, `done` that
    one is over.
    """

    def __init__(
        self, trouble: Callable[[Exception], Awaitable[None]], done: Callable[[], None]
    ) -> None:
        self._trouble, self._done = trouble, done
        self._tasks: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self.over = False
        self._running = asyncio.create_task(self._run())

    def later(self, task: Callable[[], Awaitable[None]]) -> None:
        """Runs a task in its turn."""
        self._tasks.put_nowait(task)

    def soon(self, do: Callable[[], None]) -> None:
        """As `later`, for what does not wait."""

        async def turn() -> None:
            do()

        self.later(turn)

    async def result(self, task: Callable[[], Awaitable[T]]) -> T:
        """Runs a task in its turn and waits for it. Raises what it raises, and MeetingOver where
        its turn does not come any more.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()

        async def turn() -> None:
            try:
                result = await task()
            except (SegelError, *BAD) as error:
                if not done.done():
                    done.set_exception(error)
                if isinstance(error, SegelError):
                    await self._trouble(error)
            else:
                if not done.done():
                    done.set_result(result)

        self.later(turn)
        both: set[asyncio.Future[T] | asyncio.Task[None]] = {done, self._running}
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise MeetingOver("left", "not in the meeting any more")
        return done.result()

    async def ended(self, within: float) -> None:
        """Resolves when no task comes to its turn any more, or after so many seconds."""
        await asyncio.wait({self._running}, timeout=within)

    def halt(self) -> None:
        """No task comes to its turn any more."""
        self.over = True
        self.soon(lambda: None)  # wakes who waits for the next

    async def stop(self) -> None:
        """Ends the task that runs, too."""
        self.halt()
        if asyncio.current_task() is not self._running:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _run(self) -> None:
        while True:
            task = await self._tasks.get()
            if self.over:
                return
            try:
                await task()
            except Exception as error:
                await self._trouble(error)
            if not self.over:
                self._done()
