"""What Segel costs those who use and run it: `python -m bench.footprint --json [--clone]`.

Compressed JavaScript that a guest downloads, the server's memory idle and after a group of ten,
and, with `--clone`, the seconds from a fresh clone to a server that answers. Needs the built web
client (`make web`) and Linux's /proc.
"""

import argparse
import os
import re
import subprocess
import tempfile
import time
from pathlib import Path

from bench.children import end_on_sigterm, program
from bench.report import report
from segel.testing.server_process import ServerProcess

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src/segel/server/static"
STAY = ROOT / "web/packages/client/bench/stay.ts"
SCRIPT = re.compile(r"assets/([\w.-]+\.js)|[\"'`]\./([\w.-]+\.js)")
OTHER_LANGUAGE = re.compile(r"(de|id|vi|zh-hant)-[\w-]+\.js")
"""A guest loads one language; this is what one who reads English does not load."""
PEOPLE = 10
READY = "segel: serving "


def scripts_of_a_guest(static: Path) -> set[str]:
    """Every script that index.html leads to, workers too: a guest comes to load them all."""
    seen: set[str] = set()
    waiting = [static / "index.html"]
    while waiting:
        text = waiting.pop().read_text(encoding="utf-8")
        found = {one or other for one, other in SCRIPT.findall(text)}
        found = {name for name in found if not OTHER_LANGUAGE.fullmatch(name)}
        new = {name for name in found - seen if (static / "assets" / name).exists()}
        seen |= new
        waiting += [static / "assets" / name for name in new]
    return seen


def measure_download() -> None:
    """Kilobytes (1 000 bytes) after Brotli, as the server sends them."""
    names = scripts_of_a_guest(STATIC)
    size = sum((STATIC / "assets" / f"{name}.br").stat().st_size for name in names)
    report("guest_javascript", size / 1e3, "kB", aim=250, direction="at most")


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for each in lists for child in each.read_text().split()]
    return [pid, *(member for child in children for member in family(child))]


def memory(pid: int) -> float:
    """Resident megabytes (1 000 000 bytes) of a process and all that descend from it."""
    pages = [int(Path(f"/proc/{each}/statm").read_text().split()[1]) for each in family(pid)]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def measure_memory(folder: Path) -> None:
    """The server alone, then with ten people in one meeting who have just come together."""
    file = folder / "stay.mjs"
    bundle = ["npx", "rolldown", str(STAY), "--platform", "node", "--file", str(file)]
    subprocess.run(bundle, cwd=ROOT / "web", check=True, capture_output=True)
    with ServerProcess(folder / "data") as server:
        report("server_memory_idle", memory(server.process.pid), "MB")
        with program(["node", file, server.url, str(PEOPLE)]) as crowd:
            if crowd.stdout is None or not crowd.stdout.readline():
                raise RuntimeError("the group of ten did not come together")
            used = memory(server.process.pid)
        report("server_memory_group_of_10", used, "MB", aim=150, direction="at most")


def measure_clone(folder: Path) -> None:
    """From `git clone` through `make run` to the line that says where it serves."""
    clone = folder / "clone"
    began = time.monotonic()
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    command = ["make", "run", f"RUN_ARGS=--port 0 --media-port 0 --data {folder / 'clone-data'}"]
    with program(command, clone) as run:
        served = any(line.startswith(READY) for line in run.stdout or ())
        took = time.monotonic() - began
    if not served:
        raise RuntimeError("the clone did not come to serve")
    report("clone_to_serving", took, "s")


def main() -> None:
    """Prints one JSON object a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="the only format there is")
    parser.add_argument("--clone", action="store_true", help="also time a fresh clone")
    arguments = parser.parse_args()
    end_on_sigterm()
    measure_download()
    with tempfile.TemporaryDirectory() as folder:
        measure_memory(Path(folder))
        if arguments.clone:
            measure_clone(Path(folder))


if __name__ == "__main__":
    main()
