"""docs/commands.md: what each command says of itself. `python -m segel.apps.manual` prints it."""

import click

from segel.apps.cli import main
from segel.apps.client.opening import Status

_WIDTH = 100
_MEANING = {
    Status.DONE: "done",
    Status.FAILED: "failed: the line on standard error says why, and what to do",
    Status.WRONG_USE: "wrong use: the arguments cannot be meant so",
    Status.NOT_LET_IN: "not let in, or taken out",
    Status.NOT_REACHED: "the server was not reached",
    Status.ALARM: "an alarm: something happened that must never happen, or the digits are others",
    Status.INTERRUPTED: "interrupted by Ctrl-C or a signal, after saying goodbye",
}
_EVENTS = {
    "link": "`link`: of the meeting that was started",
    "waiting": "`for`: nobody-there or for-answer",
    "in": "`link`, `people`",
    "said, changed, sent": "`id`, `account`, `name`, `you`, `at` (seconds of Unix time), `text`, "
    "`file` (`name`, `size`, `type`, `expires`, or null), `reply_to`, `edited`, `deleted`, "
    "`reactions` (accounts by sign), `delivery`",
    "came, left, moved, person": "`account`, `name`, `you`, `host`, `present`, `microphone`, "
    "`camera`, `hand`",
    "rekeyed": "`epoch`: the digits are others from now on",
    "knocked": "`account`, `name`: who waits for a host",
    "saved": "`id`, `path`, `size`",
    "code": "`code`, `epoch`, and of `verify` `why`",
    "compared": "`equal`",
    "connection": "`online`",
    "asked": "`what` (mute, lower-hand), `by`",
    "alarm": "`kind`, `detail`",
    "ended": "`reason`, `detail`: the last",
}


def manual() -> str:
    """The page."""
    parts = ["# Commands", "Made from the program by `make docs`.", _block(main, "segel")]
    parts += ["## Exit statuses of the commands in a meeting"]
    parts += ["\n".join(f"- **{int(each)}**: {meaning}" for each, meaning in _MEANING.items())]
    parts += ["## What `--json` prints in a meeting"]
    parts += ["One object a line, in ASCII; `event` says what it is, and what else is in it:"]
    parts += ["\n".join(f"- **{event}**: {fields}" for event, fields in _EVENTS.items())]
    for names in main.sections.values():
        for name in names:
            parts += _of(main.commands[name], f"segel {name}")
    return "\n\n".join(parts) + "\n"


def _of(command: click.Command, path: str) -> list[str]:
    parts = [f"## {path}", _block(command, path)]
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            parts += _of(inner, f"{path} {name}")
    return parts


def _block(command: click.Command, path: str) -> str:
    return f"```\n{shown_help(command, path)}\n```"


def shown_help(command: click.Command, path: str) -> str:
    """What `--help` prints on a terminal of 100 columns."""
    context = click.Context(
        command, info_name=path, terminal_width=_WIDTH, max_content_width=_WIDTH
    )
    context.help_option_names = ["-h", "--help"]
    lines = command.get_help(context).splitlines()
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    print(manual(), end="")
