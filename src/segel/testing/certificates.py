"""A certification authority for tests, and the certificates that it gives out."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2099, 1, 1, tzinfo=UTC)


class Authority:
    """Its own certificate is `file`, in a folder where all that it makes is put."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(f"Segel's tests {os.urandom(4).hex()}")
        self.file = folder / "authority.pem"
        self._serial = 1
        own = self._built(self._name, self._key.public_key(), BEGIN, END)
        signed = own.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.file.write_bytes(signed.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM))

    def issue(self, *names: str, end: datetime = END) -> tuple[Path, Path]:
        """A certificate for host names and addresses that is valid until `end`, and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        self._serial += 1
        begin = min(BEGIN, end - timedelta(days=90))
        built = self._built(_name(names[0]), key.public_key(), begin, end).add_extension(
            x509.SubjectAlternativeName([_general(name) for name in names]), critical=False
        )
        signed = built.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        cert, private_file = (
            self._folder / f"{self._serial}.{kind}.pem" for kind in ("cert", "key")
        )
        cert.write_bytes(signed)
        private_file.write_bytes(private)
        return cert, private_file

    @property
    def trusted(self) -> ssl.SSLContext:
        """For clients who trust this authority and no other."""
        return ssl.create_default_context(cafile=self.file)

    def _built(
        self,
        subject: x509.Name,
        public: ec.EllipticCurvePublicKey,
        begin: datetime,
        end: datetime,
    ) -> x509.CertificateBuilder:
        return x509.CertificateBuilder(self._name, subject, public, self._serial, begin, end)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common)])


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
