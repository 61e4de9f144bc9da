"""How long a crowd takes to come together: `python -m bench.client --json [--people 50]`.

All clients run in one Node process, with real keys and a real server, without devices. Needs the
node workspace (`make setup`).
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from bench.report import report
from segel.testing.server_process import ServerProcess

ROOT = Path(__file__).resolve().parent.parent
CROWD = ROOT / "web/packages/client/bench/crowd.ts"


def measure(folder: Path, people: int) -> None:
    """Seconds from the first knock until everybody is in one epoch, by suite."""
    file = folder / "crowd.mjs"
    bundle = ["npx", "rolldown", str(CROWD), "--platform", "node", "--file", str(file)]
    subprocess.run(bundle, cwd=ROOT / "web", check=True, capture_output=True)
    with ServerProcess(folder / "data") as server:
        for suite in ("hybrid", "classic"):
            crowd = ["node", str(file), server.url, str(people), suite]
            told = json.loads(subprocess.run(crowd, check=True, capture_output=True).stdout)
            if not told["agree"]:
                raise RuntimeError("the crowd is not in one epoch")
            name = f"{people}_members_in_one_epoch_{suite}"
            report(name, told["milliseconds"] / 1e3, "s", aim=30, direction="at most")
            report(f"{name}_commits", told["epochs"], "commits", aim=4, direction="at most")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.client")
    parser.add_argument("--json", action="store_true", help="one JSON object a line (always so)")
    parser.add_argument("--people", type=int, default=50)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments.people)


if __name__ == "__main__":
    main()
