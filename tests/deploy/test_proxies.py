"""The configurations of deploy/ in Debian's own proxies, before a real server."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from segel.core.crypto.padding import padme
from segel.core.wire.answers import Done, RowEvent
from segel.core.wire.requests import Ping
from segel.testing.blob_client import BlobClient, create
from segel.testing.certificates import Authority
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient, of

from .proxies import NAME, Caddy, Nginx, Proxy

KINDS = pytest.mark.parametrize("kind", [Nginx, Caddy])
SLICE = 8 * 2**20
"""The greatest slice of a file that clients send at once."""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


def port_of(server: ServerProcess) -> int:
    return int(server.url.rpartition(":")[2])


def session(authority: Authority) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=authority.trusted))


@KINDS
async def test_members_meet_through_it(
    tmp_path: Path, server: ServerProcess, authority: Authority, kind: type[Proxy]
) -> None:
    with kind(tmp_path, port_of(server), *authority.issue(NAME)) as proxy:
        trusted = authority.trusted
        async with (
            WireClient(proxy.url, proxy.url, trusted) as alice,
            WireClient(proxy.url, proxy.url, trusted) as bob,
        ):
            meeting = NewMeeting()
            await alice.open(meeting)
            await alice.enter(meeting.epoch)
            await bob.enter(meeting.epoch)
            said = os.urandom(1_300_000)
            await alice.append(meeting.epoch, said)
            assert (await bob.expect(RowEvent)).row.body == said
        with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
            await WireClient(proxy.url, "https://elsewhere.example", trusted).__aenter__()


@KINDS
async def test_files_pass_in_their_greatest_slices(
    tmp_path: Path, server: ServerProcess, authority: Authority, kind: type[Proxy]
) -> None:
    first, second = os.urandom(SLICE), os.urandom(padme(SLICE + 1) - SLICE)
    with kind(tmp_path, port_of(server), *authority.issue(NAME)) as proxy:
        trusted = authority.trusted
        async with (
            WireClient(proxy.url, proxy.url, trusted) as alice,
            BlobClient(proxy.url, trusted) as files,
        ):
            meeting = NewMeeting()
            await alice.open(meeting)
            await alice.enter(meeting.epoch)
            secrets = await create(alice, meeting.epoch, len(first + second))
            assert (await files.put(secrets, 0, first)).offset == SLICE
            assert (await files.put(secrets, SLICE, second)).status == 204
            assert (await files.get(secrets)).body == first + second


@KINDS
async def test_headers_pass(
    tmp_path: Path, server: ServerProcess, authority: Authority, kind: type[Proxy]
) -> None:
    with kind(tmp_path, port_of(server), *authority.issue(NAME)) as proxy:
        async with session(authority) as browser:
            async with browser.get(f"{proxy.url}/v1/server") as answer:
                assert answer.status == 200
                assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"
                assert f"wss://{NAME}:{proxy.port}" in answer.headers["Content-Security-Policy"]


@KINDS
async def test_the_server_is_not_told_who_asks(
    tmp_path: Path, authority: Authority, kind: type[Proxy]
) -> None:
    """Not even where a client would have it believe something."""
    seen: list[str] = []

    async def record(request: web.Request) -> web.Response:
        seen.extend(f"{name}: {value}" for name, value in request.headers.items())
        return web.Response()

    app = web.Application()
    app.router.add_get("/", record)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    with kind(tmp_path, port, *authority.issue(NAME)) as proxy:
        async with session(authority) as browser:
            told = {"X-Forwarded-For": "192.0.2.9", "X-Real-IP": "192.0.2.9"}
            async with browser.get(proxy.url, headers=told):
                pass
    await runner.cleanup()
    assert f"Host: {NAME}:{proxy.port}" in seen
    assert [each for each in seen if "192.0.2.9" in each or "127.0.0.1" in each] == []


@KINDS
async def test_a_new_certificate_is_taken_without_a_stop(
    tmp_path: Path, server: ServerProcess, authority: Authority, kind: type[Proxy]
) -> None:
    with kind(tmp_path, port_of(server), *authority.issue(NAME)) as proxy:
        before = proxy.shown_certificate()
        async with WireClient(proxy.url, proxy.url, authority.trusted) as client:
            proxy.cert, proxy.key = authority.issue(NAME)
            await asyncio.to_thread(proxy.run_reload)
            await asyncio.to_thread(proxy.wait_for_another_certificate, before)
            if (
                kind is Nginx
            ):  # Caddy ends WebSockets at a reload, and pages come back by themselves
                of(Done, await client.ask(Ping()))
            async with WireClient(proxy.url, proxy.url, authority.trusted) as other:
                of(Done, await other.ask(Ping()))


async def logged_at_a_failure(
    folder: Path, authority: Authority, kind: type[Proxy], **edits: str
) -> str:
    """What a proxy writes when nobody serves behind it."""
    proxy = kind(folder, 9, *authority.issue(NAME))
    proxy.edits = edits
    with proxy:
        async with session(authority) as browser:
            async with browser.get(f"{proxy.url}/m") as answer:
                assert answer.status == 502
    return proxy.logged()


@KINDS
async def test_no_address_is_logged_even_when_segel_is_gone(
    tmp_path: Path, authority: Authority, kind: type[Proxy]
) -> None:
    logged = await logged_at_a_failure(tmp_path, authority, kind)
    assert "remote_ip" not in logged
    assert "client:" not in logged


async def test_without_the_lines_on_logs_an_address_is(
    tmp_path: Path, authority: Authority
) -> None:
    told = {"exclude http.log.error http.handlers.reverse_proxy": "exclude nothing"}
    assert '"remote_ip":"127.0.0.1"' in await logged_at_a_failure(
        tmp_path, authority, Caddy, **told
    )
    told = {".log crit;": ".log;"}
    assert "client: 127.0.0.1" in await logged_at_a_failure(tmp_path, authority, Nginx, **told)


async def test_nginx_leads_from_http_to_https(
    tmp_path: Path, server: ServerProcess, authority: Authority
) -> None:
    """Caddy does so by itself where it has port 80."""
    with Nginx(tmp_path, port_of(server), *authority.issue(NAME)) as proxy:
        async with session(authority) as browser:
            http = f"http://127.0.0.1:{proxy.http_port}/m"
            async with browser.get(http, allow_redirects=False) as answer:
                assert (answer.status, answer.headers["Location"]) == (308, f"https://{NAME}/m")
