"""Things to do later, each under a name: one of a name at a time."""

import asyncio
from collections.abc import Callable


class Timers:
    """Waits that end with their owner."""

    def __init__(self) -> None:
        self._handles: dict[str, asyncio.TimerHandle] = {}

    def after(self, name: str, seconds: float, do: Callable[[], object]) -> None:
        """Does it once; what waited under the name gives way."""
        self.cancel(name)

        def due() -> None:
            self._handles.pop(name, None)
            do()

        self._handles[name] = asyncio.get_running_loop().call_later(seconds, due)

    def every(self, name: str, seconds: float, do: Callable[[], object]) -> None:
        """Does it again and again."""

        def due() -> None:
            self.every(name, seconds, do)
            do()

        self.cancel(name)
        self._handles[name] = asyncio.get_running_loop().call_later(seconds, due)

    def has(self, name: str) -> bool:
        """Whether something waits under the name."""
        return name in self._handles

    def cancel(self, name: str) -> None:
        """Does it not."""
        if (handle := self._handles.pop(name, None)) is not None:
            handle.cancel()

    def stop(self) -> None:
        """Does nothing any more."""
        for name in list(self._handles):
            self.cancel(name)
