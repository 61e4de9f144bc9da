"""The locks install what pyproject.toml asks for, name no registry and prove what they install."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NAMED = re.compile(r"^([a-z0-9][a-z0-9._-]*)", re.MULTILINE)


def test_the_package_asks_for_what_the_locks_were_made_from() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    runtime, terminal = (
        NAMED.findall((ROOT / f"requirements/{name}.in").read_text())
        for name in ("runtime", "terminal")
    )
    assert project["dependencies"] == runtime
    assert project["optional-dependencies"]["terminal"] == terminal


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_python_lock_names_no_address_and_hashes_everything(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    entries = [part for part in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE) if part.strip()]
    assert len(entries) > 8
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_each_lock_holds_the_smaller_one() -> None:
    runtime, terminal, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE))
        for name in ("runtime", "terminal", "dev")
    )
    assert runtime <= terminal <= dev


def test_the_web_lock_names_no_address_and_hashes_everything() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text())
    fetched = {
        path: entry
        for path, entry in lock["packages"].items()
        if "node_modules/" in path and not entry.get("link", False)
    }
    assert len(fetched) > 50
    assert [path for path, entry in fetched.items() if "integrity" not in entry] == []
    assert [path for path, entry in fetched.items() if "://" in entry.get("resolved", "")] == []
