"""Whatever a request's or a WebSocket's bytes are, the server answers or closes, and goes on: no
answer says that it failed.
"""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segel.core.wire import codec
from segel.core.wire.requests import Call, Ping
from segel.testing.mutation import hostile
from segel.testing.server_process import ServerProcess

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = (
    b"GET /v1/socket HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + KEY + b"\r\n\r\n"
)
PATHS = (b"/", b"/m", b"/v1/socket", b"/v1/call", b"/v1/server", b"/v1/health", b"/assets/a.js")
HEADERS = {
    b"Accept-Encoding": b"gzip, br;q=0.5",
    b"Content-Encoding": b"deflate",
    b"Content-Type": b"text/html; charset=utf-8",
    b"Cookie": b"a=b",
    b"Host": b"[::1]:8080",
    b"If-Modified-Since": b"Mon, 01 Jan 2024 00:00:00 GMT",
    b"If-None-Match": b'"a", W/"b"',
    b"Origin": b"https://[::1]:8080",
    b"Range": b"bytes=0-9",
    b"Sec-WebSocket-Extensions": b"permessage-deflate; client_max_window_bits=9",
    b"Sec-WebSocket-Key": KEY,
    b"Sec-WebSocket-Protocol": b"a, b",
    b"Sec-WebSocket-Version": b"13",
    b"Upgrade": b"websocket",
}


def without(data: bytes, signs: bytes) -> bytes:
    """The data without signs that would end the line or the word."""
    return bytes(byte for byte in data if byte not in signs)


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A whole request: its first line and headers are hostile, its length is true."""
    method = draw(st.sampled_from((b"GET", b"POST", b"HEAD", b"PUT", b"OPTIONS")))
    path = draw(st.sampled_from(PATHS) | hostile([b"/%00", b"/" + b"a" * 300, *PATHS], 300))
    names = draw(st.lists(st.sampled_from(sorted(HEADERS)), max_size=6, unique=True))
    lines = [method + b" /" + without(path, b"\r\n \t").lstrip(b"/") + b" HTTP/1.1", b"Host: a"]
    for name in names:
        value = draw(st.just(HEADERS[name]) | hostile([HEADERS[name]], 40))
        lines.append(name + b": " + without(value, b"\r\n"))
    body = draw(st.binary(max_size=60)) if method in (b"POST", b"PUT") else b""
    lines += [b"Content-Length: %d" % len(body), b"Connection: close", b"", body]
    return b"\r\n".join(lines)


def masked(payload: bytes, first: int = 0x82) -> bytes:
    """A client's frame with a mask of zeros (RFC 6455 5.2)."""
    return bytes((first, 0x80 | len(payload))) + bytes(4) + payload


CALL = codec.encode(Call(1, codec.encode(Ping()), None))
FRAMES = [
    masked(CALL), masked(CALL, 0x02) + masked(CALL, 0x80), masked(b"text", 0x81),
    masked(b"", 0x89), masked(b"\x03\xe8", 0x88), b"\x82\xff" + b"\xff" * 8, b"\x82\x01a",
    b"\x82\xff" + bytes(4) + b"\x10\0\0\0",
]  # fmt: skip


def exchange(server: ServerProcess, sent: bytes) -> bytes:
    """The first bytes of the answer."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        return connection.recv(65_536)


def has_failed(server: ServerProcess) -> bool:
    """Whether a call ended by an error that nobody foresaw; others' answers tell of theirs."""
    return b"call_failed" in server.log.read_bytes()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /v1/socket HTTP/1.1\r\nHost: a\r\nOrigin: http://[\r\n\r\n",
        b"POST /v1/call HTTP/1.1\r\nHost: a\r\nOrigin: http://[\r\nContent-Length: 0\r\n\r\n",
        UPGRADE.replace(KEY, b"\xff"),
        b"GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"a" * 300 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"POST /v1/call HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 1\r\n\r\nx",
    ],
)
def test_what_is_no_request_of_ours_is_the_askers_fault(
    server: ServerProcess, request_bytes: bytes
) -> None:
    assert exchange(server, request_bytes).startswith(b"HTTP/1.1 4")
    assert not has_failed(server)


@settings(deadline=None)
@given(sent=requests())
def test_fuzz_requests(server: ServerProcess, sent: bytes) -> None:
    """Each is answered, and never with a failure of the server; only a missing build is told."""
    status = exchange(server, sent)[9:12]
    assert status[:1] in (b"1", b"2", b"3", b"4") or status == b"503", status
    assert not has_failed(server)


@settings(deadline=None)
@given(frames=st.lists(hostile(FRAMES, 80), min_size=1, max_size=4))
def test_fuzz_frames(server: ServerProcess, frames: list[bytes]) -> None:
    """The socket is opened, and whatever comes then leaves the server as it was."""
    assert exchange(server, UPGRADE + b"".join(frames)).startswith(b"HTTP/1.1 101 ")
    assert exchange(server, b"GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n").startswith(
        b"HTTP/1.1 200 "
    )
    assert not has_failed(server)
