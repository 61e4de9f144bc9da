"""Sealing of stored rows under segment keys: AES-256-GCM (docs/protocol/delivery.md 5); of blobs:
AES-256-CTR under keys that are made of them (docs/protocol/blobs.md 7).
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from segel.core.crypto.kdf import hkdf_expand, hkdf_extract

KEY_SIZE = 32
"""Bytes of a segment key."""
NONCE_SIZE = 12
"""Bytes of a nonce, random: one key seals the rows of one day, far fewer than 2^32."""
BLOCK = 16
"""Bytes of an AES block."""


class Unopenable(Exception):
    """A stored row does not open: the file is damaged, or the row was put at another place."""


class SegmentKey:
    """One day's key of a retention class.

    `place` is the group or inbox and the position: a row cannot be moved.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
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

    def stream(self, salt: bytes) -> "BlobStream":
        """The key stream of the blob with this salt."""
        extracted = hkdf_extract("sha256", salt, self._key)
        return BlobStream(hkdf_expand("sha256", extracted, b"segel blob v1", KEY_SIZE))


class BlobStream:
    """A blob's key stream: its bytes can be sealed and opened from any offset on, by any thread.

    It authenticates nothing: what is in a blob was sealed by its sender.
    """

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.AES256(key)

    def apply(self, offset: int, data: bytes | bytearray) -> bytes:
        """What stands at `offset`, sealed if it was open and open if it was sealed."""
        block, within = divmod(offset, BLOCK)
        mode = modes.CTR(block.to_bytes(BLOCK, "big"))
        context = Cipher(self._algorithm, mode).encryptor()
        context.update(bytes(within))
        return context.update(data)
