"""How far a file is, on a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Told = Callable[[int, int], None]


@contextmanager
def progress(label: str, *, quiet: bool = False) -> Iterator[Told]:
    """Told how many bytes of how many are through, it draws a bar on standard error; nothing where
    that is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda done, size: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr, width=24) as bar:

        def told(done: int, size: int) -> None:
            bar.length = max(size, 1)
            bar.update(done - bar.pos)

        yield told
