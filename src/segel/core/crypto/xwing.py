"""X-Wing: ML-KEM-768 and X25519 in one KEM (draft-connolly-cfrg-xwing-kem), for HPKE."""

from hashlib import sha3_256, shake_256

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey

from segel.core.crypto.dhkem import X25519
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import InvalidKey, KeyPair

ID = 0x647A
SEED_SIZE = 32
"""Bytes of a private key."""
PUBLIC_SIZE = 1216
"""Bytes of a public key: ML-KEM's 1 184, then X25519's 32."""
CIPHERTEXT_SIZE = 1120
"""Bytes of an encapsulated secret: ML-KEM's 1 088, then X25519's 32."""

_MLKEM_PUBLIC, _MLKEM_CIPHERTEXT = 1184, 1088
_LABEL = b"\\.//^\\"
# LabeledDerive of draft-ietf-hpke-pq: version, "KEM" with its id, label and length, size asked for.
_DERIVE = b"HPKE-v1KEM\x64\x7a" + len(b"DeriveKeyPair").to_bytes(2) + b"DeriveKeyPair"
_DERIVE += SEED_SIZE.to_bytes(2)
_X25519 = X25519()


class XWing:
    """MLKEM768-X25519, whose private keys are seeds."""

    id = ID

    def derive(self, ikm: bytes) -> KeyPair:
        """DeriveKeyPair by draft-ietf-hpke-pq: an older draft hashes `ikm` without labels."""
        return self.pair(shake_256(ikm + _DERIVE).digest(SEED_SIZE))

    def generate(self, entropy: Entropy) -> KeyPair:
        """A fresh pair."""
        return self.pair(entropy.random(SEED_SIZE))

    def pair(self, private: bytes) -> KeyPair:
        """The pair of a seed. Raises InvalidKey."""
        if len(private) != SEED_SIZE:
            raise InvalidKey(f"a private key has {SEED_SIZE} bytes")
        seed = _expand(private)
        return KeyPair(private, mlkem_public(seed[:64]) + _X25519.public(seed[64:]))

    def check(self, public: bytes) -> None:
        """Returns for a public key that something can be sealed to. Raises InvalidKey."""
        if len(public) != PUBLIC_SIZE:
            raise InvalidKey(f"a public key has {PUBLIC_SIZE} bytes")
        check_mlkem768(public[:_MLKEM_PUBLIC])
        _X25519.check(public[_MLKEM_PUBLIC:])

    def encapsulate(self, public: bytes, entropy: Entropy) -> tuple[bytes, bytes]:
        """A shared secret (32 bytes) and its ciphertext. Raises InvalidKey."""
        if len(public) != PUBLIC_SIZE:
            raise InvalidKey(f"a public key has {PUBLIC_SIZE} bytes")
        first, first_sealed = entropy.encapsulate_mlkem768(public[:_MLKEM_PUBLIC])
        ephemeral = entropy.random(_X25519.private_size)
        second_sealed = _X25519.public(ephemeral)
        second = _X25519.exchange(ephemeral, public[_MLKEM_PUBLIC:])
        shared = _combine(first, second, second_sealed, public[_MLKEM_PUBLIC:])
        return shared, first_sealed + second_sealed

    def decapsulate(self, own: KeyPair, encapsulated: bytes) -> bytes:
        """The shared secret. Raises InvalidKey. A wrong ciphertext gives a secret nobody knows."""
        if len(encapsulated) != CIPHERTEXT_SIZE:
            raise InvalidKey(f"an encapsulated secret has {CIPHERTEXT_SIZE} bytes")
        seed = _expand(own.private)
        first_sealed = encapsulated[:_MLKEM_CIPHERTEXT]
        second_sealed = encapsulated[_MLKEM_CIPHERTEXT:]
        first = decapsulate(seed[:64], first_sealed)
        second = _X25519.exchange(seed[64:], second_sealed)
        return _combine(first, second, second_sealed, own.public[_MLKEM_PUBLIC:])


def encapsulate_mlkem768(public: bytes) -> tuple[bytes, bytes]:
    """A shared secret and its ciphertext, by the system's randomness. Raises InvalidKey."""
    try:
        return MLKEM768PublicKey.from_public_bytes(public).encapsulate()
    except ValueError:
        raise InvalidKey("not an ML-KEM-768 public key") from None


def check_mlkem768(public: bytes) -> None:
    """Returns for an ML-KEM-768 public key (FIPS 203 section 7.2). Raises InvalidKey."""
    try:
        MLKEM768PublicKey.from_public_bytes(public)
    except ValueError:
        raise InvalidKey("not an ML-KEM-768 public key") from None


def mlkem_public(seed: bytes) -> bytes:
    """The public key of an ML-KEM-768 seed of 64 bytes."""
    return MLKEM768PrivateKey.from_seed_bytes(seed).public_key().public_bytes_raw()


def decapsulate(seed: bytes, ciphertext: bytes) -> bytes:
    """The shared secret of an ML-KEM-768 ciphertext."""
    return MLKEM768PrivateKey.from_seed_bytes(seed).decapsulate(ciphertext)


def _expand(seed: bytes) -> bytes:
    """The seed of ML-KEM (64 bytes) and the X25519 key (32)."""
    return shake_256(seed).digest(96)


def _combine(first: bytes, second: bytes, sealed: bytes, public: bytes) -> bytes:
    return sha3_256(first + second + sealed + public + _LABEL).digest()
