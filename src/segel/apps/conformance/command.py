"""`segel conformance`: this implementation against vectors of others."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from segel.apps.conformance.kinds import UnknownKind, kind_of
from segel.apps.options import FILE
from segel.core.crypto.aead import AeadFailure
from segel.core.crypto.ed25519 import BadSignature
from segel.core.crypto.keys import InvalidKey
from segel.core.mls.errors import MlsError

# What a check raises where the case does not hold; a vector that lacks a field raises the last.
_FAILURES = (
    AssertionError,
    MlsError,
    AeadFailure,
    BadSignature,
    InvalidKey,
    StopIteration,
    LookupError,
    TypeError,
    ValueError,
)


@click.group("conformance")
def conformance_command() -> None:
    """Check this implementation against test vectors."""


@conformance_command.command("mls")
@click.argument("vectors", type=FILE, nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def mls_command(vectors: tuple[Path, ...], as_json: bool) -> None:
    """Check the MLS engine against VECTORS, files of the working group's form (RFC 9420).

    Each file is a JSON list of cases. What kind they are is told by their fields. One line is
    printed for each case; the exit status is 1 if any case fails, 2 if a file is no such list.

    \b
        segel conformance mls vectors/mls/*.json
    """
    failed = 0
    for path in vectors:
        for number, case in enumerate(_cases(path)):
            kind, why = _run(case)
            failed += why is not None
            _print(path, number, kind, case.get("cipher_suite"), why, as_json)
    if failed:
        click.echo(f"{failed} failed", err=True)
        sys.exit(1)


def _cases(path: Path) -> list[dict[str, Any]]:
    try:
        cases = json.loads(path.read_text())
    except ValueError:
        raise click.UsageError(f"{path} is not JSON.") from None
    cases = [cases] if isinstance(cases, dict) else cases
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise click.UsageError(f"{path} is not a list of cases.")
    return cases


def _run(case: dict[str, Any]) -> tuple[str, str | None]:
    """The case's kind, and why it failed."""
    try:
        kind, check = kind_of(case)
    except UnknownKind as error:
        return "unknown", str(error)
    try:
        check(case)
    except _FAILURES as error:
        return kind, f"{type(error).__name__}: {error}"
    return kind, None


def _print(
    path: Path, number: int, kind: str, suite: int | None, why: str | None, as_json: bool
) -> None:
    if as_json:
        line = {"file": path.name, "case": number, "kind": kind, "cipher_suite": suite}
        click.echo(json.dumps({**line, "passed": why is None, "why": why}))
        return
    about = f"{path.name} {number} {kind}" + ("" if suite is None else f" suite {suite}")
    click.echo(f"ok    {about}" if why is None else f"FAIL  {about}: {why}")
