"""`segel doctor` on servers and proxies that are broken in one way each."""

import json
import os
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from segel.apps.cli import main
from segel.testing.certificates import Authority
from segel.testing.server_process import COMMAND, ServerProcess

from .proxies import NAME, Caddy, Nginx, Proxy, free_port

TODAY = datetime.now(UTC)  # noqa: TID251 - certificates are judged by the real clock


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """One that this machine trusts for the time of a test."""
    made = Authority(tmp_path / "authority")
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server")
    with ServerProcess(folder / "data", sabotage=with_a_page(folder)) as process:
        yield process


def with_a_page(folder: Path) -> str:
    """Lets a server serve a page although the web client may not be built."""
    (folder / "page/assets").mkdir(parents=True)
    (folder / "page/index.html").write_text('<script type="module" src="/assets/a.js"></script>')
    (folder / "page/assets/a.js").write_text("1;")
    path = str(folder / "page")
    return f"import pathlib, segel.server.http.static as s; s.FOLDER = pathlib.Path({path!r})"


def doctor(*arguments: str | Path) -> dict[str, tuple[str, str]]:
    """What it found: level and words by what they are about. Its exit status is that of them."""
    done = CliRunner().invoke(main, ["doctor", "--json", *map(str, arguments)])
    found = {each["about"]: (each["level"], each["says"]) for each in json.loads(done.stdout)}
    assert done.exit_code == any(level == "problem" for level, _ in found.values())
    return found


def problems(found: dict[str, tuple[str, str]]) -> dict[str, str]:
    return {about: says for about, (level, says) in found.items() if level == "problem"}


def media_port(port: int) -> tuple[str, ...]:
    return ("--media-address", "127.0.0.1", "--media-port", str(port))


@pytest.mark.parametrize("kind", [Nginx, Caddy])
def test_a_whole_server_behind_a_proxy_has_no_problem(
    tmp_path: Path, authority: Authority, kind: type[Proxy]
) -> None:
    port = free_port()
    page, flags = with_a_page(tmp_path), ("--media-port", str(port))
    with ServerProcess(tmp_path / "data", *flags, sabotage=page) as server:
        upstream = int(server.url.rpartition(":")[2])
        with kind(tmp_path, upstream, *authority.issue(NAME)) as proxy:
            media = media_port(port)
            found = doctor("--url", proxy.url, "--data", server.data, *media)
    assert problems(found) == {}
    assert {each: found[each][0] for each in ("tls", "hsts", "websocket", "files", "media")} == {
        "tls": "ok",
        "hsts": "ok",
        "websocket": "ok",
        "files": "ok",
        "media": "ok",
    }


def certificate_finding(tmp_path: Path, cert: Path, key: Path) -> tuple[str, str]:
    flags = ("--tls-cert", str(cert), "--tls-key", str(key))
    with ServerProcess(tmp_path / "data", *flags) as server:
        url = server.url.replace("127.0.0.1", NAME)
        found = doctor("--url", url, "--data", tmp_path / "none")
        assert found["websocket"][0] == "ok"  # the rest is looked at all the same
        return found["tls"]


def test_certificates_that_browsers_refuse(tmp_path: Path, authority: Authority) -> None:
    ended = authority.issue(NAME, end=TODAY - timedelta(days=3))
    level, says = certificate_finding(tmp_path, *ended)
    assert (level, "ended 3 days ago" in says or "ended 4 days ago" in says) == ("problem", True)
    level, says = certificate_finding(tmp_path, *authority.issue("other.example"))
    assert (level, says) == (
        "problem",
        "The certificate is for other.example. Get one for localhost.",
    )
    stranger = Authority(tmp_path / "stranger").issue(NAME)
    level, says = certificate_finding(tmp_path, *stranger)
    assert (level, "No browser trusts" in says) == ("problem", True)
    soon = authority.issue(NAME, end=TODAY + timedelta(days=5, hours=1))
    assert certificate_finding(tmp_path, *soon) == (
        "warning",
        "The certificate ends in 5 days: see why it is not renewed.",
    )


BROKEN = {
    "websocket": ("proxy_set_header Upgrade $http_upgrade;", "WebSockets do not pass"),
    "websocket ": ("proxy_set_header Host $http_host;", "must hand on the Host"),
    "files": ("client_max_body_size 16m;", "refuses bodies of 8 MiB"),
    "page": ("proxy_read_timeout 120s;", "takes headers away: Cross-Origin-Opener-Policy"),
}
INSTEAD = {"page": "proxy_hide_header Cross-Origin-Opener-Policy;"}


@pytest.mark.parametrize("about", BROKEN)
def test_a_proxy_that_takes_something_away(
    tmp_path: Path, server: ServerProcess, authority: Authority, about: str
) -> None:
    line, says = BROKEN[about]
    proxy = Nginx(tmp_path, int(server.url.rpartition(":")[2]), *authority.issue(NAME))
    proxy.edits = {line: INSTEAD.get(about, "")}
    with proxy:
        found = problems(doctor("--url", proxy.url, "--data", tmp_path / "none"))
    assert list(found) == [about.strip()]
    assert says in found[about.strip()]


def test_nobody_behind_the_proxy_and_nobody_at_all(tmp_path: Path, authority: Authority) -> None:
    with Nginx(tmp_path, 9, *authority.issue(NAME)) as proxy:
        found = problems(doctor("--url", proxy.url, "--data", tmp_path / "none"))
    assert list(found) == ["page"]
    assert "Nobody serves behind the address" in found["page"]
    gone = problems(doctor("--url", proxy.url, "--data", tmp_path / "none"))
    assert gone == {"address": f"{proxy.url} does not answer: Connection refused."}


def test_a_relay_at_another_port(tmp_path: Path) -> None:
    """A real server whose media port is not the one that browsers are told."""
    port = free_port()
    with ServerProcess(tmp_path / "data", "--media-port", str(port)) as server:
        assert doctor("--data", server.data, *media_port(port))["media"][0] == "ok"
        found = problems(doctor("--data", server.data, *media_port(free_port())))
    assert list(found) == ["media"]
    assert "No relay answers at 127.0.0.1 UDP" in found["media"]


def test_a_port_that_another_program_has(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        assert server.stop() == 0
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("0.0.0.0", 0))  # noqa: S104 - as the relay itself does
            port = other.getsockname()[1]
            taken = problems(doctor("--data", server.data, *media_port(port)))
            assert "Another program has UDP port" in taken["media"]
        found = doctor("--data", server.data, *media_port(port))
    assert found["media"] == ("ok", f"UDP port {port} is free. Start the server and ask again.")


def test_data_that_is_not_as_it_should_be(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        assert server.stop() == 0
    data, none = tmp_path / "data", ("--media-port", "1")
    with sqlite3.connect(data / "segel.db") as db:
        db.execute("PRAGMA user_version = 99")
    assert "of a newer Segel (schema 99" in problems(doctor("--data", data, *none))["database"]
    (data / "keys/20200101-1").write_bytes(bytes(32))
    assert "1 keys should have been destroyed" in problems(doctor("--data", data, *none))["keys"]
    data.chmod(0o755)
    (data / "server.key").chmod(0o644)
    assert "Others on this machine may read" in problems(doctor("--data", data, *none))["keys"]
    (data / "server.key").write_bytes(b"short")
    assert "server.key is damaged" in problems(doctor("--data", data, *none))["keys"]
    (data / "segel.db").write_bytes(b"no database" * 1000)
    assert "cannot be used" in problems(doctor("--data", data, *none))["database"]


def test_a_disk_that_is_read_only(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        assert server.stop() == 0
    command = " ".join(["doctor", "--json", "--data", str(server.data)])
    script = (
        f'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$1" -c "$2" {command}'
    )
    unshare = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])
    done = subprocess.run(
        [*unshare, "sh", "-c", script, str(server.data), COMMAND[0], COMMAND[2]],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    if "Operation not permitted" in done.stderr or "permission denied" in done.stderr:
        pytest.skip("this machine lets nobody mount")
    found = {each["about"]: each["says"] for each in json.loads(done.stdout)}
    assert found["disk"].endswith("Read-only file system. Let the server's user write there.")


def test_a_clock_is_compared_with_one_that_is_named(
    tmp_path: Path, server: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ("--data", tmp_path / "none", "--clock", server.url)
    assert doctor(*arguments)["clock"][0] == "ok"
    now = time.time()  # noqa: TID251 - the doctor reads the real clock, here made to be late
    monkeypatch.setattr(time, "time", lambda: now + 3600)
    says = problems(doctor(*arguments))["clock"]
    assert re.search(r"3[56]\d\d s apart: requests will be refused", says)


def test_the_settings_file_of_serve_is_enough(tmp_path: Path) -> None:
    file, port = tmp_path / "segel.toml", free_port()
    data = f'data = "{tmp_path}/data"'
    file.write_text(f'{data}\nmedia_port = {port}\nmedia_address = "127.0.0.1"\noperator = "x"\n')
    with ServerProcess(tmp_path / "data", "--media-port", str(port)):
        assert f"127.0.0.1 UDP {port}" in doctor("--config", file)["media"][1]
    file.write_text("colour = 7\n")
    done = CliRunner().invoke(main, ["doctor", "--config", str(file)])
    assert "there is no setting colour" in done.stderr
