"""The MLS engine against ts-mls and its own primitives: `python -m bench.mls --json`.

Medians of CPU time. `against` is the floor of the same run (bench/mls_floor.py), or ts-mls where
the measure names it. `--size 10000` measures memory only. Needs the node workspace (`make setup`).
"""

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.mls_floor import counts, recorded, replay
from bench.mls_groups import NOW, Crowd, new_member
from bench.mls_peer import VERSIONS, Peer, Version, build
from bench.report import report
from segel.core.crypto.ciphersuite import HYBRID_ID, SUITES, Ciphersuite
from segel.core.mls.group import Group
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.message import decode_message

NAMES = {1: "classic", HYBRID_ID: "hybrid"}
DATA = bytes(500)
AIMS = {"process": 3.0, "commit": 3.0, "join": 1.7}
LARGE = 1000
"""Members of the group for which the aims are set."""
MEMORY = {1: 40.0, HYBRID_ID: 80.0}
"""Megabytes that the state of a member of 10 000 may take."""


def median_ms(rounds: int, work: Callable[[], object]) -> float:
    """Median CPU milliseconds."""
    times = []
    for _ in range(rounds):
        before = time.process_time()
        work()
        times.append(time.process_time() - before)
    return sorted(times)[rounds // 2] * 1e3


def against_floor(name: str, size: int, rounds: int, work: Callable[[], object]) -> None:
    """Times an operation, and its primitives alone."""
    with recorded() as calls:
        work()
    gc.collect()
    value, floor = median_ms(rounds, work), median_ms(rounds, lambda: replay(calls))
    aim = AIMS[name.rsplit("_", 1)[1]] * floor if size == LARGE else None
    report(f"{name}_{size}", value, "ms CPU", against=floor, aim=aim, direction="at most")
    print(f"{name}_{size}: {counts(calls)}", file=sys.stderr)


def measure_operations(suite: Ciphersuite, size: int) -> None:
    """Commit, process and join in a full tree."""
    name = NAMES[suite.id]
    crowd = Crowd(suite, size)
    group, other = crowd.as_member(0), crowd.as_member(size // 3)
    sent = group.commit(NOW)
    rounds = 200 if size < LARGE else 50
    against_floor(f"{name}_process", size, rounds, lambda: other.receive(sent.message))
    against_floor(f"{name}_commit", size, rounds, lambda: group.commit(NOW))
    newcomer = new_member(suite, crowd.services.entropy, size)
    welcome = group.commit(NOW, add=[newcomer.key_package]).welcome or b""
    rounds = 50 if size < LARGE else 7
    join = lambda: Group.join(welcome, [newcomer], crowd.services)  # noqa: E731
    against_floor(f"{name}_join", size, rounds, join)
    if size == LARGE:
        measure_messages(name, group, other)


def measure_messages(name: str, group: Group, other: Group) -> None:
    """Application messages of 500 bytes, sealed and opened by one CPU."""
    rounds = 2000
    before = time.process_time()
    sealed = [group.seal(DATA) for _ in range(rounds)]
    between = time.process_time()
    for message in sealed:
        other.receive(message)
    after = time.process_time()
    report(f"{name}_sealed", rounds / (between - before), "messages/CPU s", aim=8000)
    report(f"{name}_opened", rounds / (after - between), "messages/CPU s", aim=5000)


def measure_peer(program: Path, suite: Ciphersuite, size: int, version: Version) -> None:
    """ts-mls joins a group that we made and follows our commit; we do the same beside it."""
    name = NAMES[suite.id]
    with Peer(program, version, name) as peer:
        package = decode_message(peer.key_package)
        assert isinstance(package, KeyPackageIn)
        crowd = Crowd(suite, size - 1, full=False)
        group = crowd.as_member(0)
        newcomer = new_member(suite, crowd.services.entropy, size)
        added = group.commit(NOW, add=[package, newcomer.key_package])
        group.merge(added.staged)
        sent = group.commit(NOW)
        rounds = 15 if size < LARGE else 3
        join, process = peer.times(added.welcome or b"", sent.message, rounds)
    joined = Group.join(added.welcome or b"", [newcomer], crowd.services)
    own_join = median_ms(
        rounds, lambda: Group.join(added.welcome or b"", [newcomer], crowd.services)
    )
    own_process = median_ms(rounds, lambda: joined.receive(sent.message))
    label = f"{size}_against_{VERSIONS[version]}"
    aim = process / 50 if size == LARGE and version == "1" else None
    report(
        f"{name}_process_first_{label}",
        own_process,
        "ms CPU",
        against=process,
        aim=aim,
        direction="at most",
    )
    report(f"{name}_join_first_{label}", own_join, "ms CPU", against=join)


def measure_memory(suite: Ciphersuite, size: int) -> None:
    """What the process grows by when it reads a member's state, of a full tree."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "state"
        subprocess.run(
            [sys.executable, "-m", "bench.mls", "--write", str(file), str(suite.id), str(size)],
            check=True,
        )
        reading = [sys.executable, "-m", "bench.mls", "--read", str(file)]
        told = subprocess.run(reading, check=True, capture_output=True, text=True).stdout
    aim = MEMORY[suite.id] if size == 10_000 else None
    name = f"{NAMES[suite.id]}_memory_{size}"
    report(name, float(told), "MB", aim=aim, direction="at most")


def write_state(file: Path, suite: Ciphersuite, size: int) -> None:
    """Writes the state of a member of a full tree."""
    file.write_bytes(Crowd(suite, size).as_member(0).to_bytes())


def read_state(file: Path) -> None:
    """Prints by how many megabytes this process grows when it reads a state."""
    services = Crowd(SUITES[1], 2).services
    gc.collect()
    before = _resident()
    group = Group.from_bytes(file.read_bytes(), services)
    group.seal(DATA)
    gc.collect()
    print((_resident() - before) / 1e6)


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m bench.mls")
    parser.add_argument("--json", action="store_true", help="one JSON object a line (always so)")
    parser.add_argument("--sizes", default="10,100,1000", help="members, with commas")
    parser.add_argument("--memory", default="10000", help="members, with commas; empty for none")
    parser.add_argument("--no-peer", action="store_true", help="leave ts-mls out")
    parser.add_argument("--write", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.read:
        return read_state(arguments.read)
    if arguments.write:
        file, suite, size = arguments.write
        return write_state(Path(file), SUITES[int(suite)], int(size))
    sizes = [int(size) for size in arguments.sizes.split(",")]
    for suite in (SUITES[1], SUITES[HYBRID_ID]):
        for size in sizes:
            measure_operations(suite, size)
        for size in filter(None, arguments.memory.split(",")):
            measure_memory(suite, int(size))
    if not arguments.no_peer:
        measure_peers(sizes)


def measure_peers(sizes: list[int]) -> None:
    """Both versions of ts-mls in suite 1, the newer one in the hybrid suite too."""
    classic, hybrid = SUITES[1], SUITES[HYBRID_ID]
    with tempfile.TemporaryDirectory() as folder:
        program = build(Path(folder))
        for size in sizes:
            measure_peer(program, classic, size, "1")
            measure_peer(program, classic, size, "2")
            measure_peer(program, hybrid, size, "2")


if __name__ == "__main__":
    main()
