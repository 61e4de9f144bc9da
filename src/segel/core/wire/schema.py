"""The schema as data: every struct of the wire with its fields, for what is generated from it."""

from collections.abc import Iterator
from typing import get_args

import msgspec.inspect as mi

from segel.core.wire.answers import Event, Result, ServerMessage
from segel.core.wire.requests import Call, Request

UNIONS = {"Request": Request, "Result": Result, "Event": Event, "ServerMessage": ServerMessage}
"""Where one of several structs may stand, by name."""

LARGEST = 2**53 - 1
"""Where no bound is written: the greatest integer that a JavaScript number holds exactly."""


def structs() -> list[mi.StructType]:
    """Every struct that the messages reach, those used by others first."""
    found: dict[str, mi.StructType] = {}
    for info in mi.multi_type_info([Call, *UNIONS.values()]):
        for struct in _reach(info):
            found.setdefault(struct.cls.__name__, struct)
    return list(found.values())


def _reach(info: mi.Type) -> Iterator[mi.StructType]:
    match info:
        case mi.StructType():
            for field in info.fields:
                yield from _reach(field.type)
            yield info
        case mi.UnionType(types=types):
            for each in types:
                yield from _reach(each)
        case mi.ListType(item_type=item):
            yield from _reach(item)
        case mi.DictType(value_type=value):
            yield from _reach(value)


def members(union: str) -> Iterator[str]:
    """The names of a union's structs."""
    return (cls.__name__ for cls in get_args(UNIONS[union]))


def union_name(info: mi.UnionType) -> str | None:
    """The name of the union, if it is one of `UNIONS`."""
    members = {each.cls for each in info.types if isinstance(each, mi.StructType)}
    return next((name for name, union in UNIONS.items() if set(get_args(union)) == members), None)
