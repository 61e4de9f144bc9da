"""The ledger as a value. `tests/server/ledger` compares it with the tables, files and log."""

from functools import cache
from importlib.resources import files

from msgspec import Struct, toml


class Stored(Struct, frozen=True, forbid_unknown_fields=True):
    """Something on the disk: in plain words, and column by column by the ledger's words."""

    id: str
    title: str
    what: str
    why: str
    until: str
    tables: dict[str, dict[str, str]]


class Files(Struct, frozen=True, forbid_unknown_fields=True):
    """Files of the data folder, as patterns beneath it."""

    id: str
    paths: tuple[str, ...]
    what: str
    until: str


class Memory(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is never written down."""

    id: str
    what: str
    until: str


class Log(Struct, frozen=True, forbid_unknown_fields=True):
    """All that a log line can say."""

    what: str
    until: str
    events: tuple[str, ...]
    fields: tuple[str, ...]


class Tap(Struct, frozen=True, forbid_unknown_fields=True):
    """What this program does not note down, and another one could be made to."""

    id: str
    what: str


class Ledger(Struct, frozen=True, forbid_unknown_fields=True):
    """What a server keeps, and what its operator could be made to keep."""

    words: dict[str, str]
    stored: tuple[Stored, ...]
    files: tuple[Files, ...]
    memory: tuple[Memory, ...]
    log: Log
    taps: tuple[Tap, ...]

    def columns(self) -> dict[tuple[str, str], str]:
        """The word of each column by table and name. Raises ValueError for one declared twice."""
        found: dict[tuple[str, str], str] = {}
        for each in self.stored:
            for table, columns in each.tables.items():
                for column, word in columns.items():
                    if (table, column) in found or word not in self.words:
                        raise ValueError(f"{table}.{column} is declared twice, or as no word")
                    found[table, column] = word
        return found


@cache
def ledger() -> Ledger:
    """The declaration that this version comes with."""
    data = files(__package__).joinpath("ledger.toml").read_bytes()
    read = toml.decode(data, type=Ledger)
    read.columns()
    return read


def summary(of: Ledger) -> list[dict[str, str]]:
    """The list that `/v1/server` gives: what is stored, and in a line what is in memory."""
    listed = [{"what": each.what, "why": each.why, "until": each.until} for each in of.stored]
    passing = " ".join(each.what for each in of.memory)
    return [*listed, {"what": f"In memory only: {passing}", "why": _CARRY, "until": _END}]


_CARRY = "To carry it to whom it is for."
_END = "It was carried, or the connection ended."
