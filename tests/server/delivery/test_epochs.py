"""Epochs over a real socket: entering, the read rule, compare-and-set, subscriptions bound to the
node.
"""

import asyncio
from hashlib import sha256

import pytest
from msgspec import structs

from segel.core.crypto.ed25519 import verify
from segel.core.wire import hashes, requests, signing
from segel.core.wire.answers import (
    Announced,
    Appended,
    ChildEvent,
    Done,
    KnockEvent,
    Knocking,
    RowEvent,
    WhisperEvent,
)
from segel.testing.wire_client import Epoch, Key, NewMeeting, RefusedError, WireClient


async def quiet(client: WireClient) -> None:
    """Fails if the client has an event. A ping's answer comes after whatever was sent before it."""
    await client.ask(requests.Ping())
    assert client.events.empty(), client.events.get_nowait()


async def meeting_of(*clients: WireClient) -> NewMeeting:
    meeting = NewMeeting()
    await clients[0].open(meeting)
    for client in clients:
        await client.enter(meeting.epoch)
    return meeting


async def test_rows_reach_readers_in_order_with_heads_that_chain(
    alice: WireClient, bob: WireClient
) -> None:
    epoch = (await meeting_of(alice, bob)).epoch
    bodies = [b"message %d" % number for number in range(40)]
    await asyncio.gather(*(alice.append(epoch, body) for body in bodies))
    head = hashes.first_head(epoch.group, epoch.node)
    for position, body in enumerate(bodies, start=1):
        row = (await bob.expect(RowEvent)).row
        head = hashes.next_head(head, position, hashes.ROW_MESSAGE, epoch.node, body)
        assert (row.body, row.receipt.position, row.receipt.head) == (body, position, head)
        signed = signing.receipt(bob.log_id, epoch.group, position, head)
        verify(bob.hello.server_key, row.receipt.signature, signed)
    await quiet(alice)


async def test_a_late_reader_gets_what_it_missed(alice: WireClient, bob: WireClient) -> None:
    epoch = (await meeting_of(alice)).epoch
    for number in range(5):
        await alice.append(epoch, bytes([number]))
    entered = await bob.enter(epoch, after=2)
    assert [row.body for row in entered.rows] == [b"\2", b"\3", b"\4"]
    assert entered.receipt.position == 5


async def test_catching_up_in_parts_leaves_no_gap(alice: WireClient, bob: WireClient) -> None:
    epoch = (await meeting_of(alice)).epoch
    for number in range(5):
        await alice.append(epoch, bytes([number]) * 500_000)
    seen, more = 0, True
    while more:
        entered = await bob.enter(epoch, after=seen)
        assert [row.receipt.position for row in entered.rows] == list(
            range(seen + 1, seen + 1 + len(entered.rows))
        )
        seen, more = seen + len(entered.rows), entered.more
    assert seen == 5
    await alice.append(epoch, b"next")
    assert (await bob.expect(RowEvent)).row.receipt.position == 6


async def test_the_first_commit_wins_and_the_second_gets_it(
    alice: WireClient, bob: WireClient
) -> None:
    epoch = (await meeting_of(alice, bob)).epoch
    child = await alice.commit(epoch, b"first", Key())
    event = await bob.expect(ChildEvent)
    assert (event.parent, event.child.node, event.child.commit) == (
        epoch.node,
        child.node,
        b"first",
    )
    lost = requests.Commit(epoch.group, epoch.node, b"second", Key().public, None)
    with pytest.raises(RefusedError, match="conflict") as conflict:
        await bob.ask(lost)
    assert conflict.value.refusal.child == event.child
    with pytest.raises(RefusedError, match="stale") as stale:
        await bob.append(epoch, b"too late")
    assert stale.value.refusal.child == event.child


async def test_a_removed_member_gets_nothing_of_the_next_epoch(
    alice: WireClient, bob: WireClient, carol: WireClient
) -> None:
    """Bob is removed by Alice's commit: he gets the child and then no row, whisper or knock."""
    meeting = await meeting_of(alice, bob, carol)
    child = await alice.commit(meeting.epoch, b"remove bob", Key())
    assert (await carol.expect(ChildEvent)).child.node == child.node
    await bob.expect(ChildEvent)
    await alice.enter(child)
    await carol.enter(child)
    await alice.append(child, b"secret")
    await alice.ask(requests.Whisper(child.group, child.node, b"secret"))
    await alice.ask(requests.Knock(meeting.alias, b"let me in"))
    await carol.expect(RowEvent)
    await carol.expect(WhisperEvent)
    await carol.expect(KnockEvent)
    await quiet(bob)
    for ask in (
        requests.Append(child.group, child.node, b"from bob"),
        requests.Whisper(child.group, child.node, b"from bob"),
        requests.Commit(child.group, child.node, b"from bob", Key().public, None),
        requests.Dismiss(child.group, child.node, []),
        requests.WatchMedia(child.group, child.node, [], []),
        requests.OfferMedia(child.group, child.node, "v=0", {}, False),
        requests.Announce(child.group, child.node, meeting.alias, b"from bob"),
    ):
        with pytest.raises(RefusedError, match="not_proven"):
            await bob.ask(ask)
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.enter(Epoch(child.group, child.node, meeting.epoch.key))
    old = await bob.enter(meeting.epoch)
    assert [each.node for each in old.children] == [child.node]
    assert (old.rows, old.knocks, old.receipt.position) == ([], [], 1)
    await alice.append(child, b"another secret")
    await quiet(bob)


async def test_a_whisper_under_an_old_node_reaches_nobody(
    alice: WireClient, bob: WireClient
) -> None:
    epoch = (await meeting_of(alice, bob)).epoch
    child = await alice.commit(epoch, b"next", Key())
    await alice.enter(child)
    assert await bob.ask(requests.Whisper(epoch.group, epoch.node, b"old")) == Done()
    await quiet(alice)


async def test_entering_needs_the_key_this_connection_and_a_known_node(
    alice: WireClient, bob: WireClient
) -> None:
    epoch = (await meeting_of(alice)).epoch
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.enter(Epoch(epoch.group, epoch.node, Key()))
    with pytest.raises(RefusedError, match="unknown_group"):
        await bob.enter(Epoch(bytes(32), epoch.node, epoch.key))
    with pytest.raises(RefusedError, match="unknown_node"):
        await bob.enter(Epoch(epoch.group, bytes(32), epoch.key))
    signed = signing.connection(alice.log_id, alice.hello.challenge, epoch.group, epoch.node)
    replayed = requests.Enter(epoch.group, epoch.node, 0, epoch.key.sign(signed))
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.ask(replayed)


async def test_exit_ends_subscription_and_authority(alice: WireClient, bob: WireClient) -> None:
    epoch = (await meeting_of(alice, bob)).epoch
    await bob.ask(requests.Exit(epoch.group))
    await alice.append(epoch, b"unheard")
    await quiet(bob)
    with pytest.raises(RefusedError, match="not_proven"):
        await bob.append(epoch, b"unproven")


async def test_only_the_newest_64_nodes_stay_proven(alice: WireClient) -> None:
    first = (await meeting_of(alice)).epoch
    epoch = first
    for number in range(64):
        epoch = await alice.commit(epoch, b"commit %d" % number, Key())
        await alice.enter(epoch)
    with pytest.raises(RefusedError, match="not_proven"):
        await alice.append(first, b"forgotten")
    assert isinstance(await alice.append(epoch, b"proven"), Appended)


async def test_generations_are_compare_and_set(alice: WireClient, bob: WireClient) -> None:
    first = await meeting_of(alice)
    with pytest.raises(RefusedError, match="taken"):
        await bob.open(NewMeeting(1, first.alias, first.opener))
    assert (await bob.ask(first.request())) == await alice.ask(first.request())
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.open(NewMeeting(2, first.alias, Key()))
    forged = NewMeeting(2, first.alias, first.opener).request()
    signature = bytes([forged.signature[0] ^ 1]) + forged.signature[1:]
    with pytest.raises(RefusedError, match="bad_signature"):
        await bob.ask(structs.replace(forged, signature=signature))
    await bob.open(NewMeeting(2, first.alias, first.opener))
    announce = requests.Announce(first.epoch.group, first.epoch.node, first.alias, b"still here")
    with pytest.raises(RefusedError, match="taken"):
        await alice.ask(announce)


async def test_a_knock_is_announced_answered_and_dropped_with_its_connection(
    alice: WireClient, bob: WireClient
) -> None:
    meeting = await meeting_of(alice)
    knocking = await bob.ask(requests.Knock(meeting.alias, b"sealed"))
    assert isinstance(knocking, Knocking)
    assert knocking.announcement == b"announcement 1"
    assert (await alice.expect(KnockEvent)).knock.id == knocking.id
    commit = requests.Commit(
        meeting.epoch.group, meeting.epoch.node, b"c", Key().public, b"announcement 2"
    )
    await alice.ask(commit)
    assert (await bob.expect(Announced)).announcement == b"announcement 2"
    await alice.ask(requests.Exit(meeting.epoch.group))
    assert (await bob.expect(Announced)).announcement is None


async def test_knocks_wait_for_who_enters_and_go_when_dismissed(
    alice: WireClient, bob: WireClient, carol: WireClient
) -> None:
    meeting = await meeting_of(alice)
    knocking = await bob.ask(requests.Knock(meeting.alias, b"sealed"))
    assert isinstance(knocking, Knocking)
    entered = await carol.enter(meeting.epoch)
    assert [each.id for each in entered.knocks] == [knocking.id]
    await carol.ask(requests.Dismiss(meeting.epoch.group, meeting.epoch.node, [knocking.id]))
    assert (await alice.enter(meeting.epoch)).knocks == []
    with pytest.raises(RefusedError, match="unknown_alias"):
        await bob.ask(requests.Knock(bytes(32), b"sealed"))


async def test_a_second_knock_takes_the_place_of_the_first(
    alice: WireClient, bob: WireClient
) -> None:
    meeting = NewMeeting()
    await alice.open(meeting)
    await alice.ask(requests.Exit(meeting.epoch.group))
    await bob.ask(requests.Knock(meeting.alias, b"first"))
    await bob.ask(requests.Knock(meeting.alias, b"second"))
    assert [each.body for each in (await alice.enter(meeting.epoch)).knocks] == [b"second"]


async def test_a_connection_may_knock_at_eight_doors(alice: WireClient, bob: WireClient) -> None:
    meetings = [NewMeeting() for _ in range(9)]
    for meeting in meetings:
        await alice.open(meeting)
    for meeting in meetings[:8]:
        await bob.ask(requests.Knock(meeting.alias, b"sealed"))
    with pytest.raises(RefusedError, match="slow_down"):
        await bob.ask(requests.Knock(meetings[8].alias, b"sealed"))
    await bob.ask(requests.Withdraw(meetings[0].alias))
    await bob.ask(requests.Knock(meetings[8].alias, b"sealed"))


async def test_children_are_named_by_their_hash(alice: WireClient, bob: WireClient) -> None:
    epoch = (await meeting_of(alice, bob)).epoch
    await alice.commit(epoch, b"commit", Key())
    child = (await bob.expect(ChildEvent)).child
    named = hashes.child_node(epoch.node, sha256(child.commit).digest(), child.epoch_key)
    assert child.node == named
