"""`segel send`: text and files into a meeting, from anywhere."""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, NamedTuple

import click

from segel.apps import options
from segel.apps.client import records
from segel.apps.client.opening import check_over, run
from segel.apps.client.options import Own, link_argument, own_options
from segel.apps.client.plain import plain
from segel.apps.client.progress import progress
from segel.apps.client.screen import Screen
from segel.apps.client.staying import check_alarms
from segel.apps.failures import Failure
from segel.client import Meeting, Segel
from segel.core.content.text import MAX_TEXT

_PIECE = 1 << 20
_INPUT = "-"


class _File(NamedTuple):
    path: Path
    name: str


_Thing = str | _File


@click.command("send")
@link_argument
@click.argument("things", nargs=-1, required=True, metavar="FILE|TEXT|-...")
@click.option("--text", "kind", flag_value="text", help="All of them are text.")
@click.option("--file", "kind", flag_value="file", help="All of them are files.")
@click.option(
    "--as", "file_name", metavar="NAME", help="Send standard input as a file of this name."
)
@own_options
@options.as_json
def send_command(
    link: str,
    things: tuple[str, ...],
    kind: Literal["text", "file"] | None,
    file_name: str | None,
    own: Own,
    as_json: bool,
) -> None:
    """Send files and texts into the meeting of LINK, and leave.

    Of several arguments each is a message of its own, in their order. What exists as a file is sent
    as one, all else as text; - is standard input. The exit status is 0 only when the server has
    stored all of it. Where nobody else is in the meeting it waits, since whoever comes later cannot
    read what was sent before.

    \b
        segel send "$LINK" "The backup is done"
        segel send "$LINK" report.pdf photos/*.jpg
        df -h | segel send "$LINK" -
        tar cz folder | segel send "$LINK" - --as folder.tar.gz
    """
    with ExitStack() as spooled:
        ready = [_thing(each, kind, file_name, spooled) for each in things]
        screen = Screen(as_json=as_json)

        async def work(segel: Segel) -> None:
            async with segel.join(link, name=own.name, waiting=screen.waiting) as meeting:
                await _company(meeting, screen)
                for each in ready:
                    await _send(meeting, screen, each)
            check_alarms(meeting)

        run(own, work)


async def _company(meeting: Meeting, screen: Screen) -> None:
    """Until somebody else is in the meeting."""
    events = meeting.events()
    while len(meeting.people) < 2:
        screen.waiting("nobody-there")
        await anext(events)
        check_over(meeting.over)


async def _send(meeting: Meeting, screen: Screen, thing: _Thing) -> None:
    if isinstance(thing, str):
        message = await meeting.send(thing)
        what = "The text"
    else:
        with progress(plain(thing.name), quiet=screen.as_json) as told:
            message = await meeting.send_file(thing.path, name=thing.name, progress=told)
        what = plain(thing.name)
    if screen.as_json:
        screen.result(records.message("sent", message), "")
    screen.note(f"{what} is sent.")


def _thing(given: str, kind: str | None, name: str | None, spooled: ExitStack) -> _Thing:
    """What an argument means. Raises UsageError."""
    if given == _INPUT and kind != "text":
        return _input_text() if name is None else _File(_spool(spooled), name)
    path = Path(given).expanduser()
    if kind == "text" or not given or (kind is None and not _exists(path)):
        if kind is None and given.startswith(("/", "./", "../", "~/")) and " " not in given:
            raise click.UsageError(f"There is no file {given}. If it is text, give --text.")
        return _checked(given)
    if path.is_dir():
        raise click.UsageError(
            f"{given} is a folder. Pack it: tar c {given} | segel send LINK - --as NAME.tar"
        )
    if not path.exists():
        raise click.UsageError(f"There is no file {given}.")
    return _File(path, path.name)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False  # a text that is too long for a name


def _input_text() -> str:
    data = sys.stdin.buffer.read(MAX_TEXT + 1)
    text = data.decode(errors="replace").removesuffix("\n")
    if not text.strip():
        raise click.UsageError("Standard input is empty.")
    return _checked(text)


def _checked(text: str) -> str:
    if not text.strip():
        raise click.UsageError("There is no text to send.")
    if len(text.encode()) > MAX_TEXT:
        raise click.UsageError(
            f"A text has at most {MAX_TEXT:,} bytes. Send it as a file: - --as NAME.txt"
        )
    return text


def _spool(spooled: ExitStack) -> Path:
    """Standard input in a file that has no name: nothing of it is left, whatever happens."""
    try:
        file = spooled.enter_context(tempfile.TemporaryFile())
        while piece := sys.stdin.buffer.read(_PIECE):
            file.write(piece)
        file.flush()
    except OSError as error:
        raise Failure(
            f"Standard input cannot be kept in {tempfile.gettempdir()}: {error.strerror}. "
            "TMPDIR names another folder."
        ) from None
    return Path(f"/dev/fd/{file.fileno()}")
