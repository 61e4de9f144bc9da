"""Pre-shared keys (RFC 9420 section 8.4)."""

from collections.abc import Sequence
from typing import Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import Reader, Structure, opaque, uint8, uint16, uint64
from segel.core.mls.errors import Malformed
from segel.core.mls.registry import PskType, PskUsage


class PreSharedKeyId(Structure, frozen=True):
    """The name of a PSK: an external one's id, or the group and epoch of a resumption PSK.

    `nonce` is fresh for each use, as long as the suite's hash.
    """

    type: int
    nonce: bytes
    psk_id: bytes = b""
    usage: int = 0
    group_id: bytes = b""
    epoch: int = 0

    @classmethod
    def external(cls, psk_id: bytes, nonce: bytes) -> Self:
        """The name of a key that was shared outside of MLS."""
        return cls(PskType.EXTERNAL, nonce, psk_id=psk_id)

    @classmethod
    def resumption(cls, usage: PskUsage, group_id: bytes, epoch: int, nonce: bytes) -> Self:
        """The name of a group's own secret of an epoch (section 8.6)."""
        return cls(PskType.RESUMPTION, nonce, usage=usage, group_id=group_id, epoch=epoch)

    def without_nonce(self) -> "PskName":
        """What the key is, whatever the nonce of its use."""
        return (self.type, self.psk_id, self.group_id, self.epoch)

    def encode(self) -> bytes:
        if self.type == PskType.EXTERNAL:
            body = opaque(self.psk_id)
        else:
            body = uint8(self.usage) + opaque(self.group_id) + uint64(self.epoch)
        return uint8(self.type) + body + opaque(self.nonce)

    @classmethod
    def read(cls, reader: Reader) -> Self:
        kind = reader.uint8()
        if kind == PskType.EXTERNAL:
            psk_id = reader.opaque()
            return cls(kind, reader.opaque(), psk_id=psk_id)
        if kind != PskType.RESUMPTION:
            raise Malformed(f"a PSK of type {kind}")
        usage, group_id, epoch = reader.uint8(), reader.opaque(), reader.uint64()
        if not PskUsage.APPLICATION <= usage <= PskUsage.BRANCH:
            raise Malformed(f"a resumption PSK for a usage {usage}")
        return cls(kind, reader.opaque(), usage=usage, group_id=group_id, epoch=epoch)


PskName = tuple[int, bytes, bytes, int]
"""A PSK apart from its nonce and usage: type, external id, group, epoch."""

Psk = tuple[PreSharedKeyId, bytes]
"""A PSK's id with its secret."""


def psk_secret(suite: Ciphersuite, psks: Sequence[Psk]) -> bytes:
    """The secret that all PSKs of an epoch make together; zeros where there is none."""
    secret = suite.zeros
    for index, (psk_id, psk) in enumerate(psks):
        extracted = suite.extract(suite.zeros, psk)
        label = psk_id.encode() + uint16(index) + uint16(len(psks))
        derived = suite.expand(extracted, b"derived psk", label, suite.hash_size)
        secret = suite.extract(derived, secret)
    return secret
