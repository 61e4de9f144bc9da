"""`segel backup` and `segel restore`: the data folder in one file, and back."""

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from segel.apps import options
from segel.apps.failures import Failure, WrongSetting, explained
from segel.server import data as data_folder
from segel.server.backup.archive import CHUNK, BackupError, Told
from segel.server.backup.making import Begun, day_name, make
from segel.server.backup.restoring import restore
from segel.server.storage.store import DAY

NAME = re.compile(r"segel-\d{8}T\d{6}Z-until-(\d{4}-\d{2}-\d{2})\.tar")
"""What a backup is called in a folder of backups."""


@click.command("backup")
@options.data("The server's data folder.")
@click.option(
    "--keep-days",
    default=1,
    show_default=True,
    type=click.IntRange(1, 90),
    help="Days after which the backup must be destroyed.",
)
@click.option("--config", type=options.FILE, help="A settings file to put in as well.")
@options.as_json
@click.argument("target", type=options.FILE)
def backup_command(
    data: Path, keep_days: int, config: Path | None, as_json: bool, target: Path
) -> None:
    """Back up a server, while it runs, into the file or folder TARGET.

    The backup holds what the server will still hold on its own last day (--keep-days), so that
    nothing outlives its days by it: one that is kept longer holds less. In a folder it gets a name,
    and earlier ones there whose days are over are destroyed.

    \b
    Every night:
        segel backup --data /var/lib/segel /var/backups/segel
    """
    today = int(time.time()) // DAY
    if not (data / data_folder.DATABASE).is_file():
        raise WrongSetting(f"There is no Segel data in {data}. Give the folder with --data.")
    with explained(), data_folder.explained(data), _explained(), _progress("Copying") as begun:
        file = _named(target, today + keep_days) if target.is_dir() else target
        make(data, file, today, today + keep_days, config, begun)
        gone = _destroy_old(target, today) if target.is_dir() else 0
    if as_json:
        until = day_name(today + keep_days)
        click.echo(json.dumps({"file": str(file), "keep_until": until, "destroyed": gone}))
        return
    click.echo(f"{file}: destroy it after {day_name(today + keep_days)}.")
    if gone:
        click.echo(f"Destroyed {gone} whose days were over.")


@click.command("restore")
@click.argument("file", type=options.FILE)
@options.data("The folder to fill: empty, or not there.")
@options.as_json
def restore_command(file: Path, data: Path, as_json: bool) -> None:
    """Put the backup FILE into an empty data folder.

    Run it as the user that the server runs as. Meetings go on under their links in a new group;
    what was said after the backup is not in it (docs/operators.md).
    """
    today = int(time.time()) // DAY
    with explained(), data_folder.explained(data), _explained(), _progress("Unpacking") as begun:
        contents = restore(file, data, today, begun(file.stat().st_size))
    if as_json:
        told = {"data": str(data), "made": contents.made, "keep_until": contents.keep_until}
        click.echo(json.dumps(told))
        return
    click.echo(f"{data} is as of {contents.made}. Start the server on it.")
    if contents.keep_until < day_name(today):
        click.echo(f"The backup's last day was {contents.keep_until}: destroy it.", err=True)


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what cannot be copied into a Failure."""
    try:
        yield
    except BackupError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        where = error.filename2 or error.filename
        raise Failure(f"{where or 'A file'} cannot be used: {error.strerror}.") from None


@contextmanager
def _progress(label: str) -> Iterator[Begun]:
    """A bar on standard error for a person who watches."""
    with ExitStack() as stack:

        def begun(total: int) -> Told:
            if not sys.stderr.isatty():
                return lambda copied: None
            bar = click.progressbar(length=total, label=label, file=sys.stderr)
            return stack.enter_context(bar).update

        yield begun


def _named(folder: Path, keep_until: int) -> Path:
    made = datetime.fromtimestamp(int(time.time()), UTC)
    return folder / f"segel-{made:%Y%m%dT%H%M%SZ}-until-{day_name(keep_until)}.tar"


def _destroy_old(folder: Path, today: int) -> int:
    old = [
        path
        for path in folder.iterdir()
        if (named := NAME.fullmatch(path.name)) and named[1] < day_name(today)
    ]
    for path in old:
        _destroy(path)
    return len(old)


def _destroy(path: Path) -> None:
    """As segment keys go: overwritten, then removed."""
    with path.open("r+b") as file:
        for start in range(0, path.stat().st_size, CHUNK):
            file.write(bytes(min(CHUNK, path.stat().st_size - start)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
