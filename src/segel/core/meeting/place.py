"""Places in the log, as members tell each other in authenticated data (delivery.md 2)."""

from typing import NamedTuple

from segel.core.cbor import Malformed

SIZE = 72


class Place(NamedTuple):
    """What a sender knew of the log when it sealed."""

    node: bytes
    head: bytes
    position: int

    def encode(self) -> bytes:
        """72 bytes."""
        return self.node + self.head + self.position.to_bytes(8)


def decode_place(data: bytes) -> Place:
    """The place in the bytes. Raises Malformed."""
    position = int.from_bytes(data[64:])
    if len(data) != SIZE or position >= 2**53:
        raise Malformed("no place in a log")
    return Place(data[:32], data[32:64], position)
