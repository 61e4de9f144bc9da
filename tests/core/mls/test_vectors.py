"""The working group's vectors (vectors/mls), through the same checks as `segel conformance mls`."""

import json
from pathlib import Path

import pytest

from segel.apps.conformance.kinds import kind_of

VECTORS = Path(__file__).parents[3] / "vectors/mls"
FILES = sorted(path.stem for path in VECTORS.glob("*.json"))
SUITES = set(range(1, 8))
SUITELESS = {"deserialization", "messages", "tree-math"}


@pytest.mark.parametrize("name", FILES)
def test_every_case_of_the_working_group_holds(name: str) -> None:
    cases = json.loads((VECTORS / f"{name}.json").read_text())
    kinds = set()
    for case in cases:
        kind, check = kind_of(case)
        kinds.add(kind)
        check(case)
    assert len(kinds) == 1
    if name not in {*SUITELESS, "tree-operations"}:
        assert {case["cipher_suite"] for case in cases} == SUITES
