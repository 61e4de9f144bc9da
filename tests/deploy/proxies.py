"""Debian's own nginx and Caddy, with the files of deploy/ as they are but for names and ports."""

import os
import socket
import ssl
import subprocess
import time
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
STARTS_WITHIN = 20.0
NAME = "localhost"

NGINX = """
daemon off; pid {folder}/nginx.pid; worker_processes 1; error_log stderr crit; {user}
events {{ }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    return port


def replaced(file: str, words: dict[str, str]) -> str:
    """The text of a file of deploy/, with words that stand in it replaced."""
    text = (DEPLOY / file).read_text()
    for word, other in words.items():
        assert word in text
        text = text.replace(word, other)
    return text


class Proxy:
    """A proxy in front of a port of this machine; use as a context. `url` is where it serves."""

    def __init__(self, folder: Path, upstream: int, cert: Path, key: Path) -> None:
        self.folder, self.upstream, self.cert, self.key = folder, upstream, cert, key
        self.port, self.http_port = free_port(), free_port()
        self.url = f"https://{NAME}:{self.port}"
        self.log = folder / "proxy.log"
        self.edits: dict[str, str] = {}
        """What a test of a broken set-up changes in the file."""

    def configure(self) -> list[str]:
        """Writes the configuration; the command that runs it."""
        raise NotImplementedError

    def reload(self) -> list[str]:
        """The command that makes it read its configuration anew."""
        raise NotImplementedError

    def __enter__(self) -> "Proxy":
        command = self.configure()
        environment = {**os.environ, "HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder)}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, env=environment, cwd=self.folder
            )
        end = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"it did not start: {self.log.read_text()}")
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True

    def run_reload(self) -> None:
        """Carries the reload out. Raises CalledProcessError."""
        subprocess.run(self.reload(), check=True, capture_output=True, timeout=20, cwd=self.folder)

    def logged(self) -> str:
        """All that it wrote."""
        return self.log.read_text(errors="replace")

    def wait_for_another_certificate(self, before: bytes) -> None:
        """Returns once new connections are shown another one."""
        while self.shown_certificate() == before:
            time.sleep(0.02)

    def shown_certificate(self) -> bytes:
        """What a new connection is shown, DER."""
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.port), 5) as plain:
            with context.wrap_socket(plain, server_hostname=NAME) as wrapped:
                return wrapped.getpeercert(binary_form=True) or b""


class Nginx(Proxy):
    """Debian's nginx."""

    def configure(self) -> list[str]:
        """As Proxy."""
        words = {
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "listen 80;": f"listen 127.0.0.1:{self.http_port};",
            "listen [::]:443 ssl http2;": "",
            "listen [::]:80;": "",
            "/etc/letsencrypt/live/meet.example.org/fullchain.pem": str(self.cert),
            "/etc/letsencrypt/live/meet.example.org/privkey.pem": str(self.key),
            "meet.example.org": NAME,
            "/var/log/nginx/segel.log": str(self.log),
            "127.0.0.1:8080": f"127.0.0.1:{self.upstream}",
        }
        (self.folder / "site.conf").write_text(replaced("nginx.conf", self.edits | words))
        user = "user root;" if os.geteuid() == 0 else ""
        main = self.folder / "nginx.conf"
        main.write_text(NGINX.format(folder=self.folder, user=user))
        return ["nginx", "-p", str(self.folder), "-c", str(main)]

    def reload(self) -> list[str]:
        """As Proxy."""
        return [*self.configure(), "-s", "reload"]


class Caddy(Proxy):
    """Debian's Caddy."""

    def configure(self) -> list[str]:
        """As Proxy. The certificate is given, since nobody here issues one."""
        own = f"{{\n\tadmin localhost:{self.http_port}\n\tauto_https disable_redirects"
        words = {
            "\n{\n": f"\n{own}\n",
            "meet.example.org {": f"{self.url} {{\n\ttls {self.cert} {self.key}",
            "127.0.0.1:8080": f"127.0.0.1:{self.upstream}",
        }
        file = self.folder / "Caddyfile"
        file.write_text(replaced("Caddyfile", self.edits | words))
        return ["caddy", "run", "--config", str(file)]

    def reload(self) -> list[str]:
        """As Proxy."""
        self.configure()
        file = str(self.folder / "Caddyfile")
        # By force: the file is the same, and the certificate in it another.
        return [
            "caddy",
            "reload",
            "--force",
            "--config",
            file,
            "--address",
            f"localhost:{self.http_port}",
        ]
