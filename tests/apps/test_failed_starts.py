"""A start that fails says why in one line, and leaves nothing that was not there."""

import ctypes
import resource
import socket
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from segel.testing.server_process import COMMAND, ServerProcess

from .conftest import PASSPHRASE, Done, certificate, failure, segel, serve

PR_CAPBSET_DROP = 24
CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
LIBC = ctypes.CDLL(None)


def drop_the_superuser_s_right_to_read_and_write() -> None:
    """In the child, before the program: permissions then hold for root as well."""
    for right in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
        LIBC.prctl(PR_CAPBSET_DROP, right)


def fill_the_disk() -> None:
    """In the child, before the program: no file may grow, as on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def segel_after(before: Callable[[], None], *arguments: str | Path) -> Done:
    """A command in a process that was changed before."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=20,
        preexec_fn=before,
        check=False,
    )


def serve_after(before: Callable[[], None], *flags: str | Path) -> Done:
    """`segel serve` in such a process."""
    return segel_after(before, "serve", "--port", "0", "--media-port", "0", *flags)


@pytest.fixture(autouse=True)
def untouched(tmp_path: Path) -> Iterator[None]:
    """Whatever a test prepares in its folder is all that is in it after the failed start."""
    yield
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "far").exists()


def everything(folder: Path) -> dict[str, bytes | None]:
    """All files and folders below a folder."""
    return {
        str(each.relative_to(folder)): each.read_bytes() if each.is_file() else None
        for each in folder.rglob("*")
    }


def tls_flags(cert: Path, key: Path) -> tuple[str | Path, ...]:
    return ("--tls-cert", cert, "--tls-key", key)


def served(tmp_path: Path) -> Path:
    """A data folder on which a server has run."""
    with ServerProcess(tmp_path / "kept") as server:
        assert server.stop() == 0
    return tmp_path / "kept"


def test_a_taken_tcp_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        message = failure(serve(tmp_path, "--port", str(taken.getsockname()[1])))
    assert message.endswith(
        "Address already in use. Choose another with --port, or --port 0 for a free one."
    )


def test_a_taken_udp_port(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - where the relay binds
        message = failure(serve(tmp_path, "--media-port", str(taken.getsockname()[1])))
    assert "Address already in use. Choose another with --media-port" in message


@pytest.mark.parametrize("host", ["nosuch.invalid", "999.1.1.1", "a" * 64, "::zz"])
def test_a_host_that_is_no_address(tmp_path: Path, host: str) -> None:
    message = failure(serve(tmp_path, "--host", host))
    assert message.startswith(f"--host {host} is neither an address nor a name")


def test_a_host_that_is_another_machine(tmp_path: Path) -> None:
    message = failure(serve(tmp_path, "--host", "192.0.2.1"))
    assert message.startswith("--host 192.0.2.1 is not an address of this machine.")


def test_no_folder_on_the_way_stays_either(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        failure(serve(tmp_path, "--port", port, "--data", tmp_path / "far/away"))


def test_a_data_folder_that_was_there_stays_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "kept"
    with ServerProcess(data) as server:
        assert server.stop() == 0
    (data / "keys/20260101-1").write_bytes(bytes(32))
    before = everything(data)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        failure(serve(tmp_path, "--port", str(taken.getsockname()[1]), "--data", data))
    assert everything(data) == before


def test_an_empty_data_folder_stays_empty(tmp_path: Path) -> None:
    data = tmp_path / "kept"
    data.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        failure(serve(tmp_path, "--port", str(taken.getsockname()[1]), "--data", data))
    assert everything(data) == {}


def test_a_certificate_that_is_none(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    assert failure(serve(tmp_path, *tls_flags(key, key))).startswith(f"{key} holds no certificate")
    assert failure(serve(tmp_path, *tls_flags(cert, cert))).startswith(f"{cert} holds no private")


def test_a_damaged_certificate(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    cert.write_text("-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n")
    assert "is damaged: write both anew" in failure(serve(tmp_path, *tls_flags(cert, key)))


def test_a_key_that_is_not_the_certificate_s(tmp_path: Path) -> None:
    cert, _ = certificate(tmp_path / "tls")
    _, key = certificate(tmp_path / "other")
    message = failure(serve(tmp_path, *tls_flags(cert, key)))
    assert message == f"The key {key} is not that of the certificate {cert}."


def test_a_key_under_a_passphrase(tmp_path: Path) -> None:
    flags = tls_flags(*certificate(tmp_path / "tls", PASSPHRASE))
    assert "openssl pkey" in failure(serve(tmp_path, *flags))


def test_a_key_that_may_not_be_read(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    key.chmod(0)
    data = ("--data", tmp_path / "data")
    rights = drop_the_superuser_s_right_to_read_and_write
    message = failure(serve_after(rights, *data, *tls_flags(cert, key)))
    assert message.startswith(f"The TLS private key {key} cannot be read: Permission denied.")


def test_a_data_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o500)
    for data in (folder, folder / "data"):
        rights = drop_the_superuser_s_right_to_read_and_write
        message = failure(serve_after(rights, "--data", data))
        assert message.startswith(f"The data folder {data} cannot be used: Permission denied.")
        assert "--data" in message


def test_a_database_that_may_not_be_written(tmp_path: Path) -> None:
    data = served(tmp_path)
    (data / "segel.db").chmod(0o400)
    message = failure(serve_after(drop_the_superuser_s_right_to_read_and_write, "--data", data))
    assert message.startswith(f"{data / 'segel.db'} cannot be used: attempt to write a readonly")
    data.chmod(0)
    rights = drop_the_superuser_s_right_to_read_and_write
    message = failure(segel_after(rights, "invitation", "list", "--data", data))
    assert message.startswith(f"The data folder {data} cannot be used: Permission denied.")


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "data"):
        message = failure(serve(tmp_path, "--data", data))
        assert message.startswith(f"The data folder {data} cannot be used: ")


def test_a_second_server_on_the_same_data(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "kept") as server:
        message = failure(serve(tmp_path, "--data", server.data))
        assert message.startswith("Another Segel server runs on the data folder")
        assert server.get("/v1/health") == b'{"status": "ok"}'


def test_a_full_disk_at_the_first_start(tmp_path: Path) -> None:
    message = failure(serve_after(fill_the_disk, "--data", tmp_path / "data"))
    assert (
        message
        == f"The disk of the data folder {tmp_path / 'data'} is full: make room and start again."
    )


def test_a_full_disk_at_a_later_start(tmp_path: Path) -> None:
    data = served(tmp_path)
    assert "is full: make room" in failure(serve_after(fill_the_disk, "--data", data))
    new = segel_after(fill_the_disk, "invitation", "new", "--data", data)
    assert "is full: make room" in failure(new)


@pytest.mark.parametrize(("version", "said"), [(99, "newer Segel"), (0, "older than any released")])
def test_data_of_another_version(tmp_path: Path, version: int, said: str) -> None:
    (tmp_path / "kept").mkdir()
    with sqlite3.connect(tmp_path / "kept/segel.db") as db:
        db.execute("CREATE TABLE groups (id)")
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    assert said in failure(serve(tmp_path, "--data", tmp_path / "kept"))
    assert said in failure(segel("invitation", "list", "--data", tmp_path / "kept"))
    assert list(everything(tmp_path / "kept")) == ["segel.db"]


def test_a_damaged_database(tmp_path: Path) -> None:
    data = served(tmp_path)
    (data / "segel.db").write_bytes(b"nothing that SQLite knows" * 100)
    for done in (serve(tmp_path, "--data", data), segel("invitation", "list", "--data", data)):
        assert "is damaged, or not of Segel" in failure(done)


def test_a_stranger_among_the_keys(tmp_path: Path) -> None:
    data = served(tmp_path)
    (data / "keys/stranger").write_text("")
    assert "keys is damaged, or not of Segel" in failure(serve(tmp_path, "--data", data))


def test_a_damaged_server_key(tmp_path: Path) -> None:
    data = served(tmp_path)
    (data / "server.key").write_bytes(b"short")
    assert "server.key is damaged" in failure(serve(tmp_path, "--data", data))
