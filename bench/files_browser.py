"""MB/s of sealed files from a browser's page: `python -m bench.files_browser --json`.

Chromium sends a file over HTTPS and saves it again, sealed as Segel does and plain (one `fetch`
with the file as its body, one stream into a file), by turns, to one server; and how much more
browser and server hold while a file is on its way. `--size 2200 --rounds 1` sends 2.2 GB, and
needs seven times that on disk. Needs the built web client and Debian's Chromium.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import files_floor
from bench.children import end_on_sigterm, program
from bench.report import report
from segel.testing.certificates import Authority
from segel.testing.server_process import ServerProcess

WEB = Path(__file__).parents[1] / "web"
AIM = 0.6
"""Of the plain way's MB/s."""
FLAT = 200.0
"""MB that the browser may hold more than before; slices, copies between its processes and what it
has not collected yet are in it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the page found: of each way the seconds of all rounds; and MB, of browser and server."""

    seconds: dict[str, list[float]]
    grown: dict[str, dict[str, list[float]]]


def measure(folder: Path, size: int, rounds: int) -> Figures | None:
    """The figures of one run; None where it failed, and said so."""
    cert, key = Authority(folder / "tls").issue("127.0.0.1")
    kept, out = folder / "floor", folder / "figures.json"
    kept.mkdir()
    patch = files_floor.PATCH.format(folder=str(kept))
    flags = ("--tls-cert", str(cert), "--tls-key", str(key))
    with ServerProcess(folder / "data", *flags, sabotage=patch) as server:
        settings = {
            "SEGEL_BENCH_URL": server.url,
            "SEGEL_BENCH_PID": str(server.process.pid),
            "SEGEL_BENCH_SIZE": str(size),
            "SEGEL_BENCH_ROUNDS": str(rounds),
            "SEGEL_BENCH_OUT": str(out),
        }
        command = ["npx", "vitest", "run", "--config", "e2e/bench/vitest.config.ts", "files"]
        with program(command, WEB, os.environ | settings) as run:
            said, _ = run.communicate()
    if run.returncode != 0:
        print(said, file=sys.stderr)
        return None
    return Figures(**json.loads(out.read_text(encoding="utf-8")))


def tell(figures: Figures, size: int) -> None:
    """Print medians of the rates, and the most of what was held."""
    rates = {way: size / statistics.median(each) for way, each in figures.seconds.items()}
    for way in ("up", "down"):
        sealed, plain = rates[f"sealed {way}"], rates[f"plain {way}"]
        aim = round(AIM * plain, 1)
        report(f"{size} MB sealed {way} from a page, HTTPS", sealed, "MB/s", against=plain, aim=aim)
    for who, aim in (("browser", FLAT), ("server", 40.0)):
        most = {way: max(each[who]) for way, each in figures.grown.items()}
        for way in ("up", "down"):
            report(
                f"{who} holds more, {size} MB sealed {way}", most[f"sealed {way}"], "MB",
                against=most[f"plain {way}"] or None, aim=aim, direction="at most",
            )  # fmt: skip


def main() -> int:
    """Run the measurement and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only form there is")
    parser.add_argument("--size", type=int, default=256, help="MB of the file")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    end_on_sigterm()
    with tempfile.TemporaryDirectory() as made:
        figures = measure(Path(made), arguments.size, arguments.rounds)
    if figures is None:
        return 1
    tell(figures, arguments.size)
    return 0


if __name__ == "__main__":
    sys.exit(main())
