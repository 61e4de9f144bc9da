"""What a bench starts ends with it, whatever ends the bench."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

STARTED = {
    "delivery": """
import asyncio, bench.delivery as bench
async def measure(server):
    print(server.process.pid, flush=True)
    {then}
bench.measure = measure
""",
    "footprint": """
import bench.footprint as bench
def memory(pid):
    print(pid, flush=True)
    {then}
bench.measure_download = bench.subprocess.run = lambda *_, **__: None
bench.memory = memory
""",
    "sfu, sendto": """
import asyncio, bench.sfu as bench
async def pace(send, seconds):
    print(*bench.children(), flush=True)
    {then}
bench.pace = pace
""",
    "sfu, relay": """
import asyncio, bench.sfu as bench
async def floor():
    return bench.Cost(1.0, 1)
async def pace(send, seconds):
    print(*bench.children(), flush=True)
    {then}
bench.measure_floor, bench.pace = floor, pace
""",
}
"""Each bench up to where it measures: there it says what it has started."""


def until_measuring(name: str, then: str) -> tuple[subprocess.Popen[str], list[int]]:
    """A bench that does `then` in place of its measurement, and the processes it has started."""
    code = STARTED[name].format(then=then) + "bench.main()"
    bench = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert bench.stdout is not None
    pids = [int(pid) for pid in bench.stdout.readline().split()]
    assert pids
    return bench, pids


def assert_gone(pids: list[int]) -> None:
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@pytest.mark.parametrize("name", STARTED)
def test_sigterm_ends_what_a_bench_started(name: str) -> None:
    stay = "import time; time.sleep(60)" if name == "footprint" else "await asyncio.sleep(60)"
    bench, pids = until_measuring(name, stay)
    with bench:
        bench.terminate()
        assert bench.wait(20) == 128 + signal.SIGTERM
    assert_gone(pids)


@pytest.mark.parametrize("name", STARTED)
def test_an_error_ends_what_a_bench_started(name: str) -> None:
    bench, pids = until_measuring(name, "raise RuntimeError")
    with bench:
        assert bench.wait(20) == 1
    assert_gone(pids)


@pytest.fixture
def npx(tmp_path: Path) -> Path:
    """Stands in for the browsers: leaves a process behind that holds `held` open while it lives."""
    os.mkfifo(tmp_path / "held")
    script = f'#!/bin/sh\nexec 3>"{tmp_path}/held"\nsleep 60 >/dev/null &\n$THEN\n'
    (tmp_path / "npx").write_text(script)
    (tmp_path / "npx").chmod(0o700)
    return tmp_path


@pytest.mark.parametrize(("then", "status"), [("wait", 143), ("exit 1", 1)])
def test_the_bench_of_meetings_ends_all_that_the_browsers_leave(
    npx: Path, then: str, status: int
) -> None:
    environment = {**os.environ, "PATH": f"{npx}:{os.environ['PATH']}", "THEN": then}
    with (
        subprocess.Popen(
            [sys.executable, "-m", "bench.meeting"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as bench,
        open(npx / "held", "rb") as held,
    ):
        if then == "wait":
            bench.terminate()
        assert bench.wait(20) == status
        # The end of the file comes when the last who could write is gone.
        assert select.select([held], [], [], 20)[0]
        assert held.read() == b""


def test_sigterm_that_comes_while_a_program_is_started_ends_it_too() -> None:
    code = """
import signal, subprocess, bench.children as children
class Interrupted(subprocess.Popen):
    def __init__(self, *arguments, **settings):
        super().__init__(*arguments, **settings)
        print(self.pid, flush=True)
        signal.raise_signal(signal.SIGTERM)
subprocess.Popen = Interrupted
children.end_on_sigterm()
with children.program(["sleep", "600"]):
    print("held back for good", flush=True)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert run.returncode == 128 + signal.SIGTERM, run.stderr
    assert_gone([int(run.stdout)])
