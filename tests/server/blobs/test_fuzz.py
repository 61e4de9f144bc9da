"""Whatever is asked of a blob, in whatever words, it stays whole, and the server as it was."""

import asyncio
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segel.core.crypto.padding import padme
from segel.testing.blob_client import BlobClient, Secrets, create, text
from segel.testing.mutation import hostile
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, WireClient

SIZE = padme(4000)
CONTENT = os.urandom(SIZE)
VALUES = {
    b"Range": [b"bytes=0-9", b"bytes=-5", b"bytes=3999-", b"bytes=0-0,-1"],
    b"If-Range": [b'"a"', b"Mon, 01 Jan 2024 00:00:00 GMT"],
    b"Upload-Offset": [b"0", b"4000", b"4032", b"18446744073709551615"],
    b"Content-Length": [b"0", b"9", b"4032", b"-1"],
    b"Transfer-Encoding": [b"chunked", b"gzip, chunked"],
    b"Content-Encoding": [b"gzip", b"br"],
    b"Content-Type": [b"multipart/form-data; boundary=a", b"application/x-www-form-urlencoded"],
    b"Accept-Encoding": [b"gzip"],
}


class Kept:
    """A server with a whole blob, and one that is half there."""

    def __init__(self, server: ServerProcess) -> None:
        self.server = server

    async def make(self) -> None:
        """Uploads both."""
        async with WireClient(self.server.url) as alice, BlobClient(self.server.url) as blobs:
            meeting = NewMeeting()
            await alice.open(meeting)
            await alice.enter(meeting.epoch)
            self.whole = await create(alice, meeting.epoch, SIZE)
            self.half = await create(alice, meeting.epoch, SIZE)
            await blobs.put(self.whole, 0, CONTENT)
            await blobs.put(self.half, 0, CONTENT[:2000])

    async def is_well(self) -> bool:
        """The whole blob is what it was, and the half one not less."""
        async with BlobClient(self.server.url) as blobs:
            got = await blobs.get(self.whole)
            return got.body == CONTENT and await blobs.offset(self.half) >= 2000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with ServerProcess(Path(tmp_path_factory.mktemp("fuzz"), "data")) as server:
        made = Kept(server)
        asyncio.run(made.make())
        yield made


@st.composite
def headers(draw: st.DrawFn) -> list[bytes]:
    names = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=5))
    lines = []
    for name in names:
        value = draw(st.sampled_from(VALUES[name]) | hostile(VALUES[name], 40))
        lines.append(name + b": " + bytes(byte for byte in value if byte not in b"\r\n"))
    return lines


@settings(deadline=None, max_examples=60)
@given(
    method=st.sampled_from((b"GET", b"HEAD", b"PUT", b"POST", b"PATCH", b"OPTIONS")),
    half=st.booleans(),
    writing=st.booleans(),
    lines=headers(),
    body=st.binary(max_size=80),
)
def test_fuzz_requests(
    kept: Kept, method: bytes, half: bool, writing: bool, lines: list[bytes], body: bytes
) -> None:
    """With the true secrets; each is answered, or the connection closed, and nothing is lost."""
    secrets = kept.half if half else kept.whole
    status = exchange(kept.server, asked(secrets, method, writing, lines) + body)
    assert status[:1] in (b"", b"1", b"2", b"4"), status
    assert asyncio.run(kept.is_well())


def asked(secrets: Secrets, method: bytes, writing: bool, lines: list[bytes]) -> bytes:
    secret = text(secrets.token if writing else secrets.capability).encode()
    first = method + b" /v1/blobs/" + text(secrets.name).encode() + b" HTTP/1.1"
    fixed = [first, b"Host: a", b"Connection: close", b"Authorization: Bearer " + secret]
    return b"\r\n".join([*fixed, *lines, b"", b""])


def exchange(server: ServerProcess, sent: bytes) -> bytes:
    """The status of the answer; nothing more is sent."""
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return connection.recv(65_536)[9:12]
