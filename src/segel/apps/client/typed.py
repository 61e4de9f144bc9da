"""Standard input, line by line, beside an event loop."""

import asyncio
import codecs
import os
import threading
from collections.abc import AsyncGenerator, Callable

_READ, _LONGEST = 65_536, 1_000_000
"""Bytes at once, and characters of a line: a longer one comes in pieces."""
_AHEAD = 64
"""Lines that are read before they are taken."""
_INPUT = 0


async def typed_lines() -> AsyncGenerator[str, None]:
    """Each line without its end, until the input ends. What is not taken is not read on.

    A thread reads: a terminal that is made non-blocking is so for everybody who has it open, and a
    file cannot be. It is left behind where the program ends before the input does.
    """
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue(_AHEAD)
    ended = threading.Event()

    def put(line: str | None) -> bool:
        if ended.is_set():
            return False
        try:
            asyncio.run_coroutine_threadsafe(lines.put(line), loop).result()
        except (RuntimeError, asyncio.CancelledError):
            return False  # the loop is closed
        return True

    threading.Thread(target=_read, args=(put,), daemon=True).start()
    try:
        while (line := await lines.get()) is not None:
            yield line
    finally:
        ended.set()
        while not lines.empty():
            lines.get_nowait()


def _read(put: Callable[[str | None], bool]) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    rest = ""
    while data := _some():
        *whole, rest = (rest + decoder.decode(data)).split("\n")
        if len(rest) > _LONGEST:
            whole, rest = [*whole, rest], ""
        for line in whole:
            if not put(line.rstrip("\r")):
                return
    if rest:
        put(rest)
    put(None)


def _some() -> bytes:
    try:
        return os.read(_INPUT, _READ)
    except OSError:
        return b""  # no input is as one that ended
