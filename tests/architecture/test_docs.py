"""Documents that point somewhere point at something that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
NAMED = re.compile(r"(?<![\w/.`-])([a-z]+\.md)\b")
PYTHON = re.compile(r"^ *(?:async )?def ((test_)\w+)", re.M)
TABLE = r"\](?: as const)?\)"  # the end of a table that is given to test.each
TYPESCRIPT = re.compile(
    rf"""(?:\b(?:test|it)(?:\.each\([^\n]*\))?|{TABLE})\(\s*(["'`])((?:\\.|(?!\1).)*)\1"""
)
TEST = re.compile(r"`((?:tests|web)/[\w./-]+)(?:::([^`]+))?`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def _titles(file: str) -> list[str]:
    """What the tests of a file are called."""
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        return [name for name, _ in PYTHON.findall(text)]
    return [title.replace("\\", "") for _, title in TYPESCRIPT.findall(text)]


def test_attacks_name_tests_that_exist() -> None:
    """Each `file::name` in docs/attacks.md is a test, by its whole name."""
    named = TEST.findall((ROOT / "docs/attacks.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or (name and name not in _titles(file))
    ]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_that_are_named_are_here(document: Path) -> None:
    named = NAMED.findall(document.read_text(encoding="utf-8"))
    known = {path.name for path in DOCUMENTS}
    assert [name for name in named if name not in known] == []
