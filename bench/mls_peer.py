"""The peer of bench.mls: ts-mls in Node, in its two versions, in the same run."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "web/packages/client/bench/mls-peer.ts"
# Packages that ts-mls 1.6.4 would load for suites that are not measured.
_ABSENT = (
    "@hpke/chacha20poly1305",
    "@hpke/dhkem-x448",
    "@hpke/ml-kem",
    "@noble/post-quantum/ml-dsa.js",
)

Version = Literal["1", "2"]
VERSIONS: dict[Version, str] = {"1": "ts-mls 1.6.4", "2": "ts-mls 2.0.0-rc.10"}


def build(folder: Path) -> Path:
    """The peer's program, built for Node."""
    absent = [word for name in _ABSENT for word in ("--external", name)]
    bundle = ["npx", "rolldown", str(SOURCE), "--platform", "node", *absent, "--dir", str(folder)]
    subprocess.run(bundle, cwd=ROOT / "web", check=True, capture_output=True)
    return folder / "mls-peer.js"


class Peer:
    """One version of ts-mls, as somebody to be added to a group."""

    def __init__(self, program: Path, version: Version, suite: str) -> None:
        command = ["node", str(program), version, suite]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.key_package = bytes.fromhex(self._read())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def times(self, welcome: bytes, commit: bytes, rounds: int) -> tuple[float, float]:
        """Median CPU milliseconds of joining, and of processing the commit that follows."""
        asked = {"welcome": welcome.hex(), "commit": commit.hex(), "rounds": rounds}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._read())
        return told["join"], told["process"]

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the peer gave up; its error is above")
        return line
