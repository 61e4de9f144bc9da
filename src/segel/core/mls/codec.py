"""The presentation language: integers and vectors of variable size (RFC 9420 section 2.1)."""

import struct
from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar

import msgspec

from segel.core.mls.errors import Malformed

T = TypeVar("T")
_LARGEST = 2**30 - 1


class Reader:
    """Takes values off the front of some bytes. Every method raises Malformed."""

    __slots__ = ("_at", "_data", "_end")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._end = len(data)

    def raw(self, size: int) -> bytes:
        """The next `size` bytes."""
        at = self._at
        after = at + size
        if after > self._end:
            raise Malformed("ends in the middle of a value")
        self._at = after
        return self._data[at:after]

    def uint8(self) -> int:
        return self.raw(1)[0]

    def uint16(self) -> int:
        return int.from_bytes(self.raw(2))

    def uint32(self) -> int:
        return int.from_bytes(self.raw(4))

    def uint64(self) -> int:
        return int.from_bytes(self.raw(8))

    def length(self) -> int:
        """A vector's length (section 2.1.2), which must be of the shortest form."""
        first = self.uint8()
        if first < 0x40:
            return first
        if first < 0x80:
            size = (first & 0x3F) << 8 | self.uint8()
            shortest = size >= 64
        elif first < 0xC0:
            size = (first & 0x3F) << 24 | int.from_bytes(self.raw(3))
            shortest = size >= 16384
        else:
            raise Malformed("a length of 8 bytes")
        if not shortest:
            raise Malformed("a length that is longer than it must be")
        return size

    def opaque(self) -> bytes:
        """opaque<V>."""
        at = self._at
        if at < self._end and (size := self._data[at]) < 64:
            after = at + 1 + size
            if after > self._end:
                raise Malformed("ends in the middle of a vector")
            self._at = after
            return self._data[at + 1 : after]
        return self.raw(self.length())

    def vector(self, item: Callable[["Reader"], T]) -> tuple[T, ...]:
        """A vector of items, each at least one byte long."""
        size = self.length()
        end = self._at + size
        outer = self._end
        if end > outer:
            raise Malformed("ends in the middle of a vector")
        self._end = end
        items = []
        while self._at < end:
            items.append(item(self))
        self._end = outer
        return tuple(items)

    def uint16s(self) -> tuple[int, ...]:
        """uint16<V>."""
        data = self.opaque()
        if len(data) % 2:
            raise Malformed("a vector of numbers of two bytes has an odd length")
        return struct.unpack(f">{len(data) // 2}H", data)

    def optional(self, item: Callable[["Reader"], T]) -> T | None:
        """optional<T>: None where it is absent."""
        present = self.uint8()
        if present > 1:
            raise Malformed("neither present nor absent")
        return item(self) if present else None

    @property
    def position(self) -> int:
        """Bytes that were read."""
        return self._at

    def since(self, position: int) -> bytes:
        """The bytes that were read since then."""
        return self._data[position : self._at]

    def rest(self) -> bytes:
        """All that is left."""
        return self.raw(self._end - self._at)

    def finish(self) -> None:
        """Returns where nothing is left."""
        if self._at != self._end:
            raise Malformed("goes on behind its end")


def uint8(value: int) -> bytes:
    return value.to_bytes(1)


def uint16(value: int) -> bytes:
    return value.to_bytes(2)


def uint32(value: int) -> bytes:
    return value.to_bytes(4)


def uint64(value: int) -> bytes:
    return value.to_bytes(8)


def length(size: int) -> bytes:
    """A vector's length."""
    if size < 64:
        return size.to_bytes(1)
    if size < 16384:
        return (0x4000 | size).to_bytes(2)
    if size <= _LARGEST:
        return (0x80000000 | size).to_bytes(4)
    raise ValueError("a vector holds less than 2^30 bytes")


def opaque(data: bytes) -> bytes:
    """opaque<V>."""
    size = len(data)
    return (size.to_bytes(1) if size < 64 else length(size)) + data


def vector(items: Iterable[bytes]) -> bytes:
    """A vector of encoded items."""
    return opaque(b"".join(items))


def uint16s(values: tuple[int, ...]) -> bytes:
    """uint16<V>."""
    return opaque(struct.pack(f">{len(values)}H", *values))


def optional(item: bytes | None) -> bytes:
    """optional<T>."""
    return b"\x00" if item is None else b"\x01" + item


class Structure(msgspec.Struct, frozen=True):
    """A struct of the RFC: `decode` and `encode` are exact inverses."""

    def encode(self) -> bytes:
        """The bytes of the wire."""
        raise NotImplementedError

    @classmethod
    def read(cls, reader: Reader) -> Self:
        """The structure at the front of the reader. Raises Malformed."""
        raise NotImplementedError

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The structure that fills the bytes. Raises Malformed."""
        reader = Reader(data)
        value = cls.read(reader)
        reader.finish()
        return value

    @classmethod
    def of(cls, unverified: "Structure") -> Self:
        """The same fields as a type that says that they were verified: the caller did."""
        return cls(*msgspec.structs.astuple(unverified))


def all_differ(values: Iterable[Any]) -> bool:
    """Whether no value is there twice."""
    listed = list(values)
    return len(set(listed)) == len(listed)
