"""The bill of materials and the licences, from the locks."""

import re
from dataclasses import replace

import pytest
from release.licences import SHIPPED, TOOLS, accepted, refused
from release.locks import ROOT, read
from release.sbom import document


def test_everything_of_the_locks_is_in_the_bill_with_hash_and_licence() -> None:
    made = document(read())
    listed = {(each["name"], each["version"]) for each in made["components"]}
    for lock in ("runtime", "dev"):
        text = (ROOT / f"requirements/{lock}.txt").read_text()
        assert set(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE)) <= listed
    assert ("preact", "11.2.0") in listed
    assert len(made["components"]) > 250
    assert [each for each in made["components"] if not each["hashes"]] == []
    assert [each for each in made["components"] if not each["licenses"]] == []
    references = [each["bom-ref"] for each in made["components"]]
    assert len(set(references)) == len(references)


def test_what_is_shipped_is_told_from_what_builds() -> None:
    scopes = {each["name"]: each["scope"] for each in document(read())["components"]}
    shipped = ("aiohttp", "cryptography", "preact", "ts-mls")
    assert {scopes[name] for name in shipped} == {"required"}
    assert {scopes[name] for name in ("pytest", "mypy", "vite", "axe-core")} == {"excluded"}


def test_it_follows_from_the_source_alone() -> None:
    assert document(read()) == document(read())


def test_no_licence_is_refused() -> None:
    assert refused(read()) == []


def test_licences_that_are_not_accepted_are_found() -> None:
    packages = [each for each in read() if each.shipped][:3]
    for licence in ("GPL-2.0-only", "unknown", "MPL-2.0", "MIT AND SSPL-1.0", "SEE LICENSE IN x"):
        spoilt = [replace(packages[0], licence=licence), *packages[1:]]
        assert refused(spoilt) == [f"{packages[0].name} {packages[0].version}: {licence}"]


@pytest.mark.parametrize(
    ("expression", "shipped", "tools"),
    [
        ("MIT", True, True),
        ("MPL-2.0", False, True),
        ("Apache-2.0 OR BSD-3-Clause", True, True),
        ("GPL-2.0-only OR MIT", True, True),
        ("Apache-2.0 AND MIT", True, True),
        ("(MIT OR GPL-3.0-only) AND ISC", True, True),
        ("MIT AND (GPL-2.0-only OR SSPL-1.0)", False, False),
        ("MIT OR", False, False),
        ("(MIT", False, False),
        ("", False, False),
    ],
)
def test_expressions(expression: str, shipped: bool, tools: bool) -> None:
    assert (accepted(expression, SHIPPED), accepted(expression, TOOLS)) == (shipped, tools)
