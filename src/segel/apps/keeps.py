"""`segel keeps`: what a server keeps, and what its operator could be made to note down."""

import textwrap

import click
import msgspec

from segel.server.ledger.ledger import Ledger, ledger

_WIDTH = 88


@click.command("keeps")
@click.option("--columns", is_flag=True, help="Every stored value of every table too.")
@click.option("--json", "as_json", is_flag=True, help="The whole declaration as JSON.")
def keeps_command(columns: bool, as_json: bool) -> None:
    """Say what a server of this version keeps, why, and for how long.

    The same stands on every server at /keeps.

    \b
        segel keeps
        segel keeps --columns
        segel keeps --json | jq '.stored[].what'
    """
    of = ledger()
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(of)).decode())
        return
    click.secho("On the disk", bold=True)
    for each in of.stored:
        _tell(f"{each.title}. {each.what} {each.why} Until: {each.until}")
        if columns:
            _columns(of, each.tables)
    click.secho("\nFiles of the data folder", bold=True)
    for file in of.files:
        _tell(f"{', '.join(file.paths)}: {file.what} Until: {file.until}")
    click.secho("\nIn memory only", bold=True)
    for passing in of.memory:
        _tell(f"{passing.what} Until: {passing.until}")
    click.secho("\nIn the log", bold=True)
    _tell(f"{of.log.what} Until: {of.log.until}")
    click.secho("\nWhat this program does not note down, and another could be made to", bold=True)
    for tap in of.taps:
        _tell(tap.what)


def _tell(text: str) -> None:
    click.echo(textwrap.fill(text, _WIDTH, initial_indent="  - ", subsequent_indent="    "))


def _columns(of: Ledger, tables: dict[str, dict[str, str]]) -> None:
    for table, columns in tables.items():
        for name, word in columns.items():
            click.echo(f"      {table}.{name}: {of.words[word]}")
