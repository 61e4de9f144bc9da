"""scrypt (RFC 7914)."""

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt


def scrypt(secret: bytes, salt: bytes, size: int, cost: int) -> bytes:
    """`size` bytes, slowly: N is `cost`, r is 8, p is 1."""
    return Scrypt(salt=salt, length=size, n=cost, r=8, p=1).derive(secret)
