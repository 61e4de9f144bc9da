"""What others wrote, made safe for a terminal."""

import re

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, by which a terminal takes orders, and signs that turn the writing around."""
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def plain(text: str) -> str:
    """On one line, with nothing that a terminal would obey."""
    return _replaced(_BREAKS.sub(" ", text).replace("\t", " "))


def plain_lines(text: str) -> list[str]:
    """The same for a text of several lines."""
    return [_replaced(line) for line in _BREAKS.split(text)]


def _replaced(text: str) -> str:
    return _UNSEEN.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    """A picture of the control (U+2400), so that one sees that something stood there."""
    number = ord(found[0])
    if number < 0x20:
        return chr(0x2400 + number)
    return "\u2421" if number == 0x7F else "\ufffd"
