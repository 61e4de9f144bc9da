"""DTLS 1.2 with the SRTP extension (RFC 5764), bytes in and datagrams out.

OpenSSL runs on a memory BIO, which knows no datagram borders: what it wrote is split into its
records again, one datagram each. The peer is who its certificate's fingerprint says, and that
fingerprint came with the signed session description (RFC 8122 5).
"""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from segel.core.crypto.srtp_profile import SrtpProfile

MTU = 1200
"""Bytes of UDP payload a handshake datagram may fill."""

Role = Literal["server", "client"]

_RECORD_LENGTH = Struct("!H")
_RECORD_HEADER = 13
_SRTP_PROFILES = b"SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
_PROFILE_BY_NAME = {
    b"SRTP_AEAD_AES_128_GCM": SrtpProfile.AEAD_AES_128_GCM,
    b"SRTP_AES128_CM_SHA1_80": SrtpProfile.AES128_CM_SHA1_80,
}
_CIPHERS = (
    b"ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
)
_EXPORTER_LABEL = b"EXTRACTOR-dtls_srtp"


class DtlsError(Exception):
    """The association cannot be made, or was made with somebody else."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """What both SRTP directions are made from (RFC 5764 4.2)."""

    profile: SrtpProfile
    local_key: bytes
    local_salt: bytes
    remote_key: bytes
    remote_salt: bytes


class Certificate:
    """A self-signed P-256 certificate that lives as long as its process."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "segel")])
        now = datetime.now(tz=UTC)
        self.x509 = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=365))
            .sign(self.key, hashes.SHA256())
        )

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 of the DER form, 32 bytes."""
        return self.x509.fingerprint(hashes.SHA256())

    def context(self) -> SSL.Context:
        """What every association of this process shares."""
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_RENEGOTIATION)
        context.set_cipher_list(_CIPHERS)
        context.use_certificate(self.x509)
        context.use_privatekey(self.key)
        context.set_tlsext_use_srtp(_SRTP_PROFILES)
        # Certificates are self-signed: the fingerprint is checked once the handshake is over.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, _accept_any)
        return context


class DtlsAssociation:
    """One association. Every method that may write returns the datagrams to send."""

    def __init__(self, context: SSL.Context, role: Role, peer_fingerprint: bytes) -> None:
        self._connection = SSL.Connection(context, None)
        self._connection.set_ciphertext_mtu(MTU)
        if role == "server":
            self._connection.set_accept_state()
        else:
            self._connection.set_connect_state()
        self._role = role
        self._peer_fingerprint = peer_fingerprint
        self.keys: SrtpKeys | None = None
        """Set once the handshake is over and the peer's certificate is the expected one."""
        self.closed = False
        """The peer has said goodbye."""

    def start(self) -> list[bytes]:
        """The client's first flight; `DtlsError`."""
        return self._advance()

    def receive(self, datagram: bytes) -> list[bytes]:
        """Take one datagram; `DtlsError`."""
        self._connection.bio_write(datagram)
        return self._advance()

    def timeout(self) -> float | None:
        """Seconds until `handle_timeout` is due; none when nothing is waited for."""
        return None if self.keys else self._connection.DTLSv1_get_timeout()

    def handle_timeout(self) -> list[bytes]:
        """Send the last flight again if its time has come; `DtlsError` after too many times."""
        try:
            self._connection.DTLSv1_handle_timeout()
        except SSL.Error as error:
            raise DtlsError("the handshake timed out") from error
        return self._written()

    def close(self) -> list[bytes]:
        """Say goodbye (close_notify)."""
        if not self.keys:
            return []
        try:
            self._connection.shutdown()
        except SSL.Error:
            return []
        return self._written()

    def _advance(self) -> list[bytes]:
        try:
            if self.keys is None:
                self._connection.do_handshake()
                self.keys = self._export()
            self._connection.recv(2048)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.closed = True
        except SSL.Error as error:
            raise DtlsError("the handshake failed") from error
        return self._written()

    def _export(self) -> SrtpKeys:
        peer = self._connection.get_peer_certificate(as_cryptography=True)
        if peer is None or not hmac.compare_digest(
            peer.fingerprint(hashes.SHA256()), self._peer_fingerprint
        ):
            raise DtlsError("the certificate is not the one of the session description")
        profile = _PROFILE_BY_NAME.get(self._connection.get_selected_srtp_profile())
        if profile is None:
            raise DtlsError("no common SRTP profile")
        key, salt = profile.key_length, profile.salt_length
        material = self._connection.export_keying_material(_EXPORTER_LABEL, 2 * (key + salt))
        client = material[:key], material[2 * key : 2 * key + salt]
        server = material[key : 2 * key], material[2 * key + salt :]
        local, remote = (server, client) if self._role == "server" else (client, server)
        return SrtpKeys(profile, *local, *remote)

    def _written(self) -> list[bytes]:
        try:
            written = self._connection.bio_read(65536)
        except SSL.WantReadError:
            return []
        return split_records(written)


def split_records(data: bytes) -> list[bytes]:
    """The DTLS records of `data`, each to be sent as a datagram of its own (RFC 6347 4.1)."""
    records = []
    start = 0
    while start + _RECORD_HEADER <= len(data):
        end = start + _RECORD_HEADER + _RECORD_LENGTH.unpack_from(data, start + 11)[0]
        records.append(data[start:end])
        start = end
    return records


def _accept_any(
    connection: SSL.Connection, certificate: object, error: int, depth: int, code: int
) -> bool:
    return True
