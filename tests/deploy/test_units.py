"""The systemd units hold together, fence the server in, and let it work."""

import subprocess
import tomllib
from pathlib import Path

import pytest

from segel.testing.server_process import ServerProcess

from .proxies import DEPLOY

PROGRAM = "/opt/segel/bin/segel"
NO_NEW_CODE = "import ctypes; assert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0"
"""PR_SET_MDWE: what MemoryDenyWriteExecute= asks of a process, by the kernel (6.3 or later)."""


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is there."""
    for unit in DEPLOY.glob("segel*.*"):
        if unit.suffix in (".service", ".timer"):
            text = unit.read_text().replace(PROGRAM, "/bin/true")
            (tmp_path / unit.name).write_text(text)
    return tmp_path


def test_systemd_takes_them(units: Path) -> None:
    files = sorted(map(str, units.iterdir()))
    assert len(files) == 3
    done = analyze("verify", "--man=no", *files)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("unit", ["segel.service", "segel-backup.service"])
def test_they_are_fenced_in(units: Path, unit: str) -> None:
    """An exposure of at most 1.5 of 10, as systemd counts it; without the fence it is above 9."""
    file = units / unit
    done = analyze("security", "--offline=true", "--threshold=15", str(file))
    assert done.returncode == 0, done.stdout
    file.write_text("[Service]\nExecStart=/bin/true\n")
    done = analyze("security", "--offline=true", "--threshold=90", str(file))
    assert done.returncode == 1


def test_the_relay_still_needs_memory_that_is_written_and_run(tmp_path: Path) -> None:
    """Where this fails, segel.service can have MemoryDenyWriteExecute= at last."""
    with ServerProcess(tmp_path / "data", sabotage=NO_NEW_CODE) as server:
        assert server.get("/v1/server")
        assert "relay_failed" in server.log.read_text()


def test_the_settings_are_some_that_segel_knows(tmp_path: Path) -> None:
    settings = tomllib.loads((DEPLOY / "segel.toml").read_text())
    assert settings["host"] == "127.0.0.1"
    file = str(DEPLOY / "segel.toml")
    # Ports stand above the file's: those may be taken here.
    with ServerProcess(tmp_path / "data", "--config", file) as server:
        assert settings["operator"].encode() in server.get("/v1/server")
