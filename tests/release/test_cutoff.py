"""Every dependency was at least a week old when it was taken, unless a reason is given."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from release.cutoff import FILE, stated, wrong
from release.locks import ROOT, read

LATER = datetime(2099, 1, 1, tzinfo=UTC)


def committed() -> datetime:
    """When the statement was last committed; skips where git does not say."""
    command = ["git", "log", "-1", "--format=%cI", "--", str(FILE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        pytest.skip("not a clone, or not committed yet")
    return datetime.fromisoformat(done.stdout.strip())


def test_the_locks_are_a_week_old_and_as_they_were_made() -> None:
    assert wrong(stated(), read(), committed()) == []


def test_what_is_younger_or_changed_by_hand_is_found() -> None:
    packages = read()
    statement = stated()
    before = datetime.fromisoformat(statement["before"])
    assert wrong(statement, packages, LATER) == []
    assert len(wrong(statement, packages, before + timedelta(days=6))) == 1
    assert len(wrong(statement, packages[1:], LATER)) == 1
    name = packages[0].name
    assert wrong(statement | {"sooner": {name: "a flaw"}}, packages, LATER) == []
    assert len(wrong(statement | {"sooner": {name: "", "gone": "x"}}, packages, LATER)) == 2
