"""Files on their way up and down."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from rich.text import Text
from textual.widgets import Static

from segel.apps.client.opening import stopped
from segel.apps.client.plain import plain
from segel.apps.sizes import shown_size
from segel.client import SegelError
from segel.client.files.upload import Progress

_BAR = 16
"""Columns."""


class _Going(NamedTuple):
    sign: str
    name: str
    done: int = 0
    size: int = 0


class Transfers(Static):
    """A line for each file on its way; nothing while there is none."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False
        self._going: dict[asyncio.Task[None], _Going] = {}

    def start(
        self,
        sign: str,
        name: str,
        work: Callable[[Progress], Awaitable[str]],
        told: Callable[[str], None],
    ) -> None:
        """Does the work and shows how far it is; `told` is given how it ended."""

        def progress(done: int, size: int) -> None:
            if task in self._going:
                self._going[task] = self._going[task]._replace(done=done, size=size)
                self._draw()

        async def run() -> None:
            try:
                told(await work(progress))
            except SegelError as error:
                told(stopped(error).message)
            except OSError as error:
                told(f"{plain(name)}: {error.strerror or error}.")
            except asyncio.CancelledError:
                told(f"{plain(name)} was stopped.")
            finally:
                del self._going[task]
                self._draw()

        task = asyncio.create_task(run())
        self._going[task] = _Going(sign, name)
        self._draw()

    async def stop(self, *, all_of_them: bool = False) -> None:
        """Stops the one that began last, or all."""
        tasks = list(self._going) if all_of_them else list(self._going)[-1:]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _draw(self) -> None:
        self.display = bool(self._going)
        self.update(Text("\n").join(_line(each) for each in self._going.values()))


def _line(going: _Going) -> Text:
    part = going.done / going.size if going.size else 0.0
    full = int(part * _BAR)
    bar = "━" * full + "─" * (_BAR - full)
    sizes = f"{shown_size(going.done)} of {shown_size(going.size)}" if going.size else "beginning"
    return Text(f"{going.sign} {plain(going.name)}  {bar} {part:4.0%}  {sizes}  Ctrl+X stops it")
