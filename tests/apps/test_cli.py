"""A server as its operator runs it: its life, its key, its certificate."""

import asyncio
import json
import os
import signal
import ssl
import time
from pathlib import Path

import aiohttp

from segel.core.wire import codec
from segel.core.wire.answers import Hello
from segel.server.ledger.ledger import ledger
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import WireClient

from .conftest import certificate, segel

SECRET = ("server.key", "segel.db", "segel.db-wal", "keys")


def test_version_and_help() -> None:
    assert segel("--version").stdout.startswith("segel 0.")
    help_ = segel("serve", "--help").stdout
    assert "segel serve --starters invited" in help_
    assert "--media-address" in help_


def test_keeps_says_what_the_ledger_says() -> None:
    told = json.loads(segel("keeps", "--json").stdout)
    assert {each["id"] for each in told["stored"]} == {each.id for each in ledger().stored}
    said = segel("keeps", "--columns").stdout
    assert all(f"{table}.{column}: " in said for table, column in ledger().columns())


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


def test_the_key_stays_the_same_and_is_private(tmp_path: Path) -> None:
    documents = []
    for _ in range(2):
        with ServerProcess(tmp_path / "data") as server:
            documents.append(server.get("/v1/server"))
            secret = [tmp_path / "data" / each for each in SECRET]
            rights = [each.stat().st_mode & 0o777 for each in secret]
            assert rights == [0o600, 0o600, 0o600, 0o700]
            assert server.stop() == 0
    assert documents[0] == documents[1]


async def test_tls(tmp_path: Path) -> None:
    cert, key = map(str, certificate(tmp_path))
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


def test_a_renewed_certificate_is_taken_up_while_it_serves(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    flags = ("--tls-cert", str(cert), "--tls-key", str(key))
    with ServerProcess(tmp_path / "data", *flags) as server:
        address = ("127.0.0.1", int(server.url.rpartition(":")[2]))

        def renewed() -> str:
            """What stands in the log after the signal."""
            before = server.log.stat().st_size
            server.process.send_signal(signal.SIGHUP)
            while server.log.stat().st_size == before:
                time.sleep(0.01)
            return str(json.loads(server.log.read_text().splitlines()[-1])["event"])

        def shown() -> str:
            return ssl.get_server_certificate(address)

        first = cert.read_text()
        assert shown() == first
        cert.write_bytes(certificate(tmp_path / "other")[0].read_bytes())
        assert renewed() == "certificate_refused"  # its key is not there yet
        assert shown() == first
        key.write_bytes((tmp_path / "other/key.pem").read_bytes())
        assert renewed() == "certificate_renewed"
        assert shown() == cert.read_text() != first


async def test_a_stop_of_the_whole_process_group_alarms_nobody(tmp_path: Path) -> None:
    """As a Ctrl-C, a terminal, or a service manager does it: the media process hears it too."""
    for number in (signal.SIGTERM, signal.SIGINT):
        with ServerProcess(tmp_path / number.name) as server:
            relay = media_process(server.process.pid)
            os.kill(relay, number)
            os.kill(server.process.pid, number)
            assert await asyncio.to_thread(server.process.wait, 10) == 0
        events = [json.loads(line)["event"] for line in server.log.read_text().splitlines()]
        assert events == ["relay_started", "started", "stopping", "stopped"]


def test_the_media_process_is_in_no_group_of_the_terminal(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        assert os.getsid(media_process(server.process.pid)) != os.getsid(server.process.pid)


def media_process(pid: int) -> int:
    """The only child of a server."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    (child,) = [int(child) for each in lists for child in each.read_text().split()]
    return child
