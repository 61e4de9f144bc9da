"""Hosts rule, and a client that is none cannot."""

import asyncio

import pytest

from segel.client import Asked, Knocked, Meeting, MeetingOver, NotHost, NotLetIn, Segel

from .conftest import WITHIN, People, names, until


async def knocks(
    people: People, meeting: Meeting, name: str
) -> tuple["asyncio.Task[Meeting]", str]:
    """Somebody who waits in the lobby: the way in, and the account that the host sees."""
    events = meeting.events()
    joining = asyncio.create_task(people.join(meeting.link, name))
    async with asyncio.timeout(WITHIN):
        while True:
            event = await anext(events)
            if isinstance(event, Knocked) and event.name == name:
                return joining, event.account


async def test_a_host_lets_in_from_the_lobby_and_says_no(people: People) -> None:
    ana = await people.start(door="lobby")
    assert (ana.me.host, ana.rule.lobby) == (True, True)
    joining, account = await knocks(people, ana, "Ben")
    await ana.admit(account)
    ben = await joining
    refused, account = await knocks(people, ana, "Mallory")
    await ana.deny(account)
    with pytest.raises(NotLetIn) as told:
        await refused
    assert told.value.reason == "refused"
    assert sorted(names(ben)) == ["Ana", "Ben"]
    with pytest.raises(NotHost):
        await ben.admit(account)


async def test_who_is_kicked_does_not_come_back_by_the_same_account(people: People) -> None:
    ana = await people.start(door="open")
    guest = await people.client()
    ben = await people.join(ana.link, segel=guest)
    await until(ana, lambda: len(ana.people) == 2)
    await ana.kick(ben.me.account)
    await until(ben, lambda: ben.over)
    assert ben.over is not None
    assert ben.over.reason == "kicked"
    with pytest.raises(MeetingOver):
        await ben.send("Let me stay")
    with pytest.raises(NotLetIn) as told:
        await people.join(ana.link, segel=guest)
    assert told.value.reason == "banned"
    assert ana.rule.lobby


async def test_a_second_host_rules_and_the_first_steps_down(people: People) -> None:
    ana = await people.start(door="open")
    ben = await people.join(ana.link, "Ben")
    with pytest.raises(NotHost):
        await ben.lock()
    await ana.promote(ben.me.account)
    await until(ben, lambda: ben.me.host)
    await ana.step_down()
    await until(ben, lambda: [person.host for person in ben.people] == [True, False])
    await ben.lock()
    with pytest.raises(NotLetIn) as told:
        await people.join(ana.link, "Cleo")
    assert told.value.reason == "locked"
    with pytest.raises(NotHost):
        await ana.lock(False)
    await ben.lock(False)
    await people.join(ana.link, "Cleo")


async def test_a_host_asks_revokes_and_ends(people: People) -> None:
    ana = await people.start(door="open")
    ben = await people.join(ana.link, "Ben")
    events = ben.events()
    await ana.ask_to_mute()
    async with asyncio.timeout(WITHIN):
        while (event := await anext(events)) != Asked("mute", "Ana"):
            assert not isinstance(event, Asked)
    await ana.revoke_link()
    with pytest.raises(NotLetIn) as told:
        await people.join(ana.link, "Cleo")
    assert told.value.reason == "closed"
    await ana.end()
    await until(ben, lambda: ben.over)
    await until(ana, lambda: ana.over)
    assert [each.over and each.over.reason for each in (ana, ben)] == ["ended", "ended"]


async def test_the_same_account_from_elsewhere_takes_the_place(people: People) -> None:
    ana = await people.start()
    guest = await people.client()
    first = await people.join(ana.link, "Ben", guest)
    second = await people.join(ana.link, "Ben", guest)
    await until(first, lambda: first.over)
    assert first.over is not None
    assert first.over.reason == "replaced"
    await until(ana, lambda: names(ana) == ["Ana", "Ben"])
    await second.send("Here I am")
    assert isinstance(guest, Segel)
