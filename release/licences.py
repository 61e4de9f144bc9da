"""`python -m release.licences`: every licence of the locks is one that we accept."""

import re
import sys

from release.locks import UNKNOWN, Package, read

SHIPPED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "PSF-2.0",
}  # fmt: skip
"""What may be combined with AGPL-3.0-or-later and asks for a notice at the most."""

TOOLS = SHIPPED | {"BlueOak-1.0.0", "MPL-2.0"}
"""What may build and test, and is not given on."""

WORD = re.compile(r"[()]|[^\s()]+")


def refused(packages: list[Package]) -> list[str]:
    """A line for each package whose licence is not accepted."""
    return [
        f"{each.name} {each.version}: {each.licence}"
        for each in packages
        if not accepted(each.licence, SHIPPED if each.shipped else TOOLS)
    ]


def accepted(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression of names, AND, OR and parentheses can be met with these."""
    words = WORD.findall(expression)
    try:
        met = _either(words, allowed)
    except IndexError:
        return False
    return met and not words


def _either(words: list[str], allowed: set[str]) -> bool:
    met = _both(words, allowed)
    while words and words[0] == "OR":
        words.pop(0)
        met = _both(words, allowed) or met
    return met


def _both(words: list[str], allowed: set[str]) -> bool:
    met = _one(words, allowed)
    while words and words[0] == "AND":
        words.pop(0)
        met = _one(words, allowed) and met
    return met


def _one(words: list[str], allowed: set[str]) -> bool:
    word = words.pop(0)
    if word != "(":
        return word in allowed
    met = _either(words, allowed)
    words.pop(0)
    return met


def main() -> None:
    """Prints what is refused, and ends with 1 if there is any."""
    packages = read()
    lines = refused(packages)
    for line in lines:
        print(line)
    unknown = sum(each.licence == UNKNOWN for each in packages)
    print(f"{len(packages)} packages, {len(lines)} refused, {unknown} unknown.")
    sys.exit(bool(lines))


if __name__ == "__main__":
    main()
