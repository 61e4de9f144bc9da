"""Key derivation: HKDF (RFC 5869)."""

import hashlib
from collections.abc import Callable
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from segel.core.crypto.mac import hmac_of

Hash = Literal["sha256", "sha384", "sha512"]

HASH_SIZE: dict[Hash, int] = {"sha256": 32, "sha384": 48, "sha512": 64}
"""Bytes of a hash."""
KDF_ID: dict[Hash, int] = {"sha256": 1, "sha384": 2, "sha512": 3}
"""HKDF's identifiers in HPKE (RFC 9180 section 7.2)."""
ALGORITHMS: dict[Hash, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""The hashes as `cryptography` names them."""
_DIGESTS: dict[Hash, Callable[[bytes], "hashlib._Hash"]] = {
    "sha256": hashlib.sha256,
    "sha384": hashlib.sha384,
    "sha512": hashlib.sha512,
}


def digest(hash_name: Hash, data: bytes) -> bytes:
    """The hash of `data`."""
    return _DIGESTS[hash_name](data).digest()


def hkdf_extract(hash_name: Hash, salt: bytes, key_material: bytes) -> bytes:
    """A pseudorandom key of the hash's size (RFC 5869 section 2.2)."""
    return hmac_of(ALGORITHMS[hash_name], salt, key_material)


def hkdf_expand(hash_name: Hash, key: bytes, info: bytes, size: int) -> bytes:
    """`size` bytes (at most 255 hashes) bound to `info` (RFC 5869 section 2.3)."""
    return HKDFExpand(ALGORITHMS[hash_name], size, info).derive(key)
