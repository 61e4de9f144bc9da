"""`segel doctor`."""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import click

from segel.apps import config_file, options
from segel.apps.addresses import media_addresses
from segel.apps.doctor import (
    folder,
    folder_probe,
    machine,
    machine_probe,
    media,
    media_probe,
    site,
    site_probe,
)
from segel.apps.doctor.finding import Finding, problem
from segel.core.crypto.ed25519 import SigningKey
from segel.server import data as data_folder
from segel.server.storage.schema import VERSION
from segel.server.storage.store import DAY


@click.command("doctor")
@click.option(
    "--config",
    type=options.FILE,
    is_eager=True,
    expose_value=False,
    callback=config_file.read_shared,
    envvar="SEGEL_CONFIG",
    help="The settings file of `segel serve`.",
)
@options.data("The server's data folder; left out where it is not there.")
@click.option("--url", default="", help="The address that people open: https://meet.example.org")
@options.media_address("IPv4 address that browsers are told.")
@options.media_port(1, "UDP port of the media relay.")
@click.option(
    "--clock",
    "clock_url",
    default="",
    help="A web server to compare the clock with. Without this nobody else is asked anything.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON array of findings.")
def doctor_command(
    data: Path,
    url: str,
    media_address: tuple[str, ...],
    media_port: int,
    clock_url: str,
    as_json: bool,
) -> None:
    """Look at a server and say what is wrong, and what to do.

    Works while the server runs and while it does not, on its machine or on another one, and changes
    nothing. The exit status is 1 where there is a problem.

    \b
    On the server:
        segel doctor --config segel.toml --data /var/lib/segel --url https://meet.example.org
    From outside, where the firewall shows:
        segel doctor --url https://meet.example.org --media-address 203.0.113.7
    """
    asked = url.rstrip("/")
    there = (data / data_folder.DATABASE).exists()
    findings = [
        *(_site(asked, data) if asked else []),
        *_media(asked, data if there else None, media_address, media_port),
        *(_folder(data) if there else []),
        *machine.judge(machine_probe.look(folder_probe.server_pid(data) if there else None)),
        *(_clock(clock_url) if clock_url else []),
    ]
    if as_json:
        click.echo(json.dumps([asdict(each) for each in findings], indent=1, ensure_ascii=False))
    else:
        for each in findings:
            click.echo(str(each))
    sys.exit(any(each.level == "problem" for each in findings))


def _site(url: str, data: Path) -> list[Finding]:
    found = asyncio.run(site_probe.look(url, time.time()))
    return site.judge(found, version("segel"), _own_key(data))


def _own_key(data: Path) -> bytes | None:
    try:
        return SigningKey((data / "server.key").read_bytes()).public
    except (OSError, ValueError):
        return None


def _media(url: str, data: Path | None, addresses: tuple[str, ...], port: int) -> Iterator[Finding]:
    """Of no use where neither an address nor a server of this machine is given."""
    if not addresses and data is None:
        return
    told = addresses or media_addresses(loopback=not url)
    running = None if data is None else folder_probe.is_running(data)
    state = "unknown" if running is not False else media_probe.port_state(port)
    reached = tuple(media_probe.reach(address, port, ask=running is not False) for address in told)
    public = bool(url) and site_probe.is_public(urlsplit(url).hostname or "")
    buffers = (0, 0) if data is None else media_probe.kernel_buffers()
    yield from media.judge(media.Media(reached, state, running, public, buffers))


def _folder(data: Path) -> list[Finding]:
    try:
        found = folder_probe.look(data, int(time.time()) // DAY)
    except OSError as error:
        return [problem("disk", f"{data} cannot be read: {error.strerror}. Run as its user.")]
    return folder.judge(found, VERSION, folder_probe.is_running(data))


def _clock(url: str) -> list[Finding]:
    found = asyncio.run(site_probe.date(url))
    if not found:
        return [problem("clock", f"{url} says no time. Name another web server.")]
    return [site.judge_clock("clock", time.time(), parsedate_to_datetime(found).timestamp())]
