"""Documents that point somewhere point at something that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bench/*.md")]
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")
TEST = re.compile(r"`((?:tests|web)/[\w./-]+)(?:::([^`]+))?`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


def test_attacks_name_tests_that_exist() -> None:
    """Each `file::name` in docs/attacks.md is a test: its name stands in the file."""
    named = TEST.findall((ROOT / "docs/attacks.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / file).exists() or name not in (ROOT / file).read_text(encoding="utf-8")
    ]
    assert missing == []
