"""Each guard of delivery.md holds; and with the guard taken away its attack succeeds."""

import resource
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp
import pytest

from segel.core.wire import requests
from segel.core.wire.answers import RowEvent
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Epoch, Key, NewMeeting, RefusedError, WireClient, proof


async def enter_with_another_key(
    url: str, alice: WireClient, mallory: WireClient, epoch: Epoch
) -> None:
    await mallory.enter(Epoch(epoch.group, epoch.node, Key()))


async def append_unproven(url: str, alice: WireClient, mallory: WireClient, epoch: Epoch) -> None:
    await mallory.append(epoch, b"from outside")


async def use_a_proof_twice(url: str, alice: WireClient, mallory: WireClient, epoch: Epoch) -> None:
    ask = requests.Append(epoch.group, epoch.node, b"once")
    signed = proof(alice.log_id, epoch, ask, int(time.time()) + 60)  # noqa: TID251 - as the server's
    await alice.ask(ask, signed)
    await mallory.ask(ask, signed)


async def read_on_after_removal(
    url: str, alice: WireClient, mallory: WireClient, epoch: Epoch
) -> None:
    await mallory.enter(epoch)
    child = await alice.commit(epoch, b"remove mallory", Key())
    await alice.enter(child)
    await alice.append(child, b"secret")
    await mallory.ask(requests.Ping())
    events = [mallory.events.get_nowait() for _ in range(mallory.events.qsize())]
    if not any(isinstance(each, RowEvent) for each in events):
        raise PermissionError("no row came")


async def append_to_a_past_epoch(
    url: str, alice: WireClient, mallory: WireClient, epoch: Epoch
) -> None:
    await mallory.enter(epoch)
    await alice.commit(epoch, b"remove mallory", Key())
    await mallory.append(epoch, b"too late")


async def connect_from_elsewhere(
    url: str, alice: WireClient, mallory: WireClient, epoch: Epoch
) -> None:
    async with WireClient(url, origin="https://elsewhere.example"):
        pass


Attack = Callable[[str, WireClient, WireClient, Epoch], Awaitable[None]]
REFUSED = (RefusedError, PermissionError, aiohttp.WSServerHandshakeError)

GUARDS: list[tuple[Attack, str]] = [
    (
        enter_with_another_key,
        "import segel.server.delivery.proofs as m; m.check = lambda *fields: None",
    ),
    (
        append_unproven,
        "import segel.server.delivery.calls as m; from segel.core.wire.requests import Append\n"
        "m.METHODS[Append] = m.Method('open', m.METHODS[Append].handler)",
    ),
    (
        use_a_proof_twice,
        "import segel.server.delivery.proofs as m; m.Nonces.fresh = lambda *fields: None",
    ),
    (
        read_on_after_removal,
        "import segel.server.delivery.groups as m\n"
        "def move_on(self, group, parent, child, author): self._groups[group].node = child.node\n"
        "m.LiveGroups.move_on = move_on",
    ),
    (
        append_to_a_past_epoch,
        "import segel.server.storage.groups as m; m.Groups._latest = lambda *fields: None",
    ),
    (
        connect_from_elsewhere,
        "import segel.server.http.app as m; m.same_origin = lambda request: True",
    ),
]


async def run(attack: Attack, url: str) -> None:
    async with WireClient(url) as alice, WireClient(url) as mallory:
        meeting = NewMeeting()
        await alice.open(meeting)
        await alice.enter(meeting.epoch)
        await attack(url, alice, mallory, meeting.epoch)


@pytest.mark.parametrize(("attack", "sabotage"), GUARDS, ids=[each.__name__ for each, _ in GUARDS])
async def test_guard(server: ServerProcess, tmp_path: Path, attack: Attack, sabotage: str) -> None:
    with pytest.raises(REFUSED):
        await run(attack, server.url)
    with ServerProcess(tmp_path / "data", sabotage=sabotage) as without:
        await run(attack, without.url)


async def test_a_full_disk_refuses_and_the_process_stays(tmp_path: Path) -> None:
    """The process is forbidden to write files, as a full disk does, and later allowed again."""
    with ServerProcess(tmp_path / "data") as server:
        async with WireClient(server.url) as client, aiohttp.ClientSession() as session:
            meeting = NewMeeting()
            await client.open(meeting)
            await client.enter(meeting.epoch)
            soft, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (0, hard))
            with pytest.raises(RefusedError, match="storage_full") as full:
                await client.append(meeting.epoch, b"no room")
            assert full.value.refusal.retry_after
            async with session.get(f"{server.url}/v1/health") as health:
                assert (health.status, await health.json()) == (503, {"status": "storage"})
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (soft, hard))
            assert server.get("/v1/health") == b'{"status": "ok"}'
            done = await client.append(meeting.epoch, b"room again")
            assert done.receipt.position == 1
