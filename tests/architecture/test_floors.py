"""The floors hold, and a planted violation of each contract is reported.

The second half is the guard's own test: a contract that sees nothing would pass for ever.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

# contract, file that breaks it, the line that does
VIOLATIONS = [
    ("floors", "core/crypto/planted.py", "import segel.server"),
    ("floors", "server/planted.py", "import segel.apps"),
    ("floors", "server/planted.py", "import segel.testing"),
    ("floors", "server/planted.py", "import segel.client"),
    ("floors", "client/planted.py", "import segel.server"),
    ("floors", "core/mls/planted.py", "import segel.client"),
    ("inside the core", "core/crypto/planted.py", "import segel.core.media"),
    ("inside the core", "core/media/planted.py", "import segel.core.wire"),
    ("core is sans-IO", "core/wire/planted.py", "import asyncio"),
    ("core is sans-IO", "core/media/planted.py", "import time"),
    ("core is sans-IO", "core/media/planted.py", "from os import urandom"),
    ("the server cannot read", "server/planted.py", "import segel.core.media.sframe"),
    ("primitives live in core.crypto", "core/media/planted.py", "import cryptography"),
    ("primitives live in core.crypto", "core/wire/planted.py", "import nacl.signing"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package and its configuration, to spoil."""
    ignored = shutil.ignore_patterns("static", "__pycache__")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run lint-imports on the package in `tree`, not on the installed one."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200"}
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache", "--no-logo"],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_floors_hold(tree: Path) -> None:
    run = lint(tree)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize(("contract", "file", "line"), VIOLATIONS)
def test_a_planted_violation_is_reported(tree: Path, contract: str, file: str, line: str) -> None:
    (tree / "src/segel" / file).write_text(line + "\n")
    run = lint(tree)
    module = "segel." + file.removesuffix(".py").replace("/", ".")
    assert run.returncode == 1, run.stdout
    assert f"{contract} BROKEN" in run.stdout
    assert module in run.stdout
