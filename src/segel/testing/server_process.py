"""A real server in a process of its own, for tests: started, killed, started again on the same
data.
"""

import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType

MAIN = "from segel.apps.cli import main; main()"
COMMAND = [sys.executable, "-c", MAIN]


class ServerProcess:
    """`segel serve` on a free port of the loopback. Use as a context; `url` is where it serves.

    `sabotage` is Python that runs first: a test of a guard takes the guard away with it.
    """

    def __init__(self, data: Path, *flags: str, port: int = 0, sabotage: str = "") -> None:
        self.data, self._flags, self._port = data, flags, port
        self._command = [sys.executable, "-c", f"{sabotage}\n{MAIN}"]
        self.url = ""
        self.log = data.parent / f"{data.name}.log"

    def start(self) -> None:
        """Starts it and waits until it serves. Raises RuntimeError with its log if it does not."""
        arguments = [
            "serve",
            "--port",
            str(self._port),
            "--media-port",
            "0",
            "--data",
            str(self.data),
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603 - this project's own program
                [*self._command, *arguments, *self._flags],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line.startswith("segel: serving "):
            self.kill()
            raise RuntimeError(f"the server did not start: {self.log.read_text()}")
        self.url = line.removeprefix("segel: serving ").strip()
        self._port = int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """SIGKILL, as a power cut for the process."""
        self.process.kill()
        self._reap()

    def stop(self) -> int:
        """SIGTERM; the exit code. Raises TimeoutExpired after 10 s."""
        self.process.terminate()
        self.process.wait(10)
        return self._reap()

    def get(self, path: str) -> bytes:
        """The body of a GET."""
        with urllib.request.urlopen(self.url + path, timeout=10) as response:  # noqa: S310 - its own server
            body: bytes = response.read()
        return body

    def _reap(self) -> int:
        code = self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return code

    def __enter__(self) -> "ServerProcess":
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.kill()
        else:
            self._reap()
