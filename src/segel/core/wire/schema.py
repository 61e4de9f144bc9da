"""The schema as data: every struct of the wire with its fields, for what is generated from it.

A field's meaning is the docstring below it, else the one below its type in `ids`.
"""

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import get_args

import msgspec.inspect as mi

from segel.core.wire import ids
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


def meanings(struct: mi.StructType) -> dict[str, str]:
    """What each field means. Raises LookupError for a field of which nothing is said."""
    of_types = _said(_source(ids).body)
    (body,) = (
        node.body
        for node in _source(sys.modules[struct.cls.__module__]).body
        if isinstance(node, ast.ClassDef) and node.name == struct.cls.__name__
    )
    found = _said(body)
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                meaning = found.get(name) or of_types.get(ast.unparse(annotation))
                if meaning is None:
                    raise LookupError(f"nothing is said of {struct.cls.__name__}.{name}")
                found[name] = meaning
    return found


def _said(body: list[ast.stmt]) -> dict[str, str]:
    """The docstrings that stand below names."""
    found = {}
    for node, below in pairwise(body):
        match node, below:
            case (
                ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = " ".join(text.split())
    return found


@cache
def _source(module: ModuleType) -> ast.Module:
    return ast.parse(inspect.getsource(module))
