"""CBOR in its deterministic form (RFC 8949 section 4.2): what parses re-encodes to the same."""

from collections.abc import Mapping
from typing import cast

import cbor2

MAX_DEPTH = 32
"""Arrays and maps in one another."""

Value = int | bytes | str | bool | None | list["Value"] | Mapping["int | str", "Value"]


class Malformed(Exception):
    """Bytes of another that are not what they should be."""


def encode(value: Value) -> bytes:
    """The value's deterministic encoding."""
    return cbor2.dumps(value, canonical=True)


def decode(data: bytes) -> Value:
    """The value in the bytes. Raises Malformed, also for another than the deterministic form."""
    try:
        value = cbor2.loads(data)
        _check(value, 0)
        same = encode(value) == data
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise Malformed(f"no CBOR: {error}") from None
    if not same:
        raise Malformed("not in deterministic form")
    return cast("Value", value)


def fields(data: bytes, count: int, version: int = 1) -> list[Value]:
    """The fields after the version of an array of so many. Raises Malformed."""
    listed = array(decode(data), count)
    if (listed[0] is not version and listed[0] != version) or isinstance(listed[0], bool):
        raise Malformed(f"not version {version}")
    return listed[1:]


def array(value: Value, count: int | None = None) -> list[Value]:
    """The array, of so many items. Raises Malformed."""
    if not isinstance(value, list) or (count is not None and len(value) != count):
        raise Malformed("not an array" if count is None else f"not an array of {count}")
    return value


def octets(value: Value, size: int | None = None) -> bytes:
    """The byte string, of a length. Raises Malformed."""
    if not isinstance(value, bytes):
        raise Malformed("not a byte string")
    if size is not None and len(value) != size:
        raise Malformed(f"not of {size} bytes")
    return value


def integer(value: Value, least: int, most: int) -> int:
    """The integer, within bounds. Raises Malformed."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Malformed(f"not an integer from {least} to {most}")
    return value


def text(value: Value) -> str:
    """The text. Raises Malformed."""
    if not isinstance(value, str):
        raise Malformed("not a text")
    return value


def _check(value: object, depth: int) -> None:
    """Only what this protocol uses, and nothing too deep. Raises ValueError."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            if isinstance(key, bool) or not isinstance(key, int | str):
                raise ValueError("a key that is neither integer nor text")
            _check(item, depth + 1)
    elif not isinstance(value, int | bytes | str | None):
        raise ValueError(f"a {type(value).__name__}")
