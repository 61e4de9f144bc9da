"""Key derivation: HKDF (RFC 5869)."""

from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from segel.core.crypto.mac import hmac_sha256, hmac_sha512

Hash = Literal["sha256", "sha512"]


def hkdf_extract(hash_name: Hash, salt: bytes, key_material: bytes) -> bytes:
    """A pseudorandom key of 32 (SHA-256) or 64 (SHA-512) bytes (RFC 5869 section 2.2)."""
    mac = hmac_sha256 if hash_name == "sha256" else hmac_sha512
    return mac(salt, key_material)


def hkdf_expand(hash_name: Hash, key: bytes, info: bytes, size: int) -> bytes:
    """`size` bytes (at most 255 hashes) bound to `info` (RFC 5869 section 2.3)."""
    algorithm = hashes.SHA256() if hash_name == "sha256" else hashes.SHA512()
    return HKDFExpand(algorithm, size, info).derive(key)
