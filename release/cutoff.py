"""`python -m release.cutoff BEFORE`: states that the locks hold nothing that was released later.

`make lock` writes it with the moment that it gave to uv and npm. A lock that was changed by another
way no longer fits what is stated, and tests/release/test_cutoff.py says so.
"""

import json
import sys
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from release.locks import ROOT, Package, read

FILE = ROOT / "requirements/cutoff.json"
QUARANTINE = timedelta(days=7)


def fingerprint(packages: list[Package]) -> str:
    """SHA-256 in hex over every package of others and its files' hashes."""
    lines = (f"{each.url} {each.hashes}\n" for each in packages)
    return sha256("".join(lines).encode()).hexdigest()


def stated(file: Path = FILE) -> dict[str, Any]:
    """`before` (ISO 8601, UTC); `sooner`: packages that were taken sooner, with why; `locks`."""
    found: dict[str, Any] = json.loads(file.read_text())
    return found


def wrong(statement: dict[str, Any], packages: list[Package], changed: datetime) -> list[str]:
    """What does not hold; `changed` is when the statement was committed."""
    lines = []
    if statement["locks"] != fingerprint(packages):
        lines.append("the locks were not made by `make lock`, which states their day")
    if changed - datetime.fromisoformat(statement["before"]) < QUARANTINE:
        lines.append(f"{statement['before']} is not {QUARANTINE.days} days before {changed}")
    named = {each.name for each in packages}
    lines += [
        f"{name} is taken sooner, and {'has no reason' if name in named else 'is in no lock'}"
        for name, why in statement["sooner"].items()
        if name not in named or not why
    ]
    return lines


def main() -> None:
    """Writes the statement. What was taken sooner no longer is, once all is resolved anew."""
    statement = {"before": sys.argv[1], "sooner": {}, "locks": fingerprint(read())}
    FILE.write_text(json.dumps(statement, indent=1) + "\n")


if __name__ == "__main__":
    main()
