"""The group that holds all commands: its help, its colours, and what the system refuses it."""

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from segel.apps import output
from segel.apps.failures import Failure


class Program(click.Group):
    """A group whose help lists its commands in sections: `sections` has the names of each."""

    sections: Mapping[str, Sequence[str]]

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """As click does it. What the system refuses, such as more output, is told in a line."""
        output.open_descriptors()
        try:
            return super().main(*arguments, **settings)
        except OSError as error:
            output.give_up()
            with contextlib.suppress(OSError):
                Failure(f"The system refused: {error}.").show()
            sys.exit(1)

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """click: no colour where NO_COLOR says so (no-color.org)."""
        context = super().make_context(*arguments, **settings)
        if os.environ.get("NO_COLOR"):
            context.color = False
        return context

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """click: in sections, each command with its first sentence."""
        room = formatter.width - 6 - max(map(len, self.commands))
        for title, names in self.sections.items():
            rows = [(name, self.commands[name].get_short_help_str(room)) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)
