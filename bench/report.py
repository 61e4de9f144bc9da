"""One measurement a line, as JSON."""

import json
from typing import Literal

Direction = Literal["at least", "at most"]


def report(
    measure: str,
    value: float,
    unit: str,
    *,
    against: float | None = None,
    aim: float | None = None,
    direction: Direction = "at least",
) -> None:
    """Prints one measurement as JSON; `against` is the floor of the same run."""
    met = None if aim is None else (value >= aim if direction == "at least" else value <= aim)
    line = {
        "measure": measure,
        "value": round(value, 3),
        "unit": unit,
        "against": against,
        "ratio": round(value / against, 3) if against else None,
        "aim": aim,
        "met": met,
    }
    print(json.dumps(line), flush=True)
