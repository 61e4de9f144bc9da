"""Standard output that is not there, closes early, or is full."""

import contextlib
import os
from collections.abc import Iterator

STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


@contextlib.contextmanager
def optional() -> Iterator[None]:
    """What is printed inside is lost if it cannot be written, and nothing else happens."""
    try:
        yield
    except OSError:
        give_up()


def open_descriptors() -> None:
    """Whoever starts a program may close its standard descriptors. Another file would take their
    numbers, and uvloop aborts when it closes one of these.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= STANDARD_ERROR:
        pass
    os.close(descriptor)


def give_up() -> None:
    """Drops what is written from now on, and what waits: Python would try again as it ends, and
    complain.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, STANDARD_OUTPUT)
    os.close(nowhere)
