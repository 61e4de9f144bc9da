"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from segel.server.data import DEFAULT

FILE = click.Path(path_type=Path, readable=False)
"""Checked by who opens it, who can say what to do."""


def data(meaning: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--data`, with what it means to the command."""
    return click.option(
        "--data",
        type=FILE,
        default=DEFAULT,
        show_default=True,
        envvar="SEGEL_DATA",
        help=meaning,
    )
