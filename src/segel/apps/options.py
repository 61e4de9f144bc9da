"""Options that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from segel.apps.addresses import MediaAddress
from segel.server.data import DEFAULT

FILE = click.Path(path_type=Path, readable=False)
"""Checked by who opens it, who can say what to do."""

as_json = click.option(
    "--json", "as_json", is_flag=True, help="One JSON object a line on standard output."
)
"""For programs; the command is given `as_json`."""


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


def media_port(least: int, meaning: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--media-port`, from `least` on."""
    return click.option(
        "--media-port",
        default=7882,
        show_default=True,
        type=click.IntRange(least, 65535),
        envvar="SEGEL_MEDIA_PORT",
        help=meaning,
    )


def media_address(meaning: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--media-address`, which may be given again."""
    return click.option(
        "--media-address",
        multiple=True,
        type=MediaAddress(),
        envvar="SEGEL_MEDIA_ADDRESS",
        help=meaning,
    )
