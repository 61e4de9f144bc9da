"""The server's log: JSON lines on standard error, made of declared fields only.

No field can hold an address, a name, an id or content: a log is the first thing that is taken away.
"""

import contextlib
import json
import logging
import sys
import time
from typing import Literal, TypedDict, Unpack

Level = Literal["debug", "info", "warning", "error"]
LEVELS: dict[Level, int] = {"debug": 10, "info": 20, "warning": 30, "error": 40}

Event = Literal[
    "started",
    "stopping",
    "stopped",
    "call_failed",
    "expired",
    "expiry_failed",
    "relay_started",
    "relay_stopped",
    "relay_failed",
    "relay_event_failed",
    "certificate_renewed",
    "certificate_refused",
    "library",
]


class Fields(TypedDict, total=False):
    """All that a line may say besides its event."""

    count: int
    milliseconds: int
    error: str
    """The class of an exception, never its text."""
    library: str
    """The name of the library that said something."""


class Log:
    """Writes lines of at least `level`."""

    def __init__(self, level: Level) -> None:
        self._least = LEVELS[level]

    def write(self, level: Level, event: Event, **fields: Unpack[Fields]) -> None:
        """One line, with the time in whole seconds."""
        if LEVELS[level] >= self._least:
            line = {"at": int(time.time()), "level": level, "event": event, **fields}
            # A log on a full disk must not stop the server.
            with contextlib.suppress(OSError):
                print(json.dumps(line), file=sys.stderr, flush=True)


class _Libraries(logging.Handler):
    """What libraries log may hold addresses or content: only who spoke, and the exception's class,
    stays.
    """

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0] if record.exc_info else None
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        library = record.name.partition(".")[0]
        self._log.write(level, "library", library=library, error=kind.__name__ if kind else "")


def silence_libraries(log: Log) -> None:
    """Sends what all libraries log through `log`, stripped."""
    logging.basicConfig(handlers=[_Libraries(log)], force=True)
