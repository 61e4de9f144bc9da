"""The signature schemes of MLS's ciphersuites (RFC 9420 section 5.1): keys as bytes of the wire."""

from typing import Literal, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey, Ed448PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import CryptoError

from segel.core.crypto.ed25519 import BadSignature
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.kdf import ALGORITHMS, Hash
from segel.core.crypto.keys import InvalidKey, KeyPair

_CURVES: dict[str, tuple[ec.EllipticCurve, Hash]] = {
    "P-256": (ec.SECP256R1(), "sha256"),
    "P-384": (ec.SECP384R1(), "sha384"),
    "P-521": (ec.SECP521R1(), "sha512"),
}


class SignatureScheme(Protocol):
    """Makes and verifies signatures."""

    def generate(self, entropy: Entropy) -> KeyPair:
        """A fresh pair."""
        ...

    def pair(self, private: bytes) -> KeyPair:
        """The pair of a private key. Raises InvalidKey."""
        ...

    def sign(self, own: KeyPair, message: bytes) -> bytes:
        """A signature; the same for the same message. Raises InvalidKey."""
        ...

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        """Returns where the signature is the key's over the message. Raises BadSignature."""
        ...


class Ed25519:
    """Ed25519 (RFC 8032) by libsodium, which verifies in half of OpenSSL's time. Keys: 32 bytes."""

    def generate(self, entropy: Entropy) -> KeyPair:
        return self.pair(entropy.random(32))

    def pair(self, private: bytes) -> KeyPair:
        if len(private) != 32:
            raise InvalidKey("an Ed25519 private key is a seed of 32 bytes")
        return KeyPair(private, crypto_sign_seed_keypair(private)[0])

    def sign(self, own: KeyPair, message: bytes) -> bytes:
        return crypto_sign(message, own.private + own.public)[:64]

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        if len(signature) != 64 or len(public) != 32:
            raise BadSignature("an Ed25519 signature has 64 bytes, its key 32")
        try:
            crypto_sign_open(signature + message, public)
        except (CryptoError, ValueError):
            raise BadSignature("the signature does not verify") from None


class Ed448:
    """Ed448 (RFC 8032). Keys: 57 bytes."""

    def generate(self, entropy: Entropy) -> KeyPair:
        return self.pair(entropy.random(57))

    def pair(self, private: bytes) -> KeyPair:
        return KeyPair(private, self._private(private).public_key().public_bytes_raw())

    def sign(self, own: KeyPair, message: bytes) -> bytes:
        return self._private(own.private).sign(message)

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        try:
            Ed448PublicKey.from_public_bytes(public).verify(signature, message)
        except (InvalidSignature, ValueError):
            raise BadSignature("the signature does not verify") from None

    def _private(self, private: bytes) -> Ed448PrivateKey:
        try:
            return Ed448PrivateKey.from_private_bytes(private)
        except ValueError:
            raise InvalidKey("not an Ed448 private key") from None


class Ecdsa:
    """ECDSA on a NIST curve: signatures in DER, uncompressed points, big-endian scalars.

    The nonces are RFC 6979's: a signature needs no randomness, so a run can be replayed.
    """

    def __init__(self, name: Literal["P-256", "P-384", "P-521"]) -> None:
        self._curve, hash_name = _CURVES[name]
        curve = self._curve
        self._size = (curve.key_size + 7) // 8
        self._sign = ec.ECDSA(ALGORITHMS[hash_name], deterministic_signing=True)
        self._verify = ec.ECDSA(ALGORITHMS[hash_name])

    def generate(self, entropy: Entropy) -> KeyPair:
        # Reduced from 8 bytes more than the order has: the remainder's bias is below 2^-64.
        drawn = int.from_bytes(entropy.random(self._size + 8))
        scalar = drawn % (self._curve.group_order - 1) + 1
        return self.pair(scalar.to_bytes(self._size))

    def pair(self, private: bytes) -> KeyPair:
        key = self._private(private).public_key()
        return KeyPair(private, key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def sign(self, own: KeyPair, message: bytes) -> bytes:
        return self._private(own.private).sign(message, self._sign)

    def verify(self, public: bytes, signature: bytes, message: bytes) -> None:
        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(self._curve, public)
            key.verify(signature, message, self._verify)
        except (InvalidSignature, ValueError):
            raise BadSignature("the signature does not verify") from None

    def _private(self, private: bytes) -> ec.EllipticCurvePrivateKey:
        try:
            return ec.derive_private_key(int.from_bytes(private), self._curve)
        except ValueError:
            raise InvalidKey(f"not a private key of {self._curve.name}") from None
