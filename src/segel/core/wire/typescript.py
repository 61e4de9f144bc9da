"""The TypeScript side of the schema: `python -m segel.core.wire.typescript` prints `messages.ts`.

Interfaces keep the schema's field names; a tagged struct has its tag as `type`. `SCHEMA` is the
same in a table that web/packages/wire/src/codec.ts walks to encode, decode and check lengths and
ranges.
"""

import json
from collections.abc import Iterator
from typing import get_args

import msgspec.inspect as mi

from segel.core.wire import ids
from segel.core.wire.answers import RefusalCode
from segel.core.wire.codec import VERSION
from segel.core.wire.schema import LARGEST, UNIONS, members, structs, union_name
from segel.core.wire.signing import MAX_EXPIRY

MAX_LINE = 100
"""Columns of a generated line, as web's formatter has it."""

CONSTANTS = {
    "VERSION": VERSION,
    "MAX_BODY": ids.MAX_BODY,
    "MAX_FRAME": ids.MAX_FRAME,
    "MAX_WHISPER": ids.MAX_WHISPER,
    "MAX_KNOCK": ids.MAX_KNOCK,
    "MAX_SDP": ids.MAX_SDP,
    "MAX_EXPIRY": MAX_EXPIRY,
}


def messages() -> str:
    """The text of `messages.ts`."""
    found = structs()
    codes = _alternatives(json.dumps(code) for code in get_args(RefusalCode))
    parts = [
        "// Printed by `python -m segel.core.wire.typescript` from the schema; "
        "never edited by hand.\n",
        "".join(f"export const {name} = {value};\n" for name, value in CONSTANTS.items()),
        f"export type RefusalCode =\n{codes}",
        *(_interface(struct) for struct in found),
        *(f"export type {name} =\n{_alternatives(members(name))}" for name in UNIONS),
        _schema(found),
    ]
    return "\n".join(parts)


def _alternatives(names: Iterator[str]) -> str:
    return "".join(f"  | {name}\n" for name in names).rstrip("\n") + ";\n"


def _interface(struct: mi.StructType) -> str:
    summary = (
        (struct.cls.__doc__ or "").split("\n\n")[0].replace("\n    ", "\n * ").replace("`", "")
    )
    lines = [f"/** {summary} */", f"export interface {struct.cls.__name__} {{"]
    if struct.tag is not None:
        lines.append(f"  type: {json.dumps(struct.tag)};")
    lines += [f"  {field.encode_name}: {_type(field.type)};" for field in struct.fields]
    return "\n".join([*lines, "}\n"])


def _type(info: mi.Type) -> str:
    """The field's type in TypeScript."""
    match info:
        case mi.BytesType():
            return "Uint8Array"
        case mi.StrType():
            return "string"
        case mi.IntType():
            return "number"
        case mi.BoolType():
            return "boolean"
        case mi.NoneType():
            return "null"
        case mi.LiteralType(values=values):
            if values == tuple(sorted(get_args(RefusalCode))):
                return "RefusalCode"
            return " | ".join(json.dumps(value) for value in values)
        case mi.StructType(cls=cls):
            return str(cls.__name__)
        case mi.UnionType(types=types):
            return union_name(info) or " | ".join(_type(each) for each in types)
        case mi.ListType(item_type=item):
            return f"{_type(item)}[]"
        case mi.DictType(value_type=value):
            return f"Record<string, {_type(value)}>"
    raise TypeError(f"the schema has no TypeScript form for {info}")


def _schema(found: list[mi.StructType]) -> str:
    kinds = (
        "export type Field =\n"
        '  | readonly ["bytes" | "text" | "int", number, number]\n'
        '  | readonly ["bool"]\n'
        '  | readonly ["enum", readonly (string | number)[]]\n'
        '  | readonly ["struct", string]\n'
        '  | readonly ["union", readonly string[]]\n'
        '  | readonly ["optional", Field]\n'
        '  | readonly ["list", Field, number]\n'
        '  | readonly ["map", Field, Field, number];\n'
        "export interface Shape {\n"
        "  tag: string | null;\n"
        "  fields: readonly (readonly [string, Field])[];\n"
        "}\n"
    )
    rows = "".join(_shape(struct) for struct in found)
    unions = "".join(f"  {name}: {_list(members(name))},\n" for name in UNIONS)
    return (
        f"{kinds}\nexport const SCHEMA: Readonly<Record<string, Shape>> = {{\n{rows}}};\n\n"
        f"export const UNIONS: Readonly<Record<string, readonly string[]>> = {{\n{unions}}};\n"
    )


def _shape(struct: mi.StructType) -> str:
    tag = json.dumps(struct.tag)
    fields = "".join(
        f"      [{json.dumps(field.encode_name)}, {json.dumps(_field(field.type))}],\n"
        for field in struct.fields
    )
    return f"  {struct.cls.__name__}: {{\n    tag: {tag},\n    fields: [\n{fields}    ],\n  }},\n"


def _list(names: Iterator[str]) -> str:
    return json.dumps(list(names))


def _field(info: mi.Type) -> list[object]:
    """The field's row in `SCHEMA`."""
    match info:
        case mi.BytesType(min_length=low, max_length=high):
            return ["bytes", low or 0, high or ids.MAX_FRAME]
        case mi.StrType(min_length=low, max_length=high):
            return ["text", low or 0, high or ids.MAX_FRAME]
        case mi.IntType(ge=low, le=high):
            return ["int", -LARGEST if low is None else low, LARGEST if high is None else high]
        case mi.BoolType():
            return ["bool"]
        case mi.LiteralType(values=values):
            return ["enum", list(values)]
        case mi.StructType(cls=cls):
            return ["struct", cls.__name__]
        case mi.UnionType():
            return _union(info)
        case mi.ListType(item_type=item, max_length=high):
            return ["list", _field(item), high or ids.MAX_FRAME]
        case mi.DictType(key_type=key, value_type=value, max_length=high):
            return ["map", _field(key), _field(value), high or ids.MAX_FRAME]
    raise TypeError(f"the schema has no row for {info}")


def _union(info: mi.UnionType) -> list[object]:
    some = [each for each in info.types if not isinstance(each, mi.NoneType)]
    if len(some) < len(info.types):
        rest = some[0] if len(some) == 1 else mi.UnionType(tuple(some))
        return ["optional", _field(rest)]
    return ["union", [each.cls.__name__ for each in some if isinstance(each, mi.StructType)]]


if __name__ == "__main__":
    print(messages(), end="")
