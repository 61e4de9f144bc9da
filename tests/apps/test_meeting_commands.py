"""The commands of a meeting, as programs against a real server."""

import json
import os
import pty
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import pytest

from segel.testing.server_process import COMMAND, MAIN, ServerProcess

from .conftest import segel

WITHIN = 15.0
"""Seconds after which what was waited for is a failure."""
ESCAPE = "\x1b]0;owned\x07\x1b[31m\x9b2J\u202e"
"""Sets a terminal's title, its colour, clears it, and turns the writing around."""
NOBODY = "http://127.0.0.1:1/m#AQHk1jc09zQmdi96NPeEFWy0"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


class Running:
    """A command that runs, with pipes. What it prints is one stream."""

    def __init__(self, *arguments: str, sabotage: str = "") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"{sabotage}\n{MAIN}", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.seen = ""
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def until(self, what: str) -> str:
        """The first line from here on that has this in it."""
        while line := self._lines.get(timeout=WITHIN):
            self.seen += line
            if what in line:
                return line.rstrip("\n")
        raise AssertionError(f"no {what!r} in {self.seen!r}")

    def enter(self, line: str) -> None:
        """A line on its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def end(self) -> int:
        """Closes its input; its status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.over()

    def over(self) -> int:
        """Its status, once it ends by itself."""
        status = self.process.wait(WITHIN)
        self._reader.join(WITHIN)
        while line := self._lines.get(timeout=WITHIN):
            self.seen += line
        return status

    def __enter__(self) -> "Running":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(WITHIN)
        self._reader.join(WITHIN)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def meet(server: ServerProcess, *flags: str) -> tuple[Running, str]:
    """Ada in a new meeting, and its link."""
    ada = Running("meet", server.url, "--name", "Ada", *flags)
    return ada, ada.until("http")


def test_people_meet_by_lines_and_a_host_rules(server: ServerProcess, tmp_path: Path) -> None:
    ada, link = meet(server, "--door", "lobby")
    note = tmp_path / "note.txt"
    note.write_text("bread")
    with ada, Running("join", link, "--name", "Ben") as ben:
        assert ada.seen.startswith("http")
        ben.until("Waiting to be let in")
        ada.until("Ben waits to be let in")
        ada.enter("/admit")
        ben.until("You are in, with Ada")
        ada.enter("Who brings bread?")
        ben.until("Ada: Who brings bread?")
        ben.enter(f"/file {note}")
        ada.until("Ben: gives note.txt (5 bytes): /save 1")
        ada.enter(f"/save 1 {tmp_path}")
        ada.until("note (2).txt is saved")
        assert (tmp_path / "note (2).txt").read_text() == "bread"
        ben.enter("/kick Ada")
        ben.until("Only a host may do this")
        ada.enter("/kick ben")
        assert ben.over() == 3
        assert "segel: A host took you out of the meeting." in ben.seen
        assert ada.end() == 0


def test_a_file_and_a_text_reach_who_receives(server: ServerProcess, tmp_path: Path) -> None:
    ada, link = meet(server, "--stay")
    report, inbox = tmp_path / "report.txt", tmp_path / "inbox"
    report.write_bytes(bytes(range(256)) * 20_000)
    with ada, Running("receive", link, "--to", str(inbox), "--files", "2", "--name", "Rec") as rec:
        rec.until("You are in")
        sent = subprocess.run(
            [*COMMAND, "send", link, "A word", str(report), "-", "--as", "input.bin"],
            input=b"piped",
            capture_output=True,
            timeout=WITHIN,
            check=False,
        )
        assert (sent.returncode, sent.stdout) == (0, b""), sent.stderr
        rec.until("A word")
        assert rec.end() == 0
        assert (inbox / "report.txt").read_bytes() == report.read_bytes()
        assert (inbox / "input.bin").read_bytes() == b"piped"
        assert sorted(each.name for each in inbox.iterdir()) == ["input.bin", "report.txt"]


def test_what_others_write_gives_a_terminal_no_orders(server: ServerProcess) -> None:
    ada, link = meet(server, "--stay")
    bare = "import segel.apps.client.plain as plain; plain._replaced = str"
    with (
        ada,
        Running("join", link, "--name", "Ben", "--stay", "--json") as ben,
        Running("join", link, "--name", "Cleo", "--stay", sabotage=bare) as unguarded,
    ):
        ben.until('"event": "in"')
        unguarded.until("You are in")
        said = segel("send", link, f"{ESCAPE}one\n* Ada is gone.", "--name", f"Eve{ESCAPE}")
        assert said.returncode == 0
        ada.until("one")
        assert "\n    * Ada is gone." in ada.seen + ada.until("Ada is gone")
        told = json.loads(ben.until('"event": "said"'))
        assert told["text"] == f"{ESCAPE}one\n* Ada is gone."
        orders = set("\x1b\x07\x9b\u202e")
        for seen in (ada.seen, ben.seen):
            assert not orders & set(seen)
        unguarded.until("one")
        assert orders & set(unguarded.seen)


def test_the_roster_and_the_digits_are_those_of_the_others(server: ServerProcess) -> None:
    ada, link = meet(server, "--door", "open")
    with ada:
        listed = segel("roster", link, "--json", "--name", "Ben")
        assert listed.returncode == 0
        records = [json.loads(line) for line in listed.stdout.splitlines()]
        people = [each for each in records if each["event"] == "person"]
        assert [(who["name"], who["host"]) for who in people] == [("Ben", False), ("Ada", True)]
        ada.until("Ben is gone")
        for name, right in (("Cleo", True), ("Dan", False)):
            with Running("verify", link, "--name", name) as cleo:
                cleo.until("New digits, since you came in")
                ada.until(f"{name} is here")
                ada.enter("/code")
                digits = ada.until("* ").removeprefix("* ")
                cleo.enter(digits if right else digits[::-1])
                assert cleo.over() == (0 if right else 5)
                assert ("The same digits" in cleo.seen) == right
            ada.until(f"{name} is gone")


def test_ctrl_c_says_goodbye_within_two_seconds(server: ServerProcess) -> None:
    ada, link = meet(server, "--stay")
    with ada, Running("receive", link, "--name", "Ben") as ben:
        ben.until("You are in")
        ada.until("Ben is here")
        began = time.monotonic()
        ben.process.send_signal(signal.SIGINT)
        assert ben.over() == 130
        ada.until("Ben is gone")
        assert time.monotonic() - began < 2
        assert "Traceback" not in ben.seen
        assert "Aborted" not in ben.seen


def test_each_way_to_fail_has_its_status_and_its_line(
    server: ServerProcess, tmp_path: Path
) -> None:
    ada, link = meet(server, "--door", "open")
    key, wrong = tmp_path / "key", tmp_path / "wrong"
    key.write_text("correct horse\n")
    wrong.write_text("battery staple\n")
    vault = ("--vault", str(tmp_path / "ada.segel"), "--passphrase-file")
    with ada:
        ada.enter("/lock")
        ada.until("Nobody new comes in")
        locked = segel("roster", link)
        assert (locked.returncode, "The meeting is locked" in locked.stderr) == (3, True)
        assert segel("roster", link[:-3]).returncode == 2
        assert segel("send", link, "./missing.pdf").returncode == 2
        assert "no text to send" in segel("send", link, "").stderr
        nobody = segel("send", NOBODY, "hello")
        assert nobody.returncode == 4
        assert nobody.stderr.count("\n") == 1
        stranger = f"{server.url}/m#AQHk1jc09zQmdi96NPeEFWy0"
        assert segel("roster", stranger).returncode == 3
        with Running("meet", server.url, *vault, str(key)) as owner:
            owner.until("http")
            used = segel("roster", link, *vault, str(key))
            assert used.returncode == 1
            assert "is open in another program" in used.stderr
            assert owner.end() == 0
        told = segel("roster", link, *vault, str(wrong))
        assert (told.returncode, told.stderr.count("\n")) == (1, 1)
        assert "does not open the vault" in told.stderr


def test_a_passphrase_is_asked_for_on_the_terminal_and_not_shown(tmp_path: Path) -> None:
    vault = tmp_path / "new.segel"
    child, terminal = pty.fork()
    if child == 0:
        os.execv(COMMAND[0], [*COMMAND, "roster", NOBODY, "--vault", str(vault)])  # noqa: S606 - the program itself
    seen = b""
    for question in (b"Passphrase for the new vault", b"Repeat for confirmation"):
        while question not in seen:
            seen += os.read(terminal, 4096)
        while not seen.rstrip(b" ").endswith(b":"):
            seen += os.read(terminal, 4096)
        os.write(terminal, b"correct horse\n")
    while b"not reached" not in seen:
        seen += os.read(terminal, 4096)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 4
    assert b"correct horse" not in seen
    assert vault.exists()


@pytest.mark.parametrize("colour", [True, False])
def test_colour_only_where_it_is_wanted(colour: bool) -> None:
    child, terminal = pty.fork()
    if child == 0:
        environment = {**os.environ, "NO_COLOR": "" if colour else "1"}
        os.execve(COMMAND[0], [*COMMAND, "keeps"], environment)  # noqa: S606 - the program itself
    seen = b""
    while b"In the log" not in seen:
        seen += os.read(terminal, 4096)
    os.close(terminal)
    os.waitpid(child, 0)
    assert (b"\x1b[" in seen) == colour


def test_ctrl_c_ends_the_question_for_the_passphrase(tmp_path: Path) -> None:
    child, terminal = pty.fork()
    if child == 0:
        vault = str(tmp_path / "new.segel")
        os.execv(COMMAND[0], [*COMMAND, "roster", NOBODY, "--vault", vault])  # noqa: S606
    seen = b""
    while b"new.segel:" not in seen:
        seen += os.read(terminal, 4096)
    os.write(terminal, b"\x03")
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
