"""How long people wait: `python -m bench.meeting --json [--people 2,4,6]`.

Opening the link to the first decoded frame of somebody else, over 20 joins of new people in
Chromium who go through the door as fast as the page lets them, into rooms that hold so many
people with them, all with cameras and on this machine; and one person's leaving to the
next epoch at those who stay. Needs the built web client and the test browsers (`make test`).
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench.children import end_on_sigterm, program
from bench.report import report

WEB = Path(__file__).parents[1] / "web"
JOIN_AIM = 1_500
LEAVE_AIM = 2_000


def main() -> int:
    """Run the measurement in real browsers and print its figures in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--people", default="2", help="sizes of rooms, rising: 2,4,6")
    arguments = parser.parse_args()
    end_on_sigterm()
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        settings = {"SEGEL_BENCH_OUT": out.name, "SEGEL_BENCH_PEOPLE": arguments.people}
        command = ["npx", "vitest", "run", "--config", "e2e/bench/vitest.config.ts", "meeting"]
        with program(command, WEB, os.environ | settings) as run:
            said, _ = run.communicate()
        if run.returncode != 0:
            print(said, file=sys.stderr)
            return 1
        figures = json.loads(Path(out.name).read_text(encoding="utf-8"))
    for people, unsorted in figures["joins"].items():
        joins = sorted(unsorted)
        p95 = joins[round(0.95 * (len(joins) - 1))]
        room = "" if people == "2" else f" into a room of {people}"
        many = f"{len(joins)} joins{room}"
        report(
            f"link to first frame, p50 of {many}", statistics.median(joins), "ms",
            aim=JOIN_AIM if people == "2" else None, direction="at most",
        )  # fmt: skip
        report(f"link to first frame, p95 of {many}", p95, "ms")
    if leaves := figures["leaves"]:
        report(
            f"leave to next epoch, median of {len(leaves)}", statistics.median(leaves), "ms",
            aim=LEAVE_AIM, direction="at most",
        )  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
