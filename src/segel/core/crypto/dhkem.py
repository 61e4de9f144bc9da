"""DHKEM (RFC 9180 section 4.1) over X25519, X448 and the NIST curves."""

from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x448 import X448PrivateKey, X448PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_scalarmult, crypto_scalarmult_base
from nacl.exceptions import CryptoError

from segel.core.crypto.entropy import Entropy
from segel.core.crypto.kdf import Hash
from segel.core.crypto.keys import InvalidKey, KeyPair
from segel.core.crypto.labelled import labelled_expand, labelled_extract

_P25519, _P448 = 2**255 - 19, 2**448 - 2**224 - 1
_SMALL_25519 = {
    0,
    1,
    int.from_bytes(
        bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"), "little"
    ),
    int.from_bytes(
        bytes.fromhex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"), "little"
    ),
    _P25519 - 1,
    _P25519,
    _P25519 + 1,
}
"""The u-coordinates of points of small order: with them every exchange gives zero."""
_SMALL_448 = {0, 1, _P448 - 1, _P448, _P448 + 1}


class Group(Protocol):
    """A Diffie-Hellman group: keys are bytes in the form of RFC 9180 section 7.1.1."""

    private_size: int

    def public(self, private: bytes) -> bytes:
        """The public key. Raises InvalidKey."""
        ...

    def exchange(self, private: bytes, public: bytes) -> bytes:
        """The shared point. Raises InvalidKey, also where it is zero."""
        ...

    def check(self, public: bytes) -> None:
        """Returns for a public key that `exchange` takes, without an exchange. Raises
        InvalidKey.
        """
        ...

    def derive(self, suite: bytes, hash_name: Hash, prk: bytes) -> bytes:
        """A private key from DeriveKeyPair's pseudorandom key (section 7.1.3)."""
        ...


class X25519:
    """Curve25519 (RFC 7748)."""

    private_size = 32

    def public(self, private: bytes) -> bytes:
        return crypto_scalarmult_base(private)

    def exchange(self, private: bytes, public: bytes) -> bytes:
        # libsodium is given pointers only: a key that is too short would be read past its end.
        if len(private) != 32 or len(public) != 32:
            raise InvalidKey("a key of Curve25519 has 32 bytes")
        try:
            return crypto_scalarmult(private, public)
        except CryptoError:
            raise InvalidKey("not a point of Curve25519, or one of small order") from None

    def check(self, public: bytes) -> None:
        # The highest bit is not read (RFC 7748 section 5).
        if len(public) != 32 or int.from_bytes(public, "little") % 2**255 in _SMALL_25519:
            raise InvalidKey("not a point of Curve25519, or one of small order")

    def derive(self, suite: bytes, hash_name: Hash, prk: bytes) -> bytes:
        return labelled_expand(hash_name, suite, prk, b"sk", b"", self.private_size)


class X448:
    """Curve448 (RFC 7748)."""

    private_size = 56

    def public(self, private: bytes) -> bytes:
        return X448PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def exchange(self, private: bytes, public: bytes) -> bytes:
        try:
            other = X448PublicKey.from_public_bytes(public)
            return X448PrivateKey.from_private_bytes(private).exchange(other)
        except ValueError:
            raise InvalidKey("not a point of Curve448, or one of small order") from None

    def check(self, public: bytes) -> None:
        if len(public) != 56 or int.from_bytes(public, "little") in _SMALL_448:
            raise InvalidKey("not a point of Curve448, or one of small order")

    def derive(self, suite: bytes, hash_name: Hash, prk: bytes) -> bytes:
        return labelled_expand(hash_name, suite, prk, b"sk", b"", self.private_size)


class NistCurve:
    """P-256, P-384 or P-521: public keys are uncompressed points, private ones big-endian."""

    def __init__(self, curve: ec.EllipticCurve) -> None:
        self._curve = curve
        self._order = order = curve.group_order
        self.private_size = (order.bit_length() + 7) // 8
        self._mask = 0xFF >> (-order.bit_length() % 8)

    def public(self, private: bytes) -> bytes:
        key = self._private(private).public_key()
        return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def exchange(self, private: bytes, public: bytes) -> bytes:
        return self._private(private).exchange(ec.ECDH(), self._point(public))

    def check(self, public: bytes) -> None:
        self._point(public)

    def derive(self, suite: bytes, hash_name: Hash, prk: bytes) -> bytes:
        for counter in range(256):
            label = bytes([counter])
            drawn = labelled_expand(hash_name, suite, prk, b"candidate", label, self.private_size)
            candidate = bytes([drawn[0] & self._mask]) + drawn[1:]
            if 0 < int.from_bytes(candidate) < self._order:
                return candidate
        raise InvalidKey("no private key in 256 tries")

    def _point(self, public: bytes) -> ec.EllipticCurvePublicKey:
        try:
            if public[:1] == b"\x04":
                return ec.EllipticCurvePublicKey.from_encoded_point(self._curve, public)
        except ValueError:
            pass
        raise InvalidKey(f"not an uncompressed point of {self._curve.name}")

    def _private(self, private: bytes) -> ec.EllipticCurvePrivateKey:
        scalar = int.from_bytes(private)
        if not 0 < scalar < self._order:
            raise InvalidKey(f"not a private key of {self._curve.name}")
        return ec.derive_private_key(scalar, self._curve)


P256 = NistCurve(ec.SECP256R1())
P384 = NistCurve(ec.SECP384R1())
P521 = NistCurve(ec.SECP521R1())


class DhKem:
    """DHKEM(group, HKDF-hash)."""

    def __init__(self, kem_id: int, group: Group, hash_name: Hash, secret_size: int) -> None:
        self.id = kem_id
        self._group = group
        self._hash: Hash = hash_name
        self._suite = b"KEM" + kem_id.to_bytes(2)
        self._secret_size = secret_size

    def derive(self, ikm: bytes) -> KeyPair:
        """DeriveKeyPair (section 7.1.3): `ikm` has at least as many bytes as a private key."""
        prk = labelled_extract(self._hash, self._suite, b"", b"dkp_prk", ikm)
        return self.pair(self._group.derive(self._suite, self._hash, prk))

    def generate(self, entropy: Entropy) -> KeyPair:
        """A fresh pair."""
        return self.derive(entropy.random(self._group.private_size))

    def pair(self, private: bytes) -> KeyPair:
        """The pair of a serialised private key. Raises InvalidKey."""
        if len(private) != self._group.private_size:
            raise InvalidKey(f"a private key has {self._group.private_size} bytes")
        return KeyPair(private, self._group.public(private))

    def check(self, public: bytes) -> None:
        """Returns for a public key that something can be sealed to. Raises InvalidKey."""
        self._group.check(public)

    def encapsulate(self, public: bytes, entropy: Entropy) -> tuple[bytes, bytes]:
        """A shared secret and what its holder needs to find it. Raises InvalidKey."""
        ephemeral = self.generate(entropy)
        shared = self._group.exchange(ephemeral.private, public)
        return self._secret(shared, ephemeral.public + public), ephemeral.public

    def decapsulate(self, own: KeyPair, encapsulated: bytes) -> bytes:
        """The shared secret. Raises InvalidKey."""
        shared = self._group.exchange(own.private, encapsulated)
        return self._secret(shared, encapsulated + own.public)

    def _secret(self, shared: bytes, context: bytes) -> bytes:
        """ExtractAndExpand."""
        prk = labelled_extract(self._hash, self._suite, b"", b"eae_prk", shared)
        size = self._secret_size
        return labelled_expand(self._hash, self._suite, prk, b"shared_secret", context, size)
