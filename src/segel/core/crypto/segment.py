"""Sealing of stored rows under segment keys: AES-256-GCM (docs/protocol/delivery.md 5)."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_SIZE = 32
"""Bytes of a segment key."""
NONCE_SIZE = 12
"""Bytes of a nonce, random: one key seals the rows of one day, far fewer than 2^32."""


class Unopenable(Exception):
    """A stored row does not open: the file is damaged, or the row was put at another place."""


class SegmentKey:
    """One day's key of a retention class.

    `place` is the group or inbox and the position: a row cannot be moved.
    """

    def __init__(self, key: bytes) -> None:
        self._aead = AESGCM(key)

    def seal(self, nonce: bytes, place: bytes, body: bytes) -> bytes:
        """nonce (12) || ciphertext || tag (16). The nonce is never used twice with this key."""
        return nonce + self._aead.encrypt(nonce, body, place)

    def open(self, place: bytes, sealed: bytes) -> bytes:
        """The body. Raises Unopenable."""
        try:
            return self._aead.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], place)
        except (InvalidTag, ValueError):
            raise Unopenable("a stored row does not open") from None
