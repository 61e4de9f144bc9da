"""The ledger as a page: `python -m segel.server.ledger.page > docs/keeps.md`."""

from segel.server.ledger.ledger import Ledger, ledger

_HEAD = """# What a Segel server keeps

Printed by `python -m segel.server.ledger.page` from the ledger
(`src/segel/server/ledger/ledger.toml`); never edited by hand. `tests/server/ledger` compares it
with the tables, the files and the log as they are: a column that is not declared fails, and so
does one that is kept longer than it says. The same stands at `/keeps` on every server, in the
reader's language, at `GET /v1/ledger`, and in `segel keeps`.
"""


def page(of: Ledger) -> str:
    """The whole page in Markdown."""
    parts = [_HEAD, "## On the disk\n"]
    for each in of.stored:
        parts.append(f"### {each.title}\n\n{each.what} {each.why} *Until:* {each.until}\n")
        for table, columns in each.tables.items():
            rows = [f"| `{table}.{name}` | {of.words[word]} |" for name, word in columns.items()]
            parts.append("\n".join(("| column | what it is |", "|---|---|", *rows)) + "\n")
    parts.append("## The files of the data folder\n")
    rows = [
        f"| {', '.join(f'`{path}`' for path in each.paths)} | {each.what} | {each.until} |"
        for each in of.files
    ]
    parts.append("\n".join(("| file | what it is | until |", "|---|---|---|", *rows)) + "\n")
    parts.append("## In memory only\n")
    rows = [f"| {each.what} | {each.until} |" for each in of.memory]
    parts.append("\n".join(("| what | until |", "|---|---|", *rows)) + "\n")
    parts.append(f"## In the log\n\n{of.log.what} *Until:* {of.log.until}\n")
    parts.append(_TAPS)
    parts.append("\n".join(f"- {each.what}" for each in of.taps) + "\n")
    return "\n".join(parts)


_TAPS = """## What an operator could be made to note down

This program writes none of it down. Whoever runs a server, or compels who does, can run another
program that does:
"""

if __name__ == "__main__":
    print(page(ledger()), end="")
