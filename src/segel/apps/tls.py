"""The certificate of a server that speaks TLS itself."""

import ssl
from pathlib import Path
from typing import NoReturn

from segel.apps.failures import Failure


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
