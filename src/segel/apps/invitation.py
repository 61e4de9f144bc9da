"""`segel invitation`: who may start a meeting on a server for the invited."""

import json
import secrets
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from sqlite3 import Connection

import click

from segel.apps import options
from segel.apps.failures import Failure, WrongSetting, explained
from segel.server import data as data_folder
from segel.server.storage import invitations
from segel.server.storage.schema import join_database
from segel.server.storage.store import DAY


@click.group()
def invitation() -> None:
    """Invitations to start meetings, for `segel serve --starters invited`."""


_data = options.data("The server's data folder.")


@invitation.command("new")
@_data
@click.option(
    "--uses",
    default=1,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Meetings it may start.",
)
@click.option(
    "--days",
    default=30,
    show_default=True,
    type=click.IntRange(1, 3650),
    help="Days until it expires.",
)
@click.option("--note", default="", help="A note for yourself, stored as it is: no person's name.")
def new(data: Path, uses: int, days: int, note: str) -> None:
    """Make an invitation and print it. It is shown once: the server keeps its hash only."""
    token = secrets.token_bytes(16)
    with _database(data) as db:
        invitations.add(db, token, note, uses, int(time.time()) // DAY + days)
    click.echo(urlsafe_b64encode(token).decode().rstrip("="))


@invitation.command("list")
@_data
@options.as_json
def list_(data: Path, as_json: bool) -> None:
    """List invitations: name, meetings left, day of expiry, note."""
    with _database(data) as db:
        listed = invitations.listed(db)
    for each in listed:
        expires = time.strftime("%Y-%m-%d", time.gmtime(each.expires * DAY))
        if as_json:
            click.echo(json.dumps({**asdict(each), "expires": expires}))
            continue
        click.echo(f"{each.name}  {each.uses:5}  {expires}  {each.note}".rstrip())


@invitation.command("revoke")
@_data
@click.argument("name")
def revoke(data: Path, name: str) -> None:
    """Take back the invitation with this NAME, as `list` shows it.

    Meetings that it started go on.
    """
    with _database(data) as db:
        revoked = invitations.revoke(db, name)
    if revoked == 0:
        raise Failure(f"There is no invitation {name}: `segel invitation list` shows their names.")


@contextmanager
def _database(data: Path) -> Iterator[Connection]:
    """The database of a server that has been started before. Raises Failure."""
    file = data / data_folder.DATABASE
    with explained(), data_folder.explained(data):
        if not file.is_file():
            raise WrongSetting(
                f"There is no Segel data in {data}. Give the folder that `segel serve` uses with "
                "--data; if it is to be this one, start the server once."
            )
        db = join_database(file)
        try:
            yield db
        finally:
            db.close()
