"""The command line, and `segel serve`."""

import asyncio
from pathlib import Path
from typing import Literal

import click
import uvloop

from segel.apps import config_file, options, tls
from segel.apps.addresses import is_loopback, media_addresses
from segel.apps.backup import backup_command, restore_command
from segel.apps.bundle import bundle
from segel.apps.client.chat.command import chat_command
from segel.apps.client.meet import join_command, meet_command
from segel.apps.client.receive import receive_command
from segel.apps.client.roster import roster_command
from segel.apps.client.send import send_command
from segel.apps.client.verify import verify_command
from segel.apps.conformance.command import conformance_command
from segel.apps.doctor.command import doctor_command
from segel.apps.failures import explained
from segel.apps.invitation import invitation
from segel.apps.keeps import keeps_command
from segel.apps.options import FILE
from segel.apps.program import Program
from segel.apps.server import FileLimits, Settings, serve
from segel.apps.sizes import Size
from segel.server.http.about import Operator
from segel.server.log import Level, Log, silence_libraries


@click.group(
    cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="segel", message="segel %(version)s")
def main() -> None:
    """Sealed messages and meetings. The server carries what it cannot read.

    \b
        segel meet meet.example.org             start a meeting, print its link
        segel chat "$LINK"                      join it, on a whole terminal
        segel send "$LINK" report.pdf           give a file and go
        segel serve                             run a server of your own
    `segel COMMAND --help` has examples of each.
    """


main.sections = {
    "In a meeting": ("meet", "join", "chat", "send", "receive", "roster", "verify"),
    "Run a server": ("serve", "doctor", "invitation", "backup", "restore", "keeps", "bundle"),
    "Check this program": ("conformance",),
}
for _command in (
    meet_command,
    join_command,
    chat_command,
    send_command,
    receive_command,
    roster_command,
    verify_command,
    doctor_command,
    invitation,
    backup_command,
    restore_command,
    keeps_command,
    bundle,
    conformance_command,
):
    main.add_command(_command)


@main.command("serve")
@click.option(
    "--config",
    type=FILE,
    is_eager=True,
    expose_value=False,
    callback=config_file.read,
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
@options.data("Folder for everything that is kept.")
@options.media_port(0, "UDP port of the media relay; 0 takes a free one.")
@options.media_address(
    "IPv4 address for browsers' media; may be given again. Default: this machine's own."
)
@click.option(
    "--tls-cert",
    type=FILE,
    envvar="SEGEL_TLS_CERT",
    help="Certificate chain, PEM.",
)
@click.option(
    "--tls-key",
    type=FILE,
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
    "--largest-file",
    type=Size(),
    default="8GB",
    show_default=True,
    envvar="SEGEL_LARGEST_FILE",
    help="Largest sealed file that people may share.",
)
@click.option(
    "--group-files",
    type=Size(),
    default="20GB",
    show_default=True,
    envvar="SEGEL_GROUP_FILES",
    help="What one meeting's files may take together.",
)
@click.option(
    "--all-files",
    type=Size(),
    envvar="SEGEL_ALL_FILES",
    help="What all files may take together. Default: half of the disk.",
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
    largest_file: int,
    group_files: int,
    all_files: int | None,
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
    secured = _tls_context(tls_cert, tls_key)
    addresses = media_address or media_addresses(loopback=is_loopback(host))
    who = Operator(operator, location, contact, starters)
    files = FileLimits(largest_file, group_files, all_files)
    settings = Settings(host, port, data, media_port, addresses, secured, who, files)
    log = Log(log_level)
    silence_libraries(log)
    with explained(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(settings, log))


def _tls_context(cert: Path | None, key: Path | None) -> tls.Renewable | None:
    if cert is not None and key is not None:
        return tls.Renewable(cert, key)
    if cert is None and key is None:
        return None
    raise click.UsageError("--tls-cert and --tls-key go together.")
