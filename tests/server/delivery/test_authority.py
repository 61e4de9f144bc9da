"""Signed requests without a connection, inboxes, limits, and refusals in general."""

import asyncio
import os
import time
from hashlib import sha256

import aiohttp
import pytest

from segel.core.wire import codec, hashes, requests, signing
from segel.core.wire.answers import (
    Appended,
    Done,
    InboxEvent,
    InboxItems,
    Refused,
    Reply,
    RowEvent,
    ServerMessage,
)
from segel.core.wire.ids import MAX_BODY, MAX_FRAME
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import Epoch, Key, NewMeeting, RefusedError, WireClient, proof


def now() -> int:
    return int(time.time())  # noqa: TID251 - the server's clock is the real one


async def opened(client: WireClient) -> NewMeeting:
    meeting = NewMeeting()
    await client.open(meeting)
    return meeting


async def post(url: str, call: requests.Call | bytes) -> ServerMessage:
    body = call if isinstance(call, bytes) else codec.encode(call)
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{url}/v1/call", data=body) as response,
    ):
        return codec.decode_server(await response.read())


def refused(message: ServerMessage) -> str:
    assert isinstance(message, Refused), message
    return message.refusal.code


async def test_a_signed_call_needs_no_connection(
    server: ServerProcess, alice: WireClient, bob: WireClient
) -> None:
    epoch = (await opened(alice)).epoch
    await bob.enter(epoch)
    ask = requests.Append(epoch.group, epoch.node, b"by post")
    call = requests.Call(9, codec.encode(ask), proof(alice.log_id, epoch, ask, now() + 60))
    answer = await post(server.url, call)
    assert isinstance(answer, Reply)
    assert answer.id == 9
    assert isinstance(answer.result, Appended)
    assert (await bob.expect(RowEvent)).row.body == b"by post"
    assert refused(await post(server.url, call)) == "replayed"


async def test_proofs_that_prove_nothing(server: ServerProcess, alice: WireClient) -> None:
    epoch, other = (await opened(alice)).epoch, (await opened(alice)).epoch
    ask = requests.Append(epoch.group, epoch.node, b"x")
    log = alice.log_id
    cases = [
        ("expired", proof(log, epoch, ask, now() - 2)),
        ("expired", proof(log, epoch, ask, now() + 125)),
        ("bad_signature", proof(log, epoch, ask, now() + 60, Key())),
        ("bad_signature", proof(bytes(32), epoch, ask, now() + 60)),
        (
            "bad_signature",
            proof(log, epoch, requests.Append(epoch.group, epoch.node, b"y"), now() + 60),
        ),
        ("not_proven", proof(log, other, ask, now() + 60)),
        ("not_proven", None),
    ]
    for code, signed in cases:
        call = requests.Call(1, codec.encode(ask), signed)
        assert refused(await post(server.url, call)) == code
        with pytest.raises(RefusedError, match=code):
            await alice.ask(ask, signed)
    unknown = Epoch(epoch.group, bytes(32), epoch.key)
    ask = requests.Append(epoch.group, unknown.node, b"x")
    call = requests.Call(1, codec.encode(ask), proof(log, unknown, ask, now() + 60))
    assert refused(await post(server.url, call)) == "unknown_node"
    assert refused(await post(server.url, b"\xc1")) == "malformed"


async def test_a_signature_that_failed_does_not_use_up_its_nonce(alice: WireClient) -> None:
    epoch = (await opened(alice)).epoch
    ask = requests.Append(epoch.group, epoch.node, b"x")
    good = proof(alice.log_id, epoch, ask, now() + 60)
    bad = requests.Proof(good.group, good.node, good.nonce, good.expiry, bytes(64))
    with pytest.raises(RefusedError, match="bad_signature"):
        await alice.ask(ask, bad)
    await alice.ask(ask, good)
    with pytest.raises(RefusedError, match="replayed"):
        await alice.ask(ask, good)


async def test_one_proof_twice_at_once_works_once(alice: WireClient) -> None:
    epoch = (await opened(alice)).epoch
    ask = requests.Append(epoch.group, epoch.node, b"x")
    signed = proof(alice.log_id, epoch, ask, now() + 60)
    results = await asyncio.gather(
        *(alice.send(ask, signed) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(each, Appended) for each in results) == 1


class Mailbox:
    """An inbox with its keys."""

    def __init__(self) -> None:
        self.key, self.token = Key(), os.urandom(16)
        self.id = hashes.inbox_id(self.key.public)

    def create(self) -> requests.CreateInbox:
        return requests.CreateInbox(self.key.public, sha256(self.token).digest(), 1)

    def open(
        self, client: WireClient, after: int = 0, key: Key | None = None
    ) -> requests.OpenInbox:
        signed = signing.inbox(client.log_id, client.hello.challenge, self.id)
        return requests.OpenInbox(self.id, after, (key or self.key).sign(signed))

    def deliver(self, body: bytes, token: bytes | None = None) -> requests.Deliver:
        return requests.Deliver(self.id, token or self.token, body)


async def test_an_inbox_is_written_by_token_and_read_by_key(
    alice: WireClient, bob: WireClient
) -> None:
    box = Mailbox()
    assert await alice.ask(box.create()) == Done()
    assert await alice.ask(box.create()) == Done()
    await bob.ask(box.deliver(b"one"))
    with pytest.raises(RefusedError, match="bad_token"):
        await bob.ask(box.deliver(b"no", os.urandom(16)))
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.ask(box.open(bob, key=Key()))
    with pytest.raises(RefusedError, match="not_proven"):
        await bob.ask(requests.ClearInbox(box.id, 1))
    items = await alice.ask(box.open(alice))
    assert isinstance(items, InboxItems)
    assert [(each.position, each.body) for each in items.items] == [(1, b"one")]
    await bob.ask(box.deliver(b"two"))
    assert (await alice.expect(InboxEvent)).item.body == b"two"
    await alice.ask(requests.ClearInbox(box.id, 1))
    left = await alice.ask(box.open(alice))
    assert isinstance(left, InboxItems)
    assert [each.position for each in left.items] == [2]
    with pytest.raises(RefusedError, match="unknown_inbox"):
        await bob.ask(Mailbox().deliver(b"x"))


async def test_an_inbox_holds_64_items(alice: WireClient) -> None:
    box = Mailbox()
    await alice.ask(box.create())
    for number in range(64):
        await alice.ask(box.deliver(bytes([number])))
    with pytest.raises(RefusedError, match="inbox_full"):
        await alice.ask(box.deliver(b"one too many"))


async def test_too_many_calls_are_told_to_slow_down(alice: WireClient) -> None:
    results = await asyncio.gather(
        *(alice.send(requests.Ping()) for _ in range(600)), return_exceptions=True
    )
    slowed = [each for each in results if isinstance(each, RefusedError)]
    assert slowed
    assert all(each.refusal.code == "slow_down" for each in slowed)
    assert all((each.refusal.retry_after or 0) > 0 for each in slowed)
    assert sum(each == Done() for each in results) >= 400


async def test_twenty_generations_an_hour(alice: WireClient) -> None:
    for _ in range(20):
        await opened(alice)
    with pytest.raises(RefusedError, match="slow_down"):
        await opened(alice)


async def raw(client: WireClient, number: int, body: bytes) -> None:
    """Sends a call whose body is anything."""
    client._next = number
    await client.ws.send_bytes(codec.encode(requests.Call(number, body, None)))


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "malformed"),
        (b"\xc1", "malformed"),
        (codec._encoder.encode(["ping", 1, 2])[:-1], "malformed"),
        (codec._encoder.encode([]), "malformed"),
        (codec._encoder.encode([7]), "malformed"),
        (codec._encoder.encode(["sing"]), "unknown_method"),
        (codec._encoder.encode(["whisper", bytes(32), bytes(32), bytes(20_000)]), "too_large"),
        (codec._encoder.encode(["append", bytes(32), bytes(32), bytes(MAX_BODY + 1)]), "too_large"),
    ],
)
async def test_what_is_no_request_is_refused_by_name(
    alice: WireClient, body: bytes, code: str
) -> None:
    future = alice.send(requests.Ping())
    await future
    waiting = asyncio.get_running_loop().create_future()
    alice._calls[77] = waiting
    await raw(alice, 77, body)
    with pytest.raises(RefusedError, match=code):
        await asyncio.wait_for(waiting, 10)


async def test_three_malformed_frames_close_the_socket(alice: WireClient) -> None:
    for _ in range(3):
        await alice.ws.send_bytes(b"\xc1")
    assert await asyncio.wait_for(alice.closed, 10) == 1008
    assert alice.refused.qsize() == 3


async def test_text_closes_the_socket(alice: WireClient) -> None:
    await alice.ws.send_str("hello")
    assert await asyncio.wait_for(alice.closed, 10) == 1003


async def test_a_frame_over_the_limit_closes_the_socket_at_its_header(alice: WireClient) -> None:
    """Nothing of its body is awaited: with one on its way, the close could be lost to a reset."""
    assert alice.ws._writer.transport is not None
    alice.ws._writer.transport.write(b"\x82\xff" + (MAX_FRAME + 1).to_bytes(8, "big"))
    assert await asyncio.wait_for(alice.closed, 10) == 1009


async def test_a_frame_of_the_limit_is_read(alice: WireClient) -> None:
    await alice.ws.send_bytes(bytes(MAX_FRAME))
    refusal = await asyncio.wait_for(alice.refused.get(), 10)
    assert refusal.code == "malformed"


async def test_pages_of_other_origins_are_refused(server: ServerProcess) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as error:
        async with WireClient(server.url, origin="https://elsewhere.example"):
            pass
    assert error.value.status == 403
    async with WireClient(server.url, origin=server.url) as client:
        assert await client.ask(requests.Ping()) == Done()
