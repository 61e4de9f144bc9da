"""What the doctor says: one plain line for each thing that was looked at."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "problem"]


@dataclass(slots=True, frozen=True)
class Finding:
    """`says` is for a person, and ends with what to do where something is to be done."""

    level: Level
    about: str
    says: str

    def __str__(self) -> str:
        return f"{self.level:8} {self.about:12} {self.says}"


def ok(about: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding("ok", about, says)


def warning(about: str, says: str) -> Finding:
    """It works, and may not go on to."""
    return Finding("warning", about, says)


def problem(about: str, says: str) -> Finding:
    """Something does not work, or is not safe."""
    return Finding("problem", about, says)
