"""`segel receive`: what is said and given in a meeting, kept."""

import asyncio
from pathlib import Path

import click

from segel.apps import options
from segel.apps.client import records
from segel.apps.client.opening import Status, Stopped, check_over, run, stopped
from segel.apps.client.options import Own, link_argument, own_options
from segel.apps.client.orders import save
from segel.apps.client.screen import Screen
from segel.apps.client.staying import check_alarms
from segel.apps.options import FILE
from segel.client import FileError, Meeting, Message, Said, Segel


@click.command("receive")
@link_argument
@click.option(
    "--to",
    "folder",
    type=FILE,
    default=".",
    show_default="the present one",
    help="The folder to save in; made where there is none.",
)
@click.option("--files", type=click.IntRange(1), help="Leave when so many files are saved.")
@click.option(
    "--for", "seconds", type=click.FloatRange(0, min_open=True), help="Leave after so long."
)
@own_options
@options.as_json
def receive_command(
    link: str,
    folder: Path,
    files: int | None,
    seconds: float | None,
    own: Own,
    as_json: bool,
) -> None:
    """Save each file that is given in the meeting of LINK, and print what is said.

    A file has its name only once it is whole, and is what its sender sealed; nothing that is there
    is written over. Only what comes while you are there can be received. Stays until Ctrl-C, or as
    --files and --for say; the exit status is 1 where a file could not be saved, or --for was over
    before --files were there.

    \b
        segel receive "$LINK" --to inbox
    One file, to be waited for by a script:
        segel receive "$LINK" --files 1 --for 600 && ls
    """
    screen = Screen(as_json=as_json)
    _make(folder)

    async def work(segel: Segel) -> None:
        async with segel.join(link, name=own.name, waiting=screen.waiting) as meeting:
            screen.entered(meeting)
            keeper = _Keeper(meeting, screen, folder, files)
            try:
                async with asyncio.timeout(seconds):
                    await keeper.keep()
            except TimeoutError:
                keeper.check()
        check_alarms(meeting)

    run(own, work)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.UsageError(f"--to {folder}: {error.strerror}.") from None


class _Keeper:
    """Saves what is given until it is enough."""

    def __init__(self, meeting: Meeting, screen: Screen, folder: Path, enough: int | None) -> None:
        self._meeting, self._screen = meeting, screen
        self._folder, self._enough = folder, enough
        self._saved = self._failed = 0

    async def keep(self) -> None:
        """Until there are enough, or the meeting ends. Raises Stopped."""
        async for event in self._meeting.events():
            match event:
                case Said(message=message) if message.file is not None and not message.you:
                    await self._given(message)
                case _:
                    self._screen.show(event)
            if self._enough is not None and self._saved >= self._enough:
                break
        check_over(self._meeting.over)
        self.check()

    def check(self) -> None:
        """Whether all that was to be saved is. Raises Stopped."""
        if self._failed:
            raise Stopped(Status.FAILED, f"{self._failed} of the files could not be saved.")
        if self._enough is not None and self._saved < self._enough:
            raise Stopped(Status.FAILED, f"{self._saved} of {self._enough} files came.")

    async def _given(self, message: Message) -> None:
        if self._screen.as_json:
            self._screen.result(records.message("said", message), "")
        who = self._screen.names.learn(message.account, message.name)
        self._screen.note(f"{who} gives a file.")
        try:
            await save(self._meeting, self._screen, message, self._folder)
            self._saved += 1
        except FileError as error:
            stopped(error).show()
            self._failed += 1
