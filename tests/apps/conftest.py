"""The program as an operator runs it."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)

from segel.testing.server_process import COMMAND

Done = subprocess.CompletedProcess[str]


def segel(*arguments: str | Path, **environment: str) -> Done:
    """Runs a command to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=20,
        env=environment or None,
        check=False,
    )


def serve(tmp_path: Path, *flags: str | Path, **environment: str) -> Done:
    """`segel serve` that is expected not to start. Flags stand above what is given here."""
    free = ("--port", "0", "--media-port", "0", "--data", tmp_path / "data")
    return segel("serve", *free, *flags, **environment)


def failure(done: Done, status: int = 1) -> str:
    """The one line that a command ended with."""
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("segel: ")
    assert done.stderr.count("\n") == 1
    return done.stderr.removeprefix("segel: ").rstrip("\n")


def usage(done: Done) -> str:
    """What a command said of a wrong flag, below how it is used."""
    assert (done.returncode, done.stdout) == (2, "")
    above, found, message = done.stderr.partition("Error: ")
    assert found
    assert above.startswith("Usage: ")
    return message


def certificate(
    folder: Path, encryption: KeySerializationEncryption | None = None
) -> tuple[Path, Path]:
    """A self-signed certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(3650))
    signed = built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption())
    folder.mkdir(exist_ok=True)
    for file, content in (("cert.pem", signed), ("key.pem", private)):
        (folder / file).write_bytes(content)
    return folder / "cert.pem", folder / "key.pem"


PASSPHRASE = BestAvailableEncryption(b"made up")
