"""The command line against real processes: what an operator meets."""

import asyncio
import socket
import sqlite3
import ssl
import subprocess
import time
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from segel.core.wire import codec, requests
from segel.core.wire.answers import Done, Hello
from segel.testing.server_process import COMMAND, ServerProcess
from segel.testing.wire_client import NewMeeting, RefusedError, WireClient


def segel(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=20,
        env=environment or None,
        check=False,
    )


def serve(tmp_path: Path, *flags: str) -> subprocess.CompletedProcess[str]:
    return segel(
        "serve", "--port", "0", "--media-port", "0", "--data", str(tmp_path / "data"), *flags
    )


def test_version_and_help() -> None:
    assert segel("--version").stdout.startswith("segel 0.")
    help_ = segel("serve", "--help").stdout
    assert "segel serve --starters invited" in help_
    assert "--media-address" in help_


async def test_sigterm_says_goodbye_and_ends_with_0(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        async with WireClient(server.url) as client:
            began = time.monotonic()
            code = await asyncio.to_thread(server.stop)
            assert (code, time.monotonic() - began < 5) == (0, True)
            await asyncio.wait_for(client.closed, 5)
            assert client.goodbye is not None
            assert client.goodbye.reason == "shutdown"
    assert "Traceback" not in server.log.read_text()


def test_a_taken_tcp_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve(tmp_path, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 3
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_udp_port(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", 0))  # noqa: S104 - where the relay binds
        done = serve(tmp_path, "--media-port", str(taken.getsockname()[1]))
    assert done.returncode == 4
    assert "--media-port" in done.stderr


def test_a_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = serve(tmp_path, "--data", str(tmp_path / "file" / "data"))
    assert done.returncode == 5
    assert "cannot be written" in done.stderr


def test_a_second_server_on_the_same_data(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data"):
        done = serve(tmp_path)
    assert done.returncode == 5
    assert "Another Segel server" in done.stderr


def test_data_of_a_newer_version(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with sqlite3.connect(tmp_path / "data/segel.db") as db:
        db.execute("CREATE TABLE groups (id)")
        db.execute("PRAGMA user_version = 99")
    db.close()
    done = serve(tmp_path)
    assert done.returncode == 6
    assert "newer" in done.stderr


def test_a_bad_certificate(tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nothing")
    done = serve(
        tmp_path, "--tls-cert", str(tmp_path / "bad.pem"), "--tls-key", str(tmp_path / "bad.pem")
    )
    assert done.returncode == 7
    assert "certificate" in done.stderr


def test_a_file_gives_settings_and_flags_stand_above_it(tmp_path: Path) -> None:
    (tmp_path / "segel.toml").write_text('operator = "From the file"\nlocation = "Bern"\n')
    flags = ("--config", str(tmp_path / "segel.toml"), "--operator", "From the flag")
    with ServerProcess(tmp_path / "data", *flags) as server:
        document = server.get("/v1/server").decode()
    assert '"operator": "From the flag"' in document
    assert '"location": "Bern"' in document


def test_a_file_with_a_wrong_name(tmp_path: Path) -> None:
    (tmp_path / "segel.toml").write_text("prot = 80\n")
    done = serve(tmp_path, "--config", str(tmp_path / "segel.toml"))
    assert done.returncode == 2
    assert "prot" in done.stderr


def test_the_key_stays_the_same_and_is_private(tmp_path: Path) -> None:
    documents = []
    for _ in range(2):
        with ServerProcess(tmp_path / "data") as server:
            documents.append(server.get("/v1/server"))
            assert server.stop() == 0
    assert documents[0] == documents[1]
    assert (tmp_path / "data/server.key").stat().st_mode & 0o777 == 0o600


async def test_only_the_invited_start_meetings(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with ServerProcess(tmp_path / "data", "--starters", "invited") as server:
        token = urlsafe_b64decode(segel("invitation", "new", "--data", data).stdout.strip() + "==")
        async with WireClient(server.url) as client:
            for given, code in ((None, "invitation_required"), (bytes(16), "bad_invitation")):
                with pytest.raises(RefusedError, match=code):
                    await client.ask(NewMeeting().request(invitation=given))
            first = NewMeeting()
            await client.ask(first.request(invitation=token))
            with pytest.raises(RefusedError, match="bad_invitation"):
                await client.ask(NewMeeting().request(invitation=token))
            await client.open(NewMeeting(2, first.alias, first.opener))
            assert await client.ask(requests.Ping()) == Done()
        segel("invitation", "new", "--data", data, "--note", "for the ward")
        listed = segel("invitation", "list", "--data", data).stdout.splitlines()
        names = [line.split()[0] for line in listed if "for the ward" in line]
        assert segel("invitation", "revoke", "--data", data, names[0]).returncode == 0
        assert "for the ward" not in segel("invitation", "list", "--data", data).stdout
        assert segel("invitation", "revoke", "--data", data, names[0]).returncode == 1


def certificate(folder: Path) -> tuple[str, str]:
    """A self-signed certificate and its key, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, begin, begin + timedelta(3650))
    signed = built.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, content in (("cert.pem", signed), ("key.pem", private)):
        (folder / file).write_bytes(content)
    return str(folder / "cert.pem"), str(folder / "key.pem")


async def test_tls(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    with ServerProcess(tmp_path / "data", "--tls-cert", cert, "--tls-key", key) as server:
        assert server.url.startswith("https://")
        trusted = ssl.create_default_context(cafile=cert)
        trusted.check_hostname = False
        connector = aiohttp.TCPConnector(ssl=trusted)
        async with aiohttp.ClientSession(connector=connector) as session:
            async with session.get(f"{server.url}/v1/health") as health:
                assert health.headers["Strict-Transport-Security"]
            async with session.ws_connect(f"{server.url}/v1/socket") as ws:
                assert isinstance(codec.decode_server(await ws.receive_bytes()), Hello)


def test_plain_http_for_others_warns(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", "--host", "0.0.0.0") as server:  # noqa: S104 - that is tested
        assert "TLS" in server.log.read_text()
