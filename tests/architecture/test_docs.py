"""Documents that point somewhere point at something that is there."""

import re
from pathlib import Path

import pytest

from segel.apps.cli import serve_command
from segel.server.ledger.ledger import ledger, summary

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
NAMED = re.compile(r"(?<![\w/.`-])([a-z]+\.md)\b")
PATH = re.compile(r"(?<![\w/.:@-])((?:\.?[a-z][\w-]*/)+[\w.-]*\w)")
TOP = ("docs", "vectors", "src", "tests", "web", "bench", "requirements")
KINDS = (".py", ".ts", ".tsx", ".json", ".sdp", ".md", ".txt")
BASES = ("", "src/segel", "web", "web/packages", "web/packages/client", "web/packages/client/src")
"""Where a path may begin: at the top, or in the package that the text is about."""
SECTION = re.compile(
    r"\b(wire|delivery|meeting|media|blobs|files)\.md (\d+)(?:[-, ]+(?:and )?(\d+)\b)?"
)
SOURCES = [
    *ROOT.glob("src/**/*.py"),
    *ROOT.glob("tests/**/*.py"),
    *ROOT.glob("web/packages/*/src/**/*.ts"),
    *ROOT.glob("web/e2e/*/*.ts"),
]
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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_that_are_named_are_here(document: Path) -> None:
    """A path with a file's ending, or that begins with one of our folders."""
    named = [
        path
        for path in PATH.findall(document.read_text(encoding="utf-8"))
        if (path.endswith(KINDS) or path.split("/")[0] in TOP) and "NNNN" not in path
    ]
    bases = [*(ROOT / base for base in BASES), document.parent]
    assert [path for path in named if not any((base / path).exists() for base in bases)] == []


def test_sections_that_are_named_are_here() -> None:
    """`meeting.md 5`, in documents and in comments, is a section of that document."""
    sections = {
        path.stem: set(re.findall(r"^## (\d+)\.", path.read_text(encoding="utf-8"), re.M))
        for path in ROOT.glob("docs/protocol/*.md")
    }
    missing = [
        f"{path.relative_to(ROOT)}: {name}.md {number}"
        for path in [*DOCUMENTS, *SOURCES]
        for name, *numbers in SECTION.findall(path.read_text(encoding="utf-8"))
        for number in numbers
        if number and number not in sections[name]
    ]
    assert missing == []


def test_operators_are_told_of_every_setting() -> None:
    """Each option of `segel serve` has its place in a row of the table."""
    text = (ROOT / "docs/operators.md").read_text("utf-8")
    rows = "\n".join(line for line in text.splitlines() if line.startswith("| `"))
    options = {each.name or "" for each in serve_command.params} - {"config"}
    assert {name for name in options if f"`{name}`" not in rows} == set()


def test_attacks_quote_what_the_door_says() -> None:
    quotes = re.findall(r'"(In memory [^"]*)"', (ROOT / "docs/attacks.md").read_text("utf-8"))
    assert quotes
    said = [each["what"] for each in summary(ledger())]
    assert [quote for quote in quotes if not any(quote in what for what in said)] == []


def test_examples_in_hex_stand_in_vectors() -> None:
    """Every run of 16 digits or more in docs/protocol is a part of a vector's value."""
    vectors = "\n".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("vectors/*/*.json")
    ).lower()
    shown = [
        digits
        for path in ROOT.glob("docs/protocol/*.md")
        for digits in re.findall(r"\b[0-9a-f]{16,}\b", path.read_text(encoding="utf-8"))
    ]
    assert len(shown) > 10
    assert [digits for digits in shown if digits not in vectors] == []
