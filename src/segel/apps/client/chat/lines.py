"""A message as lines of a terminal. What others wrote is text and nothing else: neither markup nor
an order to the terminal.
"""

from collections.abc import Callable
from datetime import datetime

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from segel.apps.client.plain import plain, plain_lines
from segel.apps.sizes import shown_size
from segel.client import Message
from segel.core.content.text import clean_name

INDENT = 7
"""Columns of the time."""
_QUOTED = 60
"""Characters of a message that an answer repeats."""
_SELECTOR = "\ufe0f"
_CONSOLE = Console(width=80, color_system=None)
_DELIVERY = {"sending": "sending", "sent": "sent", "failed": "NOT SENT"}

Find = Callable[[str], Message | None]


def clock(at: float) -> str:
    """The time of day, of seconds of Unix time."""
    return datetime.fromtimestamp(at).strftime("%H:%M")


def day(at: float) -> str:
    """The day, of seconds of Unix time."""
    return datetime.fromtimestamp(at).strftime("%A, %d %B %Y")


def called(message: Message) -> str:
    """Who said it."""
    if message.you:
        return "You"
    name = plain(clean_name(message.name))
    # Nobody else is to speak as oneself.
    return f"{name} ({message.account[:4]})" if name.casefold() == "you" else name


def summary(message: Message) -> str:
    """A line for a quote."""
    if message.deleted:
        return "(taken back)"
    text = plain(message.file.name if message.file is not None else message.text)
    return text if len(text) <= _QUOTED else f"{text[: _QUOTED - 1]}…"


def is_one_line(message: Message, width: int) -> bool:
    """Whether it surely fits on one line: most do, and need not be laid out to be counted."""
    text = message.text
    if message.reply_to or message.reactions or message.file or not text.isprintable():
        return False
    marks = 24  # the longest name of marks: edited, not sent
    return INDENT + cell_len(message.name) + 2 + cell_len(text) + marks <= width


def message_lines(message: Message, width: int, find: Find) -> list[Text]:
    """The message in lines of at most `width` columns."""
    room = max(10, width - INDENT)
    lines: list[Text] = []
    if message.reply_to is not None:
        lines.append(_quote(find(message.reply_to), room))
    style = "bold" if message.you else f"bold {_colour(message.account)}"
    head = Text.assemble((called(message), style), ": ")
    first, *more = _body(message)
    head.append_text(first)
    (more[-1] if more else head).append_text(_marks(message))
    for paragraph in (head, *more):
        lines.extend(_wrapped(paragraph, room))
    if message.reactions:
        # Terminals do not agree how wide a sign with a variation selector is.
        signs = (
            f"{plain(sign).replace(_SELECTOR, '')} {len(who)}"
            for sign, who in message.reactions.items()
        )
        lines.extend(_wrapped(Text("   ".join(signs), "dim"), room))
    start = Text.assemble((clock(message.at), "dim"), "  ")
    return [
        Text.assemble(start if number == 0 else " " * INDENT, line)
        for number, line in enumerate(lines)
    ]


def note_lines(text: str, width: int, style: str = "dim italic") -> list[Text]:
    """What happened, between the messages."""
    room = max(10, width - INDENT)
    return [Text.assemble(" " * INDENT, line) for line in _wrapped(Text(plain(text), style), room)]


def _body(message: Message) -> list[Text]:
    if message.deleted:
        return [Text("(taken back)", "dim italic")]
    if (file := message.file) is not None:
        name, size = plain(file.name), shown_size(file.size)
        return [Text.assemble("[file] ", (name, "underline"), (f"  {size}", "dim"))]
    return [Text(line) for line in plain_lines(message.text)]


def _marks(message: Message) -> Text:
    marks = Text()
    if message.edited and not message.deleted:
        marks.append("  edited", "dim")
    if message.you:
        failed = message.delivery == "failed"
        marks.append(f"  {_DELIVERY[message.delivery]}", "bold reverse red" if failed else "dim")
    return marks


def _quote(message: Message | None, room: int) -> Text:
    said = "an earlier message" if message is None else f"{called(message)}: {summary(message)}"
    line = Text(f"│ {said}", "dim")
    line.truncate(room, overflow="ellipsis")
    return line


def _wrapped(text: Text, room: int) -> list[Text]:
    return list(text.wrap(_CONSOLE, room, tab_size=4)) or [Text()]


_COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_cyan", "bright_green")


def _colour(account: str) -> str:
    return _COLOURS[sum(map(ord, account)) % len(_COLOURS)]
