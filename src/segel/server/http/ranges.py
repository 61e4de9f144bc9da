"""The Range of a request (RFC 9110 14)."""

import re

FORM = re.compile(r"bytes=([0-9]{0,16})-([0-9]{0,16})", re.IGNORECASE)


class Unsatisfiable(Exception):
    """Not one range, or none that lies in the content: 416."""


def parse(header: str, size: int) -> tuple[int, int]:
    """Where the range begins and ends (not included) in `size` bytes. Raises Unsatisfiable."""
    found = FORM.fullmatch(header)
    first, last = found.groups() if found else ("", "")
    if first:
        begin, end = int(first), min(int(last or size) + 1, size)
    elif last:
        begin, end = max(0, size - int(last)), size
    else:
        raise Unsatisfiable
    if begin >= end:
        raise Unsatisfiable
    return begin, end
