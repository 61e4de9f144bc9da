"""The requirements as a page: `python -m tests.core.mls.requirements.page`."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from segel.core.mls.requirement import REQUIREMENTS, Requirement

from . import joins, leaves, messages, paths, proposals, successions

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs/requirements/mls.md"
PARTS = (leaves, messages, proposals, paths, joins, successions)

_HEAD = """# What a member verifies before it believes

Each MUST of RFC 9420 that a receiver can check: its id (the section, a slash and a word, which an
error names), the one function that decides it, and the case that breaks it and nothing before it.
`tests/core/mls/requirements/test_each.py` runs each case twice: with the guard, where it must be
refused by that id, and without it, where it must not be. Printed by `make docs`, and compared by
`tests/core/mls/requirements/test_page.py`; never edited by hand.

| requirement | what must hold | decided by | broken by |
|---|---|---|---|
"""


def page() -> str:
    """The whole page in Markdown."""
    return _HEAD + "".join(map(_row, sorted(REQUIREMENTS.values(), key=_place)))


def _row(requirement: Requirement[...]) -> str:
    module, name = next(_names(requirement))
    code = f"src/{module.__name__.replace('.', '/')}.py"
    (part,) = (
        each for each in PARTS if any(case.requirement == requirement.id for case in each.CASES)
    )
    test = f"tests/{part.__name__.rpartition('tests.')[2].replace('.', '/')}.py"
    return f"| `{requirement.id}` | {requirement.text} | `{code}::{name}` | `{test}` |\n"


def _names(requirement: Requirement[...]) -> Iterator[tuple[ModuleType, str]]:
    """Where the requirement is declared, and under which name."""
    for module in [each for name, each in sys.modules.items() if name.startswith("segel.core.mls")]:
        for name, value in vars(module).items():
            if value is requirement and _declares(module, name):
                yield module, name


def _declares(module: ModuleType, name: str) -> bool:
    text = Path(str(module.__file__)).read_text()
    return f"def {name}(" in text or f"\n{name} = attempt(" in text


def _place(requirement: Requirement[...]) -> tuple[list[int], str]:
    section, _, word = requirement.id.partition("/")
    return [int(number) for number in section.split(".")], word


if __name__ == "__main__":
    print(page(), end="")
