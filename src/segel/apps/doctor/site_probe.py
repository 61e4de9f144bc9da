"""Asks a server's address what a browser would ask, and a slice of a file."""

import asyncio
import contextlib
import os
import re
import socket
import ssl
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
import msgspec
from cryptography import x509

from segel.apps.doctor.site import SLICE, Answer, Certificate, Site
from segel.core.wire import codec
from segel.core.wire.answers import Hello

TIMEOUT = 10.0
GOODBYE = 0.1
"""Seconds."""
SCRIPT = re.compile(r'<script[^>]+src="(/[^"]+)"')


class _About(msgspec.Struct):
    """What is used of `/v1/server` (wire.md 8)."""

    version: str
    media: bool


async def look(url: str, now: float) -> Site:
    """All that is found at `url` (http or https, without a path). Raises nothing for what fails."""
    site = Site(url, now)
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        if parts.scheme == "https":
            site.certificate = await asyncio.to_thread(_certificate, parts.hostname or "", port)
        else:
            socket.create_connection((parts.hostname or "", port), TIMEOUT).close()
    except OSError as error:
        site.unreachable = _words(error)
        return site
    await _ask(site)
    return site


async def date(url: str) -> str:
    """The `Date` that a web server says; empty where it says none."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.head(url) as answer:
            return answer.headers.get("Date", "")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return ""


def is_public(host: str) -> bool:
    """Whether a name or address leads to where the whole internet can come."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return False
    return any(ip_address(each[4][0]).is_global for each in found)


def _certificate(host: str, port: int) -> Certificate:
    """Blocks. Raises OSError where nobody speaks TLS."""
    error, text = 0, ""
    try:
        with _connected(ssl.create_default_context(), host, port):
            pass
    except ssl.SSLCertVerificationError as refused:
        error, text = refused.verify_code, refused.verify_message
    with _connected(_trusting(), host, port) as shown:
        parsed = x509.load_der_x509_certificate(shown.getpeercert(binary_form=True) or b"")
    return Certificate(error, text, parsed.not_valid_after_utc.timestamp(), _names(parsed))


def _connected(context: ssl.SSLContext, host: str, port: int) -> ssl.SSLSocket:
    plain = socket.create_connection((host, port), TIMEOUT)
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _trusting() -> ssl.SSLContext:
    """To look on at what a browser would have turned away from; nothing secret is sent."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _names(parsed: x509.Certificate) -> tuple[str, ...]:
    try:
        named = parsed.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    return tuple(str(each.value) for each in named)


async def _ask(site: Site) -> None:
    connector = aiohttp.TCPConnector(ssl=_trusting(), force_close=True)
    timeout = aiohttp.ClientTimeout(total=TIMEOUT)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        site.page, text = await _get(session, f"{site.url}/", Accept="text/html")
        if found := SCRIPT.search(text):
            site.script, _ = await _get(session, site.url + found[1])
        _, document = await _get(session, f"{site.url}/v1/server")
        with contextlib.suppress(msgspec.DecodeError):
            about = msgspec.json.decode(document, type=_About)
            site.version, site.relay = about.version, about.media
        if date := site.page.header("Date"):
            site.clock = parsedate_to_datetime(date).timestamp()
        site.socket, site.server_key = await _greeting(session, site.url)
        site.body = await _put(session, site.url)
    # aiohttp lets go of TLS connections in the background, and the loop ends after this.
    await asyncio.sleep(GOODBYE)


async def _get(session: aiohttp.ClientSession, url: str, **headers: str) -> tuple[Answer, str]:
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as response:
            text = (await response.read()).decode(errors="replace")
            return Answer(response.status, dict(response.headers)), text
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Answer(failed=_words(error)), ""


async def _greeting(session: aiohttp.ClientSession, url: str) -> tuple[Answer, bytes]:
    """As a page of this server would open its socket."""
    try:
        async with session.ws_connect(f"{url}/v1/socket", headers={"Origin": url}) as ws:
            hello = codec.decode_server(await ws.receive_bytes(timeout=TIMEOUT))
            key = hello.server_key if isinstance(hello, Hello) else b""
            return Answer(101), key
    except aiohttp.WSServerHandshakeError as error:
        return Answer(error.status), b""
    except (aiohttp.ClientError, TimeoutError, OSError, TypeError, codec.Malformed) as error:
        return Answer(failed=_words(error)), b""


async def _put(session: aiohttp.ClientSession, url: str) -> Answer:
    """A slice for a file that is not there: whoever refuses it, it must not be for its size."""
    name = urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(SLICE // 2**16):
            yield bytes(2**16)

    headers = {"Content-Length": str(SLICE), "Upload-Offset": "0"}
    try:
        async with session.put(f"{url}/v1/blobs/{name}", data=parts(), headers=headers) as response:
            return Answer(response.status, dict(response.headers))
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Answer(failed=_words(error))


def _words(error: BaseException) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
