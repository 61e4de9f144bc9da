"""The command line: `segel serve`, `segel invitation`."""

import asyncio
import ipaddress
import secrets
import socket
import ssl
import sys
import time
import tomllib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection, Error
from typing import Literal, NoReturn

import click
import uvloop

from segel.apps.server import CannotStart, Settings, serve
from segel.server.data import DataFolderError
from segel.server.http.about import Operator
from segel.server.log import Level, Log, silence_libraries
from segel.server.storage import invitations
from segel.server.storage.schema import WrongVersion, open_database
from segel.server.storage.store import DAY

EXIT_DATA, EXIT_VERSION, EXIT_TLS = 5, 6, 7
"""Exit codes besides CannotStart's: 2 a wrong flag (click), 3 TCP port, 4 UDP port."""

DATA = Path("segel-data")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="segel", message="segel %(version)s")
def main() -> None:
    """Sealed messages and meetings. The server carries what it cannot read."""


def _read_config(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
    """The file's values stand below flags and environment: click's default map."""
    if value is None:
        return
    try:
        settings = tomllib.loads(value.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.BadParameter(f"{value}: {error}") from None
    known = {each.name for each in context.command.params}
    unknown = sorted(name for name in settings if name.replace("-", "_") not in known)
    if unknown:
        raise click.BadParameter(f"{value} has settings that are not known: {', '.join(unknown)}")
    context.default_map = {name.replace("-", "_"): each for name, each in settings.items()}


@main.command("serve")
@click.option(
    "--config",
    type=click.Path(path_type=Path, dir_okay=False),
    is_eager=True,
    expose_value=False,
    callback=_read_config,
    envvar="SEGEL_CONFIG",
    help="A TOML file with any of these settings.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    envvar="SEGEL_HOST",
    help="Address to listen on.",
)
@click.option(
    "--port",
    default=8080,
    show_default=True,
    type=click.IntRange(0, 65535),
    envvar="SEGEL_PORT",
    help="TCP port; 0 takes a free one.",
)
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    default=DATA,
    show_default=True,
    envvar="SEGEL_DATA",
    help="Folder for everything that is kept.",
)
@click.option(
    "--media-port",
    default=7882,
    show_default=True,
    type=click.IntRange(0, 65535),
    envvar="SEGEL_MEDIA_PORT",
    help="UDP port of the media relay; 0 takes a free one.",
)
@click.option(
    "--media-address",
    multiple=True,
    envvar="SEGEL_MEDIA_ADDRESS",
    help="IP address that browsers send media to; may be given again. Default: this machine's own.",
)
@click.option(
    "--tls-cert",
    type=click.Path(path_type=Path),
    envvar="SEGEL_TLS_CERT",
    help="Certificate chain, PEM.",
)
@click.option(
    "--tls-key",
    type=click.Path(path_type=Path),
    envvar="SEGEL_TLS_KEY",
    help="Its private key, PEM.",
)
@click.option(
    "--operator",
    default="",
    envvar="SEGEL_OPERATOR",
    help="Who runs this server, as people will read it.",
)
@click.option(
    "--location",
    default="",
    envvar="SEGEL_LOCATION",
    help="Where it stands, as people will read it.",
)
@click.option("--contact", default="", envvar="SEGEL_CONTACT", help="How people reach you.")
@click.option(
    "--starters",
    type=click.Choice(["anyone", "invited"]),
    default="anyone",
    show_default=True,
    envvar="SEGEL_STARTERS",
    help="Who may start a meeting. Joining one needs its link only.",
)
@click.option(
    "--log-level",
    type=click.Choice(["debug", "info", "warning", "error"]),
    default="info",
    show_default=True,
    envvar="SEGEL_LOG_LEVEL",
    help="Least level of the log lines on standard error.",
)
def serve_command(
    host: str,
    port: int,
    data: Path,
    media_port: int,
    media_address: tuple[str, ...],
    tls_cert: Path | None,
    tls_key: Path | None,
    operator: str,
    location: str,
    contact: str,
    starters: Literal["anyone", "invited"],
    log_level: Level,
) -> None:
    """Run a server.

    Every setting can also stand in the environment (SEGEL_PORT) or in a file (--config).

    \b
    On your own machine:
        segel serve
    For others, with a certificate:
        segel serve --host 0.0.0.0 --port 443 --tls-cert chain.pem --tls-key key.pem \\
            --media-address 203.0.113.7 --operator "Example Hospital" --location "Bern"
    Behind a reverse proxy that speaks TLS (docs/operators.md):
        segel serve --port 8080 --media-address 203.0.113.7
    Where only invited people may start a meeting:
        segel serve --starters invited
        segel invitation new
    """
    tls = _tls(tls_cert, tls_key)
    loopback = _is_loopback(host)
    if tls is None and not loopback:
        click.echo(
            "Warning: plain HTTP on an address that others reach. Browsers refuse camera, "
            "microphone and keys without TLS: give --tls-cert and --tls-key, or put a TLS "
            "proxy in front.",
            err=True,
        )
    addresses = media_address or _media_addresses(loopback=loopback)
    who = Operator(operator, location, contact, starters)
    log = Log(log_level)
    silence_libraries(log)
    with _explained():
        settings = Settings(host, port, data, media_port, addresses, tls, who)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(settings, log))


@main.group()
def invitation() -> None:
    """Invitations to start meetings, for `segel serve --starters invited`."""


_data = click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=DATA,
    show_default=True,
    envvar="SEGEL_DATA",
    help="The server's data folder.",
)


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
def new_invitation(data: Path, uses: int, days: int, note: str) -> None:
    """Make an invitation and print it. It is shown once: the server keeps its hash only."""
    token = secrets.token_bytes(16)
    with _database(data) as db:
        invitations.add(db, token, note, uses, int(time.time()) // DAY + days)
    click.echo(urlsafe_b64encode(token).decode().rstrip("="))


@invitation.command("list")
@_data
def list_invitations(data: Path) -> None:
    """List invitations: name, meetings left, day of expiry, note."""
    with _database(data) as db:
        for each in invitations.listed(db):
            expires = time.strftime("%Y-%m-%d", time.gmtime(each.expires * DAY))
            click.echo(f"{each.name}  {each.uses:5}  {expires}  {each.note}".rstrip())


@invitation.command("revoke")
@_data
@click.argument("name")
def revoke_invitation(data: Path, name: str) -> None:
    """Take back the invitation with this NAME, as `list` shows it.

    Meetings that it started go on.
    """
    with _database(data) as db:
        if invitations.revoke(db, name) == 0:
            raise click.ClickException("There is no invitation with this name.")


@contextmanager
def _database(data: Path) -> Iterator[Connection]:
    with _explained():
        db = open_database(data / "segel.db")
        try:
            yield db
        finally:
            db.close()


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what an operator can mend into a line on standard error and an exit code."""
    try:
        yield
    except CannotStart as error:
        _end(error.code, str(error))
    except DataFolderError as error:
        _end(EXIT_DATA, str(error))
    except WrongVersion as error:
        _end(EXIT_VERSION, str(error))
    except (Error, OSError) as error:
        _end(EXIT_DATA, f"The data folder cannot be used: {error}.")


def _end(code: int, text: str) -> NoReturn:
    click.echo(f"segel: {text}", err=True)
    sys.exit(code)


def _tls(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        raise click.UsageError("--tls-cert and --tls-key go together.")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        _end(EXIT_TLS, f"The certificate or its key cannot be used: {error.strerror or error}.")
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _media_addresses(*, loopback: bool) -> tuple[str, ...]:
    """Where browsers are told to send media when the operator says nothing.

    Firefox does not pair its own addresses with 127.0.0.1 before a page captures, so that somebody
    who only listens on this machine needs its other address as well.
    """
    own = _own_address()
    return tuple(dict.fromkeys(("127.0.0.1", own))) if loopback else (own,)


def _own_address() -> str:
    """The address that this machine uses towards others; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
