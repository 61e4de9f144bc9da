"""The wiretap's commands: record, check, rows."""

import asyncio
import json
import sys
from pathlib import Path

import click

from segel.testing.wiretap import markers, pictures, speech
from segel.testing.wiretap.disk import open_rows
from segel.testing.wiretap.record import record
from segel.testing.wiretap.streams import Stream, keyring, later, opened, streams


@click.group()
def main() -> None:
    """Record all that a server handles, and see what can be made of it."""


@main.command("record", context_settings={"ignore_unknown_options": True})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--client", type=click.Path(path_type=Path, exists=True), help="Serve this build.")
@click.argument("arguments", nargs=-1, required=True)
def record_command(folder: Path, client: Path | None, arguments: tuple[str, ...]) -> None:
    """Run `segel ARGUMENTS` with taps that write into FOLDER; put `--` before ARGUMENTS."""
    folder.mkdir(parents=True, exist_ok=True)
    sys.exit(asyncio.run(record(folder, list(arguments), client)))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True),
    required=True,
    help="The server's data folder.",
)
@click.option(
    "--marker", "planted", multiple=True, help="Text that people wrote or were named; repeatable."
)
@click.option(
    "--secret",
    "secrets",
    multiple=True,
    help="Bytes in hex that only the people in the meeting have; repeatable.",
)
@click.option(
    "--film", type=click.Path(path_type=Path, exists=True), help="What the cameras showed."
)
@click.option(
    "--speech", "spoken", type=click.Path(path_type=Path, exists=True), help="What was said."
)
@click.option("--key", "keys", multiple=True, help="An epoch's SFrame base key in hex; repeatable.")
@click.option(
    "--after",
    "earlier",
    type=click.Path(path_type=Path, exists=True),
    help="A copy that was made of FOLDER: look only at frames that are not in it.",
)
def check(
    folder: Path,
    data: Path,
    planted: tuple[str, ...],
    secrets: tuple[str, ...],
    film: Path | None,
    spoken: Path | None,
    keys: tuple[str, ...],
    earlier: Path | None,
) -> None:
    """Print one JSON object a question: what was asked, what was found, and whether the seal held.

    With --key the question is turned round: with the members' keys the same recording must show
    film and speech. How many frames the keys open is then a question as well.
    """
    lookups = keyring([bytes.fromhex(key) for key in keys])
    for direction in ("in", "out"):
        found = list(streams(folder, direction))
        if earlier is not None:
            found = later(found, list(streams(earlier, direction)))
        if lookups:
            whole, found = found, [opened(stream, lookups) for stream in found]
            _say(f"frames-{direction}", _frames(whole, found))
        if film is not None:
            _say(f"pictures-{direction}", _pictures(found, film))
        if spoken is not None:
            _say(f"speech-{direction}", _speech(found, spoken))
    if planted or secrets:
        wanted: list[markers.Marker] = [*planted, *(bytes.fromhex(secret) for secret in secrets)]
        _say("markers", markers.search(folder, data, wanted))


@main.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True))
def rows(data: Path) -> None:
    """Print in hex, a line each, what a stopped server can open of its data folder's rows."""
    for row in open_rows(data):
        click.echo(row.hex())


def _frames(whole: list[Stream], found: list[Stream]) -> list[str]:
    return [
        f"{len(part.frames)} of {len(stream.frames)} frames of {stream.kind}"
        for stream, part in zip(whole, found, strict=True)
        if part.frames
    ]


def _pictures(found: list[Stream], film: Path) -> list[str]:
    known = pictures.thumbnails(film)
    counts = [pictures.recognised(stream, known) for stream in found if stream.size is not None]
    return [
        f"{count} pictures of the film in a stream" for count in counts if count >= pictures.ENOUGH
    ]


def _speech(found: list[Stream], spoken: Path) -> list[str]:
    alike = [speech.likeness(stream, spoken) for stream in found if stream.size is None]
    return [f"speech in a stream, {value:.2f} alike" for value in alike if value >= speech.ALIKE]


def _say(question: str, found: list[str]) -> None:
    click.echo(json.dumps({"question": question, "found": found, "sealed": not found}))


if __name__ == "__main__":
    main()
