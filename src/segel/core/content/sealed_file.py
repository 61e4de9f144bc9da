"""A file sealed in chunks: STREAM over AES-256-GCM, at a Padmé size (docs/protocol/files.md 2)."""

from hashlib import sha256
from typing import NamedTuple

from segel.core.crypto.aead import TAG_SIZE, AeadFailure, aes_gcm
from segel.core.crypto.padding import padme

CHUNK = 1_048_576
"""Bytes of a sealed chunk; the last is what is left."""
PLAIN_CHUNK = CHUNK - TAG_SIZE
"""Bytes of padded content in a chunk."""


class BadFile(Exception):
    """What came is not what was sealed: changed, cut off, put together anew, another file's."""


class FileKey(NamedTuple):
    """What opens a file: 32 random bytes that seal nothing else, 7 that begin every nonce."""

    key: bytes
    prefix: bytes


def sealed_size(size: int) -> int:
    """Bytes of the blob of a file of `size` bytes."""
    return padme(size + TAG_SIZE * max(1, -(-size // PLAIN_CHUNK)))


class _Chunks:
    """The chunks of a file, one after another."""

    def __init__(self, size: int, key: FileKey) -> None:
        self.sealed = sealed_size(size)
        """Bytes of the blob."""
        self._size = size
        self._aead = aes_gcm(key.key)
        self._prefix = key.prefix
        self._digests = sha256()
        self._next = 0

    @property
    def offset(self) -> int:
        """Where in the blob the next chunk begins."""
        return min(self._next * CHUNK, self.sealed)

    @property
    def wants(self) -> int:
        """Bytes of the next sealed chunk; 0 after the last."""
        return min(CHUNK, self.sealed - self.offset)

    @property
    def hash(self) -> bytes:
        """SHA-256 of the SHA-256s of the sealed chunks so far."""
        return self._digests.digest()

    @property
    def _content(self) -> int:
        """Bytes of the file itself in the next chunk."""
        return max(0, min(self.wants - TAG_SIZE, self._size - self._next * PLAIN_CHUNK))

    def _nonce(self) -> bytes:
        last = self.offset + self.wants == self.sealed
        return self._prefix + self._next.to_bytes(4) + bytes([last])

    def _count(self, chunk: bytes) -> None:
        self._digests.update(sha256(chunk).digest())
        self._next += 1


class FileSealer(_Chunks):
    """A file as it is sealed, each chunk once."""

    @property
    def takes(self) -> int:
        """Bytes of the file that `seal` takes next."""
        return self._content if self.wants else 0

    def seal(self, content: bytes) -> bytes:
        """The next sealed chunk. Raises BadFile where the file is not as long as it was."""
        if len(content) != self._content or not self.wants:
            raise BadFile("the file changed while it was read")
        plain = content + bytes(self.wants - TAG_SIZE - len(content))
        chunk = self._aead.seal(self._nonce(), plain, b"")
        self._count(chunk)
        return chunk


class FileOpener(_Chunks):
    """A file as it is opened. What it gives out is authentic; the file is whole after `finish`."""

    def open(self, chunk: bytes) -> bytes:
        """The content of the next sealed chunk, without padding. Raises BadFile."""
        if len(chunk) != self.wants:
            raise BadFile("a chunk of another length")
        try:
            plain = self._aead.open(self._nonce(), chunk, b"")
        except AeadFailure:
            raise BadFile(f"chunk {self._next} does not open") from None
        size = self._content
        if any(plain[size:]):
            raise BadFile("the padding is not empty")
        self._count(chunk)
        return plain[:size]

    def finish(self, expected: bytes) -> None:
        """Returns where all chunks were opened and the hash is the message's. Raises BadFile."""
        if self.wants:
            raise BadFile("the file is cut off")
        if self.hash != expected:
            raise BadFile("it is another file than the message names")
