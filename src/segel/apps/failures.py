"""What ends a command: one line on standard error that says what to do, and an exit status."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import click

from segel.server.data import DataFolderError
from segel.server.storage.schema import WrongVersion


class Failure(click.ClickException):
    """The command was understood and cannot be carried out."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """click: prints the line."""
        click.echo(f"segel: {self.format_message()}", file=file, err=file is None)


class WrongSetting(Failure):
    """What the operator gave cannot be right, whatever the state of the machine."""

    exit_code = 2


@contextmanager
def explained() -> Iterator[None]:
    """Turns what an operator can mend into a Failure."""
    try:
        yield
    except (DataFolderError, WrongVersion) as error:
        raise Failure(str(error)) from None
