"""Each requirement, broken by itself: refused by its id, and without its guard not by that."""

import pytest

from segel.core.mls.errors import Refused
from segel.core.mls.requirement import REQUIREMENTS

from . import joins, leaves, messages, paths, proposals, successions
from .forge import Case, Try

CASES = [
    case for part in (leaves, messages, proposals, paths, joins, successions) for case in part.CASES
]
ATTEMPTED = {
    "6.3.1/ciphertext",
    "6.3.2/sender-data",
    "7.3/tree-keys",
    "7.5/path-secret",
    "8.3/external-init",
    "12.4.3.1/group-info",
    "12.4.3.1/secrets",
}
"""Shown by an attempt that fails: without it there is nothing to go on with."""


def name_of(case: Case) -> str:
    return case.requirement


def refused_by(attempt: Try) -> str | None:
    """The requirement that it was refused by; None where it succeeds, or goes wrong otherwise: what
    a guard lets through may be more than what comes after it can take.
    """
    try:
        attempt()
    except Refused as error:
        return error.requirement
    except Exception:
        return None
    return None


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_what_breaks_it_is_refused_by_its_id(case: Case) -> None:
    attempt = case.forge()
    with pytest.raises(Refused) as told:
        attempt()
    assert told.value.requirement == case.requirement


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.requirement not in ATTEMPTED], ids=name_of
)
def test_without_its_guard_it_is_not(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = case.forge()
    monkeypatch.setattr(REQUIREMENTS[case.requirement], "holds", lambda *told, **more: True)
    assert refused_by(attempt) != case.requirement


def test_there_is_one_case_for_each() -> None:
    assert sorted(case.requirement for case in CASES) == sorted(REQUIREMENTS)
