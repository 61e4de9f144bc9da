"""What the documents say of the commands is what the commands say of themselves."""

import os
from pathlib import Path

from segel.apps.cli import main
from segel.apps.manual import manual, shown_help

from .conftest import segel

_ROOT = Path(__file__).parents[2]


def test_the_readme_has_the_help_as_it_is() -> None:
    assert f"```\n{shown_help(main, 'segel')}\n```" in (_ROOT / "README.md").read_text()


def test_each_commands_help_is_in_the_documents() -> None:
    assert (_ROOT / "docs/commands.md").read_text() == manual(), "run `make docs`"


def test_the_program_prints_that_help() -> None:
    asked = segel("--help", **{**os.environ, "COLUMNS": "104"})
    told = "\n".join(line.rstrip() for line in asked.stdout.splitlines()[1:])
    assert told == shown_help(main, "segel").partition("\n")[2]
    assert asked.returncode == 0


def test_each_command_stands_in_one_section_of_the_help() -> None:
    named = [name for names in main.sections.values() for name in names]
    assert sorted(named) == sorted(main.commands)


def test_each_command_in_a_meeting_teaches_by_examples() -> None:
    for name in main.sections["In a meeting"]:
        assert f"\n      segel {name} " in shown_help(main.commands[name], f"segel {name}")
