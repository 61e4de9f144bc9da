"""What every response carries, the web client's files, and the documents about the server."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from multidict import CIMultiDictProxy
from yarl import URL

from segel.server.http import static
from segel.server.http.headers import FIXED, HSTS, on_prepare, policy
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import WireClient


async def fetch(
    url: str | URL, headers: dict[str, str] | None = None
) -> tuple[int, CIMultiDictProxy[str], bytes]:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(url, headers=headers) as got,
    ):
        return got.status, got.headers, await got.read()


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[str]:
    """A built web client on a real socket."""
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (tmp_path / "secret").write_text("not served")
    (folder / "index.html").write_text("<!doctype html>the page")
    (folder / "preview.html").write_text("<!doctype html>of somebody else")
    (folder / "assets/app-0a1b.js").write_text("plain")
    (folder / "assets/app-0a1b.js.br").write_bytes(b"brotli")
    (folder / "assets/app-0a1b.js.gz").write_bytes(b"gzip")
    app = web.Application()
    app.on_response_prepare.append(on_prepare(tls=True))
    static.add_routes(app, folder)
    runner = web.AppRunner(app)
    await runner.setup()
    tcp = web.TCPSite(runner, "127.0.0.1", 0)
    await tcp.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("path", ["/", "/m", "/v1/server", "/v1/health", "/nothing"])
async def test_every_response_carries_the_policy(server: ServerProcess, path: str) -> None:
    _, got, _ = await fetch(server.url + path)
    rules = dict(part.split(" ", 1) for part in got["Content-Security-Policy"].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == rules["worker-src"] == "'self'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == "segel"
    assert "unsafe" not in got["Content-Security-Policy"]
    for name, value in FIXED.items():
        assert got[name] == value
    assert "Server" not in got
    assert "Strict-Transport-Security" not in got


def test_a_hostile_host_puts_nothing_into_the_policy() -> None:
    assert "evil" not in policy("x; script-src evil")
    assert "ws://segel.example:8443" in policy("segel.example:8443")


async def test_the_page_that_shows_files_has_no_origin_wherever_it_is_opened(site: str) -> None:
    _, got, body = await fetch(f"{site}/preview.html", headers={"Accept-Encoding": "identity"})
    assert body == b"<!doctype html>of somebody else"
    assert got["Content-Security-Policy"] == "sandbox allow-scripts; frame-ancestors 'self'"
    assert got["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert got["Cross-Origin-Embedder-Policy"] == "require-corp"
    _, page, _ = await fetch(f"{site}/")
    assert "sandbox" not in page["Content-Security-Policy"]


async def test_files_are_cached_by_their_kind(site: str) -> None:
    status, got, body = await fetch(
        f"{site}/assets/app-0a1b.js", headers={"Accept-Encoding": "identity"}
    )
    assert (status, body) == (200, b"plain")
    assert got["Cache-Control"] == static.IMMUTABLE
    assert got["Strict-Transport-Security"] == HSTS
    for path in ("/", "/m"):
        status, got, body = await fetch(site + path)
        assert (status, got["Cache-Control"]) == (200, "no-cache")
        assert body.endswith(b"the page")


@pytest.mark.parametrize(
    ("accepted", "encoding", "body"), [("br, gzip", "br", b"brotli"), ("gzip", "gzip", b"gzip")]
)
async def test_compressed_files_are_served(
    site: str, accepted: str, encoding: str, body: bytes
) -> None:
    _, got, sent = await fetch(f"{site}/assets/app-0a1b.js", headers={"Accept-Encoding": accepted})
    assert (got["Content-Encoding"], sent) == (encoding, body)
    assert "javascript" in got["Content-Type"]


@pytest.mark.parametrize(
    "path", ["/../secret", "/%2e%2e/secret", "/assets/..%2f..%2fsecret", "//etc/passwd"]
)
async def test_nothing_outside_the_folder_is_served(site: str, path: str) -> None:
    status, _, body = await fetch(URL(site + path, encoded=True))
    assert status in (400, 404)
    assert b"not served" not in body


@pytest.mark.parametrize("path", ["/nope", "/m/", "/assets", "/assets/gone.js", "/v1/nope"])
async def test_a_person_is_told_that_nothing_is_there_and_a_program_as_well(
    site: str, path: str
) -> None:
    status, got, body = await fetch(site + path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert (status, got["Cache-Control"]) == (404, "no-store")
    assert got["Content-Type"] == "text/html"
    assert "default-src 'none'" in got["Content-Security-Policy"]
    assert body.endswith(b"the page")
    status, _, body = await fetch(site + path, headers={"Accept": "*/*"})
    assert status == 404
    assert b"the page" not in body


async def test_the_server_says_who_it_is(server: ServerProcess, alice: WireClient) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/v1/server") as got:
        document = await got.json()
    assert urlsafe_b64decode(document["server_key"] + "=") == alice.hello.server_key
    assert set(document) == {
        "version",
        "protocol",
        "server_key",
        "operator",
        "location",
        "contact",
        "starters",
        "media",
        "files",
        "keeps",
    }
    assert document["files"] == {"largest": 8 * 10**9, "group": 20 * 10**9}
    assert all(set(each) == {"what", "why", "until"} for each in document["keeps"])


async def test_health_is_ok(server: ServerProcess) -> None:
    assert server.get("/v1/health") == b'{"status": "ok"}'


@pytest.mark.parametrize("path", ["/", "/v1/server", "/v1/blobs/any"])
@pytest.mark.parametrize("value", [b"\xff", b"more"])
async def test_an_expectation_that_nobody_meets_is_417(
    server: ServerProcess, path: str, value: bytes
) -> None:
    url = URL(server.url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {url.authority}\r\nExpect: ".encode() + value)
    writer.write(b"\r\n\r\n")
    assert (await reader.readline()).split()[1] == b"417"
    writer.close()
    await writer.wait_closed()
