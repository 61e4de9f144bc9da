"""GroupContext: what all members of an epoch agree on (RFC 9420 section 8.1)."""

from typing import Self

from segel.core.mls.codec import Reader, Structure, opaque, uint16, uint64
from segel.core.mls.extension import Extensions, encode_extensions, read_extensions


class GroupContext(Structure, frozen=True):
    """The parameters and hashes of a group in one epoch."""

    version: int
    cipher_suite: int
    group_id: bytes
    epoch: int
    tree_hash: bytes
    confirmed_transcript_hash: bytes
    extensions: Extensions

    def encode(self) -> bytes:
        return b"".join(
            (
                uint16(self.version),
                uint16(self.cipher_suite),
                opaque(self.group_id),
                uint64(self.epoch),
                opaque(self.tree_hash),
                opaque(self.confirmed_transcript_hash),
                encode_extensions(self.extensions),
            )
        )

    @classmethod
    def read(cls, reader: Reader) -> Self:
        return cls(
            reader.uint16(),
            reader.uint16(),
            reader.opaque(),
            reader.uint64(),
            reader.opaque(),
            reader.opaque(),
            read_extensions(reader),
        )
