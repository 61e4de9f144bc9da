"""What strangers may leave on a server, from one address and in all; and what happens without."""

import os
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from segel.core.wire import codec, requests
from segel.core.wire.answers import Refused
from segel.server.delivery import limits
from segel.server.delivery.limits import MAX_ADDRESSES, Addresses
from segel.server.refusals import Refuse
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Epoch, Key, NewMeeting, RefusedError, WireClient, proof

# The tests come from this machine's own address, which counts as a proxy's: here as a stranger's.
STRANGER = "import segel.server.delivery.limits as m; m._subscriber = lambda address: 'stranger'\n"
NO_LIMIT = "import segel.server.delivery.limits as m; m._subscriber = lambda address: None\n"
FEW = "import segel.server.storage.inboxes as i; i.MAX_INBOXES = 3; i.MAX_ALL_BYTES = 5000\n"


def inbox() -> requests.CreateInbox:
    return requests.CreateInbox(Key().public, sha256(bytes(16)).digest(), 90)


async def post(url: str, ask: requests.Request) -> str:
    """The answer's code to a call without a connection, with a proof of nothing."""
    epoch = Epoch(os.urandom(32), os.urandom(32), Key())
    call = requests.Call(1, codec.encode(ask), proof(bytes(32), epoch, ask, 2**33))
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/call", data=codec.encode(call)) as answer,
    ):
        answered = codec.decode_server(await answer.read())
    return answered.refusal.code if isinstance(answered, Refused) else "done"


async def fill(url: str, calls: int) -> set[str]:
    """Makes inboxes by calls without a connection, each its own."""
    return {await post(url, inbox()) for _ in range(calls)}


async def test_calls_without_a_connection_share_their_addresses_budget(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", sabotage=STRANGER) as server:
        assert await fill(server.url, 310) == {"done", "slow_down"}
        async with WireClient(server.url) as client:
            with pytest.raises(RefusedError, match="slow_down"):
                await client.ask(inbox())
            # What stays with nobody is not held against the address.
            await client.ask(requests.Ping())


async def test_without_that_limit_a_stranger_goes_on(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", sabotage=NO_LIMIT) as server:
        assert await fill(server.url, 310) == {"done"}


async def test_meetings_from_one_address_are_limited_over_all_its_connections(
    tmp_path: Path,
) -> None:
    async def opened(client: WireClient) -> bool:
        try:
            await client.open(NewMeeting())
        except RefusedError:
            return False
        return True

    with ServerProcess(tmp_path / "data", sabotage=STRANGER) as server:
        count = 0
        for _ in range(4):
            async with WireClient(server.url) as client:
                count += sum([await opened(client) for _ in range(20)])
        assert count == 60


async def test_all_inboxes_together_are_bounded_and_there_is_room_again(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", sabotage=FEW) as server:
        async with WireClient(server.url) as client:
            asks = [inbox() for _ in range(4)]
            for ask in asks[:3]:
                await client.ask(ask)
            with pytest.raises(RefusedError, match="storage_full"):
                await client.ask(asks[3])
            await client.ask(asks[0])  # one that is there already
            into = requests.Deliver(inbox_of(asks[0]), bytes(16), bytes(2000))
            await client.ask(into)
            await client.ask(into)
            with pytest.raises(RefusedError, match="storage_full"):
                await client.ask(into)


def inbox_of(ask: requests.CreateInbox) -> bytes:
    return sha256(b"segel inbox v1" + ask.key).digest()


def test_an_ipv6_subscriber_is_one_whatever_address_it_takes() -> None:
    addresses = Addresses()
    for number in range(60):
        budget = addresses.budget(f"2001:db8:0:1::{number:x}")
        budget.deposit("generations", 1, 0.0)
    with pytest.raises(Refuse):
        addresses.budget("2001:db8:0:1:ffff::1").deposit("generations", 1, 0.0)
    addresses.budget("2001:db8:0:2::1").deposit("generations", 1, 0.0)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", None])
def test_this_machine_is_a_proxy_and_has_no_budget_of_its_own(address: str | None) -> None:
    assert Addresses().budget(address).deposits is None


def test_the_table_of_addresses_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_ADDRESSES == 10_000
    monkeypatch.setattr(limits, "MAX_ADDRESSES", 2)
    addresses = Addresses()
    first = addresses.budget("192.0.2.1").deposits
    for address in ("192.0.2.2", "192.0.2.1", "192.0.2.3"):
        addresses.budget(address)
    assert addresses.budget("192.0.2.1").deposits is first
    assert len(addresses._of) == 2
