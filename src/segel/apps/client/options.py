"""Who one is, where one goes, and how it is shown: options that the client's commands share."""

import getpass
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple

import click

from segel.apps.failures import Failure, WrongSetting
from segel.apps.options import FILE
from segel.client import Keyring, Passphrase
from segel.core.cbor import Malformed
from segel.core.meeting.link import parse_link

_TERMINAL = "/dev/tty"


class Own(NamedTuple):
    """Who one is, as the options say it."""

    name: str
    vault: Path | None
    """None: a guest, of whom nothing is kept."""
    passphrase_file: Path | None
    keyring: bool

    def unlock(self) -> Passphrase | Keyring | None:
        """What opens the vault; asks on the terminal where no option says it. To be called outside
        an event loop, so that Ctrl-C ends the question. Raises WrongSetting, Failure.
        """
        if self.vault is None:
            return None
        if self.keyring:
            return Keyring()
        if self.passphrase_file is not None:
            return Passphrase(_first_line(self.passphrase_file))
        if not _has_terminal():
            raise WrongSetting(
                "There is no terminal to ask for the passphrase on: give --passphrase-file or "
                "--keyring."
            )
        new = not self.vault.exists()
        question = f"Passphrase for the new vault {self.vault}" if new else "Passphrase"
        return Passphrase(
            click.prompt(question, hide_input=True, confirmation_prompt=new, err=True)
        )


class MeetingLink(click.ParamType[str]):
    """A link as people are given it; checked before anything else is done."""

    name = "link"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> str:
        """click: the link, or a usage error."""
        link = str(value).strip()
        try:
            parse_link(link)
        except Malformed:
            self.fail(
                "This is no link of a meeting. Copy it whole, with all that follows the #, and put "
                "it in quotation marks.",
                param,
                context,
            )
        return link


link_argument = click.argument("link", type=MeetingLink(), metavar="LINK")
"""The meeting's link."""


def own_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --name, --vault, --passphrase-file and --keyring; the command is given `own`."""

    @click.option(
        "--name",
        default=_login_name,
        show_default="your login name",
        envvar="SEGEL_NAME",
        help="What others see.",
    )
    @click.option(
        "--vault",
        type=FILE,
        envvar="SEGEL_VAULT",
        help="A file that keeps your account and your messages, sealed. Made where there is none. "
        "Without it you are a guest, and nothing is kept.",
    )
    @click.option(
        "--passphrase-file",
        type=FILE,
        envvar="SEGEL_PASSPHRASE_FILE",
        help="Its first line opens the vault. Without it you are asked.",
    )
    @click.option("--keyring", is_flag=True, help="Your system's keyring opens the vault.")
    @wraps(command)
    def wrapped(
        *arguments: Any,
        name: str,
        vault: Path | None,
        passphrase_file: Path | None,
        keyring: bool,
        **rest: Any,
    ) -> Any:
        if passphrase_file is not None and keyring:
            raise click.UsageError("Give --passphrase-file or --keyring, not both.")
        if vault is None and keyring:
            raise click.UsageError("--keyring opens a vault: give --vault as well.")
        if not name.strip():
            raise click.UsageError("--name is empty: give what others shall see.")
        own = Own(name.strip(), vault, passphrase_file, keyring)
        return command(*arguments, own=own, **rest)

    return wrapped


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "Guest"


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as lines:
            line = lines.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(
            f"{file} cannot be read: {getattr(error, 'strerror', None) or error}."
        ) from None
    if not line:
        raise Failure(f"{file} is empty: its first line is the passphrase.")
    return line


def _has_terminal() -> bool:
    try:
        os.close(os.open(_TERMINAL, os.O_RDWR))
    except OSError:
        return False
    return True
