"""Authenticated encryption with associated data (RFC 5116)."""

from collections.abc import Callable
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

TAG_SIZE = 16
"""Bytes that sealing adds."""

NONCE_SIZE = 12


class AeadFailure(Exception):
    """The ciphertext, its associated data, its nonce or its key is not what was sealed."""


class Aead:
    """A cipher with a 16-byte tag under one key."""

    __slots__ = ("_cipher",)

    def __init__(self, cipher: AESGCM | ChaCha20Poly1305) -> None:
        self._cipher = cipher

    def seal(self, nonce: bytes, plaintext: bytes, associated: bytes) -> bytes:
        """Ciphertext and tag. A nonce (12 bytes) must never be used twice with a key."""
        return self._cipher.encrypt(nonce, plaintext, associated)

    def open(self, nonce: bytes, ciphertext: bytes, associated: bytes) -> bytes:
        """The plaintext. Raises AeadFailure."""
        if len(ciphertext) < TAG_SIZE:
            raise AeadFailure("shorter than a tag")
        try:
            return self._cipher.decrypt(nonce, ciphertext, associated)
        except InvalidTag:
            raise AeadFailure("wrong tag") from None


def aes_gcm(key: bytes) -> Aead:
    """AES-GCM under a key of 16 or 32 bytes."""
    return Aead(AESGCM(key))


def chacha20_poly1305(key: bytes) -> Aead:
    """ChaCha20-Poly1305 (RFC 8439) under a key of 32 bytes."""
    return Aead(ChaCha20Poly1305(key))


class AeadKind(NamedTuple):
    """An AEAD as HPKE numbers it (RFC 9180 section 7.3); sizes in bytes."""

    id: int
    key_size: int
    new: Callable[[bytes], Aead]
    nonce_size: int = NONCE_SIZE


AES_128_GCM = AeadKind(1, 16, aes_gcm)
AES_256_GCM = AeadKind(2, 32, aes_gcm)
CHACHA20_POLY1305 = AeadKind(3, 32, chacha20_poly1305)
