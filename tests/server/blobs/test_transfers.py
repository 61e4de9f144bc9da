"""Blobs go up and come down whole, in any slices and ranges, and only by their secrets."""

import asyncio
import os
from collections.abc import AsyncIterator

import aiohttp
import pytest

from segel.core.crypto.padding import padme
from segel.core.wire.answers import BlobCreated
from segel.testing.blob_client import BlobClient, Secrets, create
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Key, NewMeeting, RefusedError, WireClient, of

SIZE = padme(700_000)
CONTENT = os.urandom(SIZE)


@pytest.fixture
async def blobs(server: ServerProcess) -> AsyncIterator[BlobClient]:
    async with BlobClient(server.url) as client:
        yield client


@pytest.fixture
async def meeting(alice: WireClient) -> NewMeeting:
    made = NewMeeting()
    await alice.open(made)
    await alice.enter(made.epoch)
    return made


@pytest.fixture
async def secrets(alice: WireClient, meeting: NewMeeting) -> Secrets:
    return await create(alice, meeting.epoch, SIZE)


async def test_a_blob_goes_up_in_slices_and_comes_down(blobs: BlobClient, secrets: Secrets) -> None:
    assert (await blobs.get(secrets)).status == 404
    for begin, end in [(0, 5), (5, 5), (5, 300_001), (300_001, SIZE)]:
        assert await blobs.offset(secrets) == begin
        done = await blobs.put(secrets, begin, CONTENT[begin:end])
        assert (done.status, done.offset) == (204, end)
        assert done.headers["Upload-Length"] == str(SIZE)
    got = await blobs.get(secrets)
    assert (got.status, got.body) == (200, CONTENT)
    head = await blobs.ask("HEAD", secrets.name, secrets.capability)
    assert (head.status, head.headers["Content-Length"]) == (200, str(SIZE))
    assert (await blobs.delete(secrets)).status == 204
    for secret in (secrets.capability, secrets.token):
        assert (await blobs.ask("HEAD", secrets.name, secret)).status == 404


@pytest.mark.parametrize(
    ("header", "begin", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=17-", 17, SIZE),
        ("bytes=262143-262144", 262_143, 262_145),
        ("Bytes=-9", SIZE - 9, SIZE),
        (f"bytes=-{SIZE + 5}", 0, SIZE),
        (f"bytes=5-{10**15}", 5, SIZE),
    ],
)
async def test_a_range(
    blobs: BlobClient, secrets: Secrets, header: str, begin: int, end: int
) -> None:
    await blobs.put(secrets, 0, CONTENT)
    got = await blobs.get(secrets, Range=header)
    assert (got.status, got.body) == (206, CONTENT[begin:end])
    assert got.headers["Content-Range"] == f"bytes {begin}-{end - 1}/{SIZE}"
    whole = await blobs.get(secrets, Range=header, If_Range='"x"')
    assert (whole.status, whole.body) == (200, CONTENT)


UNSATISFIABLE = (
    "bytes=-0", "bytes=-", "bytes=5-4", f"bytes={SIZE}-", "bytes=0-1,4-5", "bytes", "", "bytes=1",
    "lines=0-1", "bytes=-1-2", "bytes=+1-2", "bytes=0x1-2", "bytes=" + "9" * 4000 + "-",
    "bytes=٣-٤", "bytes=0-1 ",
)  # fmt: skip


async def test_hostile_ranges(blobs: BlobClient, secrets: Secrets) -> None:
    await blobs.put(secrets, 0, CONTENT)
    for header in UNSATISFIABLE[:-1]:
        got = await blobs.get(secrets, Range=header)
        assert (header, got.status, got.body) == (header, 416, b"")
        assert got.headers["Content-Range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("offset", ["1", "-0", "+0", "0x0", "", " ", "99999999999999999", "٠"])
async def test_only_the_durable_offset_is_added_to(
    blobs: BlobClient, secrets: Secrets, offset: str
) -> None:
    got = await blobs.ask("PUT", secrets.name, secrets.token, CONTENT, Upload_Offset=offset)
    assert got.status == (409 if offset == "1" else 400)
    assert await blobs.offset(secrets) == 0
    if offset == "1":
        assert got.offset == 0


async def test_no_more_than_the_size_is_taken(blobs: BlobClient, secrets: Secrets) -> None:
    assert (await blobs.put(secrets, 0, CONTENT + b"!")).status == 413
    assert await blobs.offset(secrets) == 0

    async def chunked() -> AsyncIterator[bytes]:
        yield CONTENT[:400_000]
        yield CONTENT[400_000:] + b"!"

    got = await blobs.put(secrets, 0, chunked())
    assert got.status == 413
    assert await blobs.offset(secrets) == got.offset <= SIZE
    assert (await blobs.put(secrets, got.offset, CONTENT[got.offset :])).status == 204
    assert (await blobs.put(secrets, SIZE, b"!")).status == 413
    assert (await blobs.get(secrets)).body == CONTENT


async def test_what_is_not_ones_own_is_as_if_it_were_not_there(
    blobs: BlobClient, secrets: Secrets
) -> None:
    """Unknown, not authorised, of the other secret: one answer, byte for byte but for the date."""
    await blobs.put(secrets, 0, CONTENT)
    name, none = secrets.name, os.urandom(32)
    asks = [
        ("GET", none, os.urandom(32)),
        ("GET", name, os.urandom(32)),
        ("GET", name, secrets.token),
        ("HEAD", none, os.urandom(16)),
        ("HEAD", name, os.urandom(16)),
        ("HEAD", name, os.urandom(32)),
        ("PUT", none, os.urandom(16)),
        ("PUT", name, os.urandom(16)),
        ("PUT", name, secrets.capability),
        ("DELETE", none, os.urandom(16)),
        ("DELETE", name, os.urandom(16)),
        ("DELETE", name, secrets.capability),
    ]
    answers = [await blobs.ask(*ask, Upload_Offset="0") for ask in asks]
    said = {
        (ask[0], got.body, *sorted((k, v) for k, v in got.headers.items() if k != "Date"))
        for ask, got in zip(asks, answers, strict=True)
    }
    assert len(said) == 4
    assert {got.status for got in answers} == {404}
    assert (await blobs.get(secrets)).body == CONTENT


async def test_names_that_are_paths_and_secrets_that_are_none(
    blobs: BlobClient, secrets: Secrets, server: ServerProcess
) -> None:
    await blobs.put(secrets, 0, CONTENT)
    host = server.url.removeprefix("http://")
    own = blobs.address(secrets.name).rpartition("/")[2]
    names = ["../segel.db", "..%2fserver.key", "%2e%2e%2f%2e%2e%2fkeys", own + "=", own + "%00",
             own[1:], own + "/..", "%2fetc", "a" * 43, "%ff" * 43, "A" * 4000]  # fmt: skip
    for name in names:
        for method in ("GET", "PUT", "DELETE", "HEAD"):
            status, body = await raw(host, f"{method} /v1/blobs/{name} HTTP/1.1\r\nHost: {host}\r\n"
                f"Authorization: Bearer {'A' * 43}\r\nUpload-Offset: 0\r\n")  # fmt: skip
            assert (name, status in (400, 403, 404, 405)) == (name, True)
            assert b"SQLite" not in body
    for secret in ("", "Bearer", "Bearer ", "Basic QTpC", f"Bearer {'A' * 44}", "Bearer \xff"):
        got = await blobs.ask("GET", secrets.name, b"", Authorization=secret)
        assert got.status == 404


async def raw(host: str, head: str) -> tuple[int, bytes]:
    """A request as written, without what a library would mend."""
    address, _, port = host.rpartition(":")
    reader, writer = await asyncio.open_connection(address, int(port))
    writer.write(head.encode("latin-1") + b"Connection: close\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return int(answer.split(b" ", 2)[1]), answer


async def test_nothing_of_an_answer_becomes_a_page(blobs: BlobClient, secrets: Secrets) -> None:
    await blobs.put(secrets, 0, b"<script>alert(1)</script>" + CONTENT[25:])
    for got in (await blobs.get(secrets), await blobs.get(Secrets())):
        assert got.headers["Content-Type"] == "application/octet-stream"
        assert got.headers["Content-Disposition"] == "attachment"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert got.headers["Cache-Control"] == "no-store"


async def test_pages_of_other_origins_are_refused(blobs: BlobClient, secrets: Secrets) -> None:
    for method, secret in [("PUT", secrets.token), ("GET", secrets.capability)]:
        got = await blobs.ask(method, secrets.name, secret, Origin="https://elsewhere.example")
        assert got.status == 403
    own = blobs.address(secrets.name).partition("/v1/")[0]
    got = await blobs.ask(
        "PUT", secrets.name, secrets.token, CONTENT, Origin=own, Upload_Offset="0"
    )
    assert got.status == 204


async def test_making_room_again_and_in_anothers_place(
    alice: WireClient, meeting: NewMeeting, blobs: BlobClient
) -> None:
    secrets = Secrets()
    ask = secrets.request(meeting.epoch, SIZE)
    made = of(BlobCreated, await alice.ask(ask))
    await blobs.put(secrets, 0, CONTENT[:9])
    assert of(BlobCreated, await alice.ask(ask)) == BlobCreated(9, made.expires)
    with pytest.raises(RefusedError, match="taken"):
        await alice.ask(secrets.request(meeting.epoch, padme(SIZE + 1)))
    for size in (SIZE + 1, 1001):
        with pytest.raises(RefusedError, match="malformed"):
            await alice.ask(Secrets().request(meeting.epoch, size))


async def test_room_is_for_members_of_the_latest_epoch(
    alice: WireClient, bob: WireClient, meeting: NewMeeting
) -> None:
    with pytest.raises(RefusedError, match="not_proven"):
        await bob.ask(Secrets().request(meeting.epoch, SIZE))
    await bob.enter(meeting.epoch)
    await alice.commit(meeting.epoch, b"remove bob", Key())
    with pytest.raises(RefusedError, match="stale"):
        await bob.ask(Secrets().request(meeting.epoch, SIZE))


async def test_a_newer_upload_ends_the_one_before_it(
    server: ServerProcess, blobs: BlobClient, secrets: Secrets
) -> None:
    """A connection that died without a word must not keep its sender from going on."""

    async def stalled() -> AsyncIterator[bytes]:
        yield CONTENT[:600_000]
        await asyncio.Event().wait()

    old = asyncio.create_task(blobs.put(secrets, 0, stalled()))
    while not list((server.data / "blobs").glob(f"*/{secrets.name.hex()}")):
        assert (await blobs.get(Secrets())).status == 404
    at = await blobs.offset(secrets)
    with pytest.raises(aiohttp.ClientError):
        await old
    assert 0 <= at <= 600_000
    assert (await blobs.put(secrets, at, CONTENT[at:])).status == 204
    assert (await blobs.get(secrets)).body == CONTENT


async def test_uploads_at_the_same_time_leave_one_whole_blob(
    blobs: BlobClient, secrets: Secrets
) -> None:
    async def upload() -> None:
        at = 0
        while at < SIZE:
            try:
                got = await blobs.put(secrets, at, CONTENT[at : at + 100_000])
                at = got.offset
            except aiohttp.ClientError:
                at = await retried(blobs, secrets)

    await asyncio.wait_for(asyncio.gather(*(upload() for _ in range(3))), 30)
    assert (await blobs.get(secrets)).body == CONTENT


async def retried(blobs: BlobClient, secrets: Secrets) -> int:
    while True:
        try:
            return await blobs.offset(secrets)
        except aiohttp.ClientError:
            continue
