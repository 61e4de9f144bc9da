"""The headers of every response: what a page of this server may do, and who may look at it."""

import re
from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion11, web

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob: data:",
    "media-src": "'self' blob:",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "font-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "segel",
}
"""The Content-Security-Policy: nothing but this server's own files, no inline code, no HTML from
text.
"""

PREVIEW = {
    "Content-Security-Policy": "sandbox allow-scripts; frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""For the page that shows a file of somebody else: it has no origin, wherever it is opened, so that
to Firefox its frame is of another than this server's. What it may load, nothing, stands in the page
itself, with its own script's hash.
"""

FIXED = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    "X-Content-Type-Options": "nosniff",
}
HSTS = "max-age=63072000"
HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9]+)?")

Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def policy(host: str) -> str:
    """The policy's text. Some browsers do not count the host's WebSocket as 'self': it is named."""
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    named = POLICY | {"connect-src": POLICY["connect-src"] + sockets}
    return "; ".join(f"{name} {value}" for name, value in named.items())


async def expected(request: web.Request) -> None:
    """Says that a body may come to whom asks first, and 417 to any other `Expect`, which need not
    even be text. Raises HTTPExpectationFailed.
    """
    if request.version < HttpVersion11:
        return
    if request.headers.get("Expect", "").lower() != "100-continue":
        raise web.HTTPExpectationFailed
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0  # of the answer, nothing is sent


def on_prepare(tls: bool) -> Prepare:
    """The signal handler that sets the headers; HSTS only where this server itself speaks TLS."""

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy(request.host))
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.popall("Server", None)
        if tls:
            response.headers["Strict-Transport-Security"] = HSTS

    return prepare
