"""Each guard of blobs.md holds; and with the guard taken away its attack succeeds."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp
import pytest

from segel.core.crypto.padding import padme
from segel.testing.blob_client import BlobClient, create, text
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Key, NewMeeting, RefusedError, WireClient

SIZE = padme(50_000)
LIMITS = ("--largest-file", "1MB", "--group-files", "1MB")


class Scene:
    """Alice has a file in her meeting; Mallory wants something of it."""

    def __init__(self, alice: WireClient, mallory: WireClient, blobs: BlobClient) -> None:
        self.alice, self.mallory, self.blobs = alice, mallory, blobs
        self.meeting = NewMeeting()
        self.content = os.urandom(SIZE)

    async def set_up(self) -> None:
        """The file is there."""
        await self.alice.open(self.meeting)
        await self.alice.enter(self.meeting.epoch)
        self.secrets = await create(self.alice, self.meeting.epoch, SIZE)
        assert (await self.blobs.put(self.secrets, 0, self.content)).status == 204

    async def try_(self, method: str, secret: bytes, **headers: str) -> bytes:
        """One request for Alice's file. Raises PermissionError."""
        got = await self.blobs.ask(method, self.secrets.name, secret, **headers)
        if got.status not in (200, 204):
            raise PermissionError(got.status)
        return got.body


async def guess_the_capability(scene: Scene) -> None:
    assert await scene.try_("GET", os.urandom(32)) == scene.content


async def guess_the_token(scene: Scene) -> None:
    await scene.try_("DELETE", os.urandom(16))


async def ask_from_another_page(scene: Scene) -> None:
    await scene.try_("GET", scene.secrets.capability, Origin="https://elsewhere.example")


async def take_room_after_removal(scene: Scene) -> None:
    await scene.mallory.enter(scene.meeting.epoch)
    await scene.alice.commit(scene.meeting.epoch, b"remove mallory", Key())
    await create(scene.mallory, scene.meeting.epoch, SIZE)


async def take_more_than_a_group_may(scene: Scene) -> None:
    await scene.mallory.enter(scene.meeting.epoch)
    await create(scene.mallory, scene.meeting.epoch, padme(900_000))
    await create(scene.mallory, scene.meeting.epoch, padme(900_000))


async def send_more_than_was_asked_for(scene: Scene) -> None:
    """In chunks, so that the size is not known before."""
    secrets = await create(scene.alice, scene.meeting.epoch, SIZE)

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield bytes(SIZE)

    if (await scene.blobs.put(secrets, 0, endless())).status != 204:
        raise PermissionError


Attack = Callable[[Scene], Awaitable[None]]

GUARDS: list[tuple[Attack, str]] = [
    (
        guess_the_capability,
        "import segel.core.wire.hashes as h, segel.server.http.blobs as m\n"
        "class Any(bytes):\n    __eq__ = lambda *fields: True; __ne__ = lambda *fields: False\n"
        "h.blob_name = lambda capability: Any()",
    ),
    (
        guess_the_token,
        "from segel.server.storage.blobs import Blob; Blob.written_by = lambda self, token: True",
    ),
    (
        ask_from_another_page,
        "import segel.server.http.blobs as m; m.same_origin = lambda request: True",
    ),
    (
        take_room_after_removal,
        "import segel.server.delivery.calls as m\n"
        "from segel.core.wire.requests import CreateBlob\n"
        "m.METHODS[CreateBlob] = m.Method('node', m.METHODS[CreateBlob].handler)",
    ),
    (
        take_more_than_a_group_may,
        "from segel.server.storage.blobs import Blobs; Blobs._make_room = lambda *fields: None",
    ),
    (
        send_more_than_was_asked_for,
        "import segel.server.http.blobs as m, segel.server.storage.blobs as b\n"
        "find = b.Blobs.find\n"
        "from dataclasses import replace\n"
        "b.Blobs.find = lambda *fields: replace(find(*fields), size=2**40)",
    ),
]


async def run(attack: Attack, url: str) -> None:
    async with WireClient(url) as alice, WireClient(url) as mallory, BlobClient(url) as blobs:
        scene = Scene(alice, mallory, blobs)
        await scene.set_up()
        await attack(scene)


@pytest.fixture(scope="module")
def bounded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("bounded") / "data", *LIMITS) as process:
        yield process


@pytest.mark.parametrize(("attack", "sabotage"), GUARDS, ids=[each.__name__ for each, _ in GUARDS])
async def test_guard(bounded: ServerProcess, tmp_path: Path, attack: Attack, sabotage: str) -> None:
    with pytest.raises((RefusedError, PermissionError)):
        await run(attack, bounded.url)
    with ServerProcess(tmp_path / "data", *LIMITS, sabotage=sabotage) as without:
        await run(attack, without.url)


IMPATIENT = "import segel.server.http.upload as m; m.PATIENCE = 0.3"


async def test_a_sender_and_a_reader_that_stand_still_are_let_go(tmp_path: Path) -> None:
    size = padme(60_000_000)
    with ServerProcess(tmp_path / "data", sabotage=IMPATIENT) as server:
        async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
            meeting = NewMeeting()
            await alice.open(meeting)
            await alice.enter(meeting.epoch)
            secrets = await create(alice, meeting.epoch, size)

            async def stalled() -> AsyncIterator[bytes]:
                yield bytes(1000)
                await asyncio.Event().wait()

            got = await asyncio.wait_for(blobs.put(secrets, 0, stalled()), 10)
            assert (got.status, got.offset) == (408, 1000)
            assert (await blobs.put(secrets, 1000, bytes(size - 1000))).status == 204
            headers = {"Authorization": f"Bearer {text(secrets.capability)}"}
            async with blobs.session.get(blobs.address(secrets.name), headers=headers) as slow:
                while reads(server):
                    await blobs.offset(secrets)
                with pytest.raises(aiohttp.ClientError):
                    await slow.read()


def reads(server: ServerProcess) -> bool:
    """Whether the server has a blob's file open."""
    links = Path(f"/proc/{server.process.pid}/fd").iterdir()
    return any("/blobs/" in str(each.resolve()) for each in links)


FEW = (
    "import segel.server.http.transfers as m; m.MAX_OF_ADDRESS = 2\n"
    "class Somewhere:\n    is_loopback = False\n"
    "m.ip_address = lambda address: Somewhere"
)


async def test_transfers_are_bounded_in_number(tmp_path: Path) -> None:
    """As from another machine: this one's own address may be a proxy."""
    with ServerProcess(tmp_path / "data", sabotage=FEW) as server:
        async with WireClient(server.url) as alice, BlobClient(server.url) as blobs:
            meeting = NewMeeting()
            await alice.open(meeting)
            await alice.enter(meeting.epoch)
            arrived, release = asyncio.Semaphore(0), asyncio.Event()

            async def slowly() -> AsyncIterator[bytes]:
                yield b"a"
                arrived.release()
                await release.wait()

            made = [await create(alice, meeting.epoch, SIZE) for _ in range(3)]
            waiting = [asyncio.create_task(blobs.put(each, 0, slowly())) for each in made[:2]]
            for _ in waiting:
                await arrived.acquire()
            while (got := await blobs.ask("HEAD", made[2].name, made[2].token)).status == 204:
                pass
            assert (got.status, got.headers["Retry-After"]) == (429, "5")
            release.set()
            assert [each.status for each in await asyncio.gather(*waiting)] == [204, 204]
            assert (await blobs.ask("HEAD", made[2].name, made[2].token)).status == 204
