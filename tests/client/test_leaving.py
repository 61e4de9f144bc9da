"""Who leaves is gone within two seconds, whatever else happens in the group (meeting.md 8)."""

import asyncio
from collections.abc import Awaitable

import pytest

from segel.client.meeting.admission import Planned
from segel.core.wire.answers import Event

from .conftest import People, names, until

GONE = 5.0
"""Seconds: a busy machine is given more than two, and a silent member has 45."""


async def test_who_says_goodbye_in_an_epoch_that_is_over_is_gone(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until two goodbyes are said, Ben has not heard that the group moved on."""
    ana = await people.start()
    ben = await people.join(ana.link)
    cem = await people.join(ana.link, "Cem")
    await until(ben, lambda: len(ben.people) == 3)
    member = ben._session.inside()
    held: list[Event] = []
    hear, say, said = member.event, member.heart.say_leaving, asyncio.Semaphore(0)

    async def counted() -> None:
        await say()
        said.release()

    monkeypatch.setattr(member, "event", held.append)
    monkeypatch.setattr(member.heart, "say_leaving", counted)
    await cem.leave()
    await until(ana, lambda: len(ana.people) == 2)
    leaving = asyncio.create_task(ben.leave())
    for _ in range(2):
        await said.acquire()
    monkeypatch.setattr(member, "event", hear)
    for event in held:
        hear(event)
    async with asyncio.timeout(GONE):
        await until(ana, lambda: names(ana) == ["Ana"])
    await leaving


async def test_a_goodbye_is_heard_and_kept_while_a_commit_without_it_is_on_its_way(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ben says it once, and is cut off."""
    ana = await people.start()
    ben = await people.join(ana.link)
    await until(ana, lambda: all(each.present for each in ana.people[1:]))
    steward = ana._session.inside()._steward
    propose, planned, go_on = steward.propose, asyncio.Event(), asyncio.Event()

    async def slowly(plan: Planned) -> None:
        planned.set()
        await go_on.wait()
        await propose(plan)

    monkeypatch.setattr(steward, "propose", slowly)
    joining: Awaitable[object] = asyncio.create_task(people.join(ana.link, "Cem"))
    await planned.wait()
    await ben._session.inside().heart.say_leaving()
    await ben._session.close("left", "")
    await until(ana, lambda: not any(each.present for each in ana.people[1:]))
    go_on.set()
    await joining
    async with asyncio.timeout(GONE):
        await until(ana, lambda: names(ana) == ["Ana", "Cem"])
