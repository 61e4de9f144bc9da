"""From the options to a `Segel` at work, and from its errors to a line and an exit status."""

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, TypeVar

import click
import uvloop

from segel.apps.client.options import Own
from segel.apps.client.plain import plain
from segel.apps.client.words import DENIED, FILE_PROBLEMS, OVER
from segel.apps.failures import Failure
from segel.client import (
    BadLink,
    BadVault,
    Ended,
    FileError,
    MeetingOver,
    NotLetIn,
    NotSent,
    Segel,
    SegelError,
    Unreachable,
    UsageError,
    VaultError,
    VaultInUse,
    WrongKey,
)
from segel.client.errors import Denied, Over, RefusedCall

T = TypeVar("T")


class Status(IntEnum):
    """How a client's command ends (docs/commands.md)."""

    DONE = 0
    FAILED = 1
    WRONG_USE = 2
    NOT_LET_IN = 3
    NOT_REACHED = 4
    ALARM = 5
    INTERRUPTED = 130


class Stopped(Failure):
    """The command ends with this line and this status."""

    def __init__(self, status: Status, line: str) -> None:
        super().__init__(line)
        self.exit_code = int(status)  # type: ignore[misc] # click reads it from the instance


def run(own: Own, work: Callable[[Segel], Awaitable[T]]) -> T:
    """Opens the vault, does the work with a Segel that is ready, and closes it again.

    Ctrl-C, and the signals by which a terminal or a system ends a program, cancel the work: what it
    is in, it leaves, with a goodbye. A second Ctrl-C does not wait for that. Raises Stopped, and
    SystemExit with 130 where it was interrupted.
    """
    try:
        with explained():
            client = Segel(own.vault, own.unlock())
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                return runner.run(_at_work(client, work))
    except (KeyboardInterrupt, asyncio.CancelledError, click.Abort):
        sys.exit(Status.INTERRUPTED)


async def _at_work(client: Segel, work: Callable[[Segel], Awaitable[T]]) -> T:
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    if task is not None:
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, task.cancel)
    async with client:
        return await work(client)


@contextmanager
def explained() -> Iterator[None]:
    """Turns each error of `segel.client` into Stopped. One error of a group stands for all."""
    try:
        yield
    except SegelError as error:
        raise stopped(error) from None
    except BaseExceptionGroup as group:
        first = _first(group)
        raise stopped(first) if isinstance(first, SegelError) else first from None


def stopped(error: SegelError) -> Stopped:
    """The line that says what to do, and the status."""
    return Stopped(*_told(error))


def _told(error: SegelError) -> tuple[Status, str]:
    detail = plain(str(error)).rstrip(".")
    match error:
        case NotLetIn(reason=reason):
            return Status.NOT_LET_IN, DENIED[reason]
        case MeetingOver(reason=reason):
            return _end(reason)
        case BadLink():
            return Status.ALARM, (
                "Under this link stands a meeting that is not the link's: the server, or somebody "
                "who has the link, put another in its place. Do not use the link any more."
            )
        case RefusedCall():
            return Status.FAILED, f"The server refused: {detail}."
        case Unreachable():
            return Status.NOT_REACHED, (
                f"The server was not reached ({detail}). Check the address and your connection, "
                "and try again."
            )
        case NotSent():
            return Status.FAILED, f"Not sent: {detail}."
        case FileError(problem=problem):
            return Status.FAILED, FILE_PROBLEMS[problem]
        case VaultInUse():
            return Status.FAILED, f"{detail}: end that one first, or use another --vault."
        case WrongKey():
            return Status.FAILED, (
                "The passphrase does not open the vault. Try again, or give another --vault."
            )
        case BadVault() | VaultError():
            return Status.FAILED, f"The vault cannot be used: {detail}."
        case UsageError():
            return Status.WRONG_USE, f"{detail[:1].upper()}{detail[1:]}."
        case _:
            return Status.FAILED, f"{detail}."


def check_over(over: Ended | None) -> None:
    """What an end of the meeting means to the exit status: nothing where one left, or a host ended
    it. Raises Stopped.
    """
    if over is None or over.reason in ("left", "ended"):
        return
    raise Stopped(*_end(over.reason))


def _end(reason: Over | Denied) -> tuple[Status, str]:
    if reason in DENIED:
        return Status.NOT_LET_IN, DENIED[reason]
    if reason == "refused-commit":
        return Status.ALARM, OVER[reason]
    out = reason in ("kicked", "removed")
    return Status.NOT_LET_IN if out else Status.FAILED, OVER[reason]


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner
