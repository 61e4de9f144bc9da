"""The schema in words: `python -m segel.core.wire.tables` prints docs/protocol/messages.md."""

from collections.abc import Callable
from inspect import cleandoc

import msgspec.inspect as mi

from segel.core.wire.schema import LARGEST, meanings, members, structs, union_name

HEAD = """\
# The messages, field by field

Printed by `python -m segel.core.wire.tables` from the schema; never edited by hand. How messages
are framed, signed and refused stands in [wire.md](wire.md).

A message is a MessagePack array: its tag, then its fields in this order. A struct without a tag is
the array of its fields. *bytes* are MessagePack bin, *text* is str in UTF-8, *int* any integer
form; *or nil* marks what may be absent. Lengths are in bytes, of lists and maps in elements, of
text in characters; a receiver refuses what is outside of these ranges (`malformed`). Where none is
given, the frame's limit holds.

*Open* needs no authority but what its fields hold; *node* needs the named node's epoch key, by
`Enter` on the connection or by a `Proof` on the call; *the latest* one that has no child; *device*
the inbox's key. Besides the refusals that are named, every request may meet malformed,
unknown_method, too_large, slow_down, storage_full and internal; every one of a *node* not_proven,
unknown_group and unknown_node; every proof bad_signature, expired and replayed.
"""

SECTIONS: tuple[tuple[str, Callable[[mi.StructType], bool]], ...] = (
    ("Requests", lambda struct: _is_in(struct, "Request")),
    ("Answers", lambda struct: _is_in(struct, "Result")),
    ("Events", lambda struct: _is_in(struct, "Event")),
    ("Frames", lambda struct: struct.cls.__name__ in ("Call", "Hello", "Reply", "Refused")),
    ("Parts", lambda struct: True),
)


def document() -> str:
    """The text of messages.md."""
    left = structs()
    parts = [HEAD]
    for title, belongs in SECTIONS:
        chosen = [struct for struct in left if belongs(struct)]
        left = [struct for struct in left if struct not in chosen]
        parts += [f"## {title}\n", *(_section(struct) for struct in chosen)]
    return "\n".join(parts)


def _is_in(struct: mi.StructType, union: str) -> bool:
    return struct.cls.__name__ in members(union)


def _section(struct: mi.StructType) -> str:
    name = struct.cls.__name__
    title = name if struct.tag is None else f"{name}: `{struct.tag}`"
    words = cleandoc(struct.cls.__doc__ or "").replace(" None", " nil")
    lines = [f"### {title}", words]
    if struct.fields:
        said = meanings(struct)
        lines += ["", "| field | type | meaning |", "|---|---|---|"]
        lines += [
            f"| {field.encode_name} | {_type(field.type)} | {said[field.name]} |"
            for field in struct.fields
        ]
    return "\n".join([*lines, ""])


def _type(info: mi.Type) -> str:
    match info:
        case mi.BytesType(min_length=low, max_length=high):
            return f"bytes{_range(low, high)}"
        case mi.StrType(min_length=low, max_length=high):
            return f"text{_range(low, high)}"
        case mi.IntType(ge=low, le=high):
            return f"int{_range(low, high)}"
        case mi.BoolType():
            return "bool"
        case mi.NoneType():
            return "nil"
        case mi.LiteralType(values=values):
            return " \\| ".join(f"`{value}`" for value in sorted(values, key=_order))
        case mi.StructType(cls=cls):
            return str(cls.__name__)
        case mi.UnionType(types=types):
            return union_name(info) or " or ".join(_type(each) for each in types)
        case mi.ListType(item_type=item, max_length=high):
            return f"list of {_type(item)}{_most(high)}"
        case mi.DictType(key_type=key, value_type=value, max_length=high):
            return f"map from {_type(key)} to {_type(value)}{_most(high)}"
    raise TypeError(f"the schema has no words for {info}")


def _order(value: object) -> tuple[int, str]:
    """Numbers by size, words by the alphabet."""
    return (value, "") if isinstance(value, int) else (0, str(value))


def _range(low: int | None, high: int | None) -> str:
    if low is not None and low == high:
        return f" ({low})"
    if high is None:
        return ""
    top = "2^53 - 1" if high == LARGEST else "2^32 - 1" if high == 2**32 - 1 else f"{high}"
    return f" ({low or 0} to {top})"


def _most(high: int | None) -> str:
    return "" if high is None else f", at most {high}"


if __name__ == "__main__":
    print(document(), end="")
