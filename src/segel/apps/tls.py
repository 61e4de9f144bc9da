"""The certificate of a server that speaks TLS itself."""

import asyncio
import contextlib
import signal
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from segel.apps.failures import Failure
from segel.server.log import Log

LOOK = 60.0
"""Seconds between two looks at whether the files are others by now."""


def context(cert: Path, key: Path) -> ssl.SSLContext:
    """What HTTPS is served with. Raises Failure."""
    _look(cert, "certificate", "--tls-cert", "BEGIN CERTIFICATE")
    _look(key, "private key", "--tls-key", "PRIVATE KEY")
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        made.load_cert_chain(cert, key, password=_refuse)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            raise Failure(f"The key {key} is not that of the certificate {cert}.") from None
        raise Failure(
            f"The certificate {cert} or its key {key} is damaged: write both anew."
        ) from None
    return made


@dataclass(slots=True)
class Renewable:
    """A certificate whose files may be replaced while it serves. Raises Failure."""

    cert: Path
    key: Path
    context: ssl.SSLContext = field(init=False)
    _known: tuple[tuple[int, ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        self._known = self._stamps()
        self.context = context(self.cert, self.key)

    async def follow(self, log: Log) -> None:
        """Takes up what is renewed, within a minute or at SIGHUP, until cancelled. Connections that
        are open stay; what cannot be used is left alone, and logged once.
        """
        asked = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, asked.set)
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asked.wait(), LOOK)
            asked.clear()
            if (found := self._stamps()) != self._known:
                self._known = found
                self._renew(log)

    def _renew(self, log: Log) -> None:
        try:
            context(self.cert, self.key)  # of two files one may be new, and of another key
            self.context.load_cert_chain(self.cert, self.key, password=_refuse)
        except (Failure, ssl.SSLError, OSError) as error:
            log.write("error", "certificate_refused", error=type(error).__name__)
        else:
            log.write("info", "certificate_renewed")

    def _stamps(self) -> tuple[tuple[int, ...], ...]:
        return tuple(_stamp(each) for each in (self.cert, self.key))


def _stamp(file: Path) -> tuple[int, ...]:
    """What differs once a file was written anew; empty where it cannot be seen."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _look(file: Path, what: str, flag: str, mark: str) -> None:
    """OpenSSL does not say which of two files it cannot use, nor why."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Failure(
            f"The TLS {what} {file} cannot be read: {error.strerror}. Give a file that this user "
            f"may read with {flag}."
        ) from None
    if mark.encode() not in content:
        raise Failure(f"{file} holds no {what} in PEM form. Give one that does with {flag}.")


def _refuse() -> NoReturn:
    """A server has nobody to ask for a passphrase."""
    raise Failure(
        "The TLS private key is under a passphrase. Give one without: "
        "`openssl pkey -in key.pem -out open.pem` makes it."
    )
