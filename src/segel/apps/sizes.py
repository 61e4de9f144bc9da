"""A size in bytes, as people write it."""

import re

import click

UNITS = {"MB": 10**6, "GB": 10**9, "TB": 10**12}
FORM = re.compile(r"([0-9]{1,9}) ?(MB|GB|TB)")


class Size(click.ParamType[int]):
    """A whole number with MB, GB or TB (powers of 1000), as bytes."""

    name = "size"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """click: the bytes."""
        found = FORM.fullmatch(value)
        if found is None or not int(found[1]):
            self.fail(f"{value!r} is no size. Give one such as 500MB, 20GB or 1TB.", param, ctx)
        return int(found[1]) * UNITS[found[2]]


def shown_size(size: int) -> str:
    """Bytes as people read them: 1.2 MB."""
    for unit, factor in reversed(UNITS.items()):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size / 1000:.1f} kB" if size >= 1000 else f"{size} bytes"
