"""Standard output that nobody reads (any longer), or that is full."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from segel.testing.server_process import COMMAND, ServerProcess

from .conftest import Done, segel


@contextmanager
def unread() -> Iterator[int]:
    """A pipe's writing end whose reader is gone."""
    reading, writing = os.pipe()
    os.close(reading)
    yield writing
    os.close(writing)


@contextmanager
def full() -> Iterator[int]:
    """A file that takes nothing."""
    with open("/dev/full", "wb") as file:
        yield file.fileno()


def segel_to(output: int, *arguments: str | Path) -> Done:
    """Runs a command that writes there."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdout=output,
        stderr=subprocess.PIPE,
        text=True,
        timeout=20,
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder on which a server has run."""
    folder = tmp_path_factory.mktemp("served") / "data"
    with ServerProcess(folder) as server:
        assert server.stop() == 0
    assert segel("invitation", "new", "--data", folder).returncode == 0
    return folder


@pytest.mark.parametrize("command", ["--help", "--version", "serve --help", "invitation --help"])
def test_help_that_nobody_reads_ends_without_a_word(command: str) -> None:
    with unread() as output:
        done = segel_to(output, *command.split())
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("command", ["new", "list"])
def test_invitations_that_nobody_reads_end_without_a_word(data: Path, command: str) -> None:
    with unread() as output:
        done = segel_to(output, "invitation", command, "--data", data)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize("command", ["serve --help", "invitation list --data"])
def test_a_full_output_is_told_as_what_it_is(data: Path, command: str) -> None:
    with full() as output:
        done = segel_to(output, *command.split(), *([data] if "--data" in command else []))
    assert done.returncode == 1
    assert done.stderr == "segel: The system refused: [Errno 28] No space left on device.\n"


@pytest.mark.parametrize("opened", [unread, full])
def test_a_server_serves_though_nobody_reads_it(
    tmp_path: Path, opened: Callable[[], AbstractContextManager[int]]
) -> None:
    with opened() as output:
        assert events_of_a_life(tmp_path, COMMAND, output) == [
            "relay_started",
            "started",
            "stopping",
            "stopped",
        ]


def test_a_server_serves_without_any_output(tmp_path: Path) -> None:
    closed = ["sh", "-c", 'exec "$0" "$@" >&-', *COMMAND]
    events = events_of_a_life(tmp_path, closed, subprocess.DEVNULL)
    assert events == ["relay_started", "started", "stopping", "stopped"]


def events_of_a_life(tmp_path: Path, command: list[str], output: int) -> list[str]:
    """What a server that writes there logs until it has been stopped."""
    free = ["serve", "--port", "0", "--media-port", "0", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        [*command, *free], stdout=output, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        first = server.stderr.readline()
        server.terminate()
        rest = server.stderr.readlines()
    assert server.returncode == 0
    return [json.loads(line)["event"] for line in (first, *rest)]


@pytest.mark.parametrize("opened", [unread, full])
def test_a_server_whose_log_nobody_reads_ends_as_always(
    tmp_path: Path, opened: Callable[[], AbstractContextManager[int]]
) -> None:
    free = ["serve", "--port", "0", "--media-port", "0", "--data", str(tmp_path / "data")]
    with (
        opened() as log,
        subprocess.Popen([*COMMAND, *free], stdout=subprocess.PIPE, stderr=log) as server,
    ):
        assert server.stdout is not None
        assert server.stdout.readline().startswith(b"segel: serving ")
        server.terminate()
        server.stdout.read()
    assert server.returncode == 0
