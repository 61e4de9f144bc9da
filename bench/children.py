"""What a bench starts ends with it: after its work, on an error, on Ctrl-C and on SIGTERM."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

PATIENCE = 10.0
"""Seconds from being asked to end to being made to."""


def end_on_sigterm() -> None:
    """Lets every `with` and `finally` run on SIGTERM, as on Ctrl-C. Called by each bench first."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: FrameType | None) -> NoReturn:
    # Whoever is impatient must not interrupt what ends the others.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(128 + number)


@contextlib.contextmanager
def program(
    command: Sequence[str | Path],
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """A program with pipes; it and all that it started are ended with the block."""
    held: list[int] = []
    # What interrupts Popen itself leaves a program whose number nobody knows.
    leave = signal.signal(signal.SIGTERM, lambda number, _: held.append(number))
    with subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            signal.signal(signal.SIGTERM, leave)
            for number in held:
                signal.raise_signal(number)
            yield process
        finally:
            _signal_group(process, signal.SIGTERM)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)


def _signal_group(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """Also when the first of the group has ended: what it started may be left."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
