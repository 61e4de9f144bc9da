"""Authenticated encryption with associated data (RFC 5116)."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TAG_SIZE = 16
"""Bytes that sealing adds."""

NONCE_SIZE = 12


class AeadFailure(Exception):
    """The ciphertext, its associated data, its nonce or its key is not what was sealed."""


class AesGcm:
    """AES-GCM with a 16-byte tag under one key of 16 or 32 bytes."""

    __slots__ = ("_cipher",)

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

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
