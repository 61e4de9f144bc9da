"""Two and three people in a meeting: what one says, all have, and only they."""

import asyncio

import pytest

from segel.client import (
    BadLink,
    Left,
    MeetingOver,
    NotLetIn,
    Rekeyed,
    Said,
    Segel,
    Unreachable,
    UsageError,
)
from segel.testing.server_process import ServerProcess

from .conftest import WITHIN, People, names, said, until


@pytest.mark.parametrize("suite", ["hybrid", "classic"])
async def test_who_has_the_link_comes_in_and_all_read_all(people: People, suite: str) -> None:
    ana = await people.start(suite=suite)
    ben = await people.join(ana.link, "Ben")
    cleo = await people.join(ana.link, "Cleo")
    await until(ana, lambda: len(ana.people) == 3)
    await until(ben, lambda: len(ben.people) == 3)
    assert (ana.suite, cleo.suite) == (suite, suite)
    assert names(cleo)[0] == "Cleo"
    assert sorted(names(ben)) == ["Ana", "Ben", "Cleo"]
    first = await ana.send("Who brings bread?")
    await ben.send("I do", reply_to=first.id)
    await cleo.send("Thank you")
    for each in (ana, ben, cleo):
        await until(each, lambda each=each: len(each.messages) == 3)  # type: ignore[misc]
        assert said(each) == ["Who brings bread?", "I do", "Thank you"]
        assert each.messages[1].reply_to == first.id
    assert await ana.code() == await ben.code() == await cleo.code()


async def test_who_leaves_is_gone_within_two_seconds_and_reads_nothing_more(
    people: People,
) -> None:
    ana = await people.start()
    async with Segel() as guest, guest.join(ana.link, name="Ben") as ben:
        await until(ana, lambda: names(ana) == ["Ana", "Ben"])
        before = await ana.code()
        events = ana.events()
        await ben.leave()
        async with asyncio.timeout(2):
            while not isinstance(await anext(events), Left):
                pass
            assert await anext(events) == Rekeyed(ana.epoch)
    assert names(ana) == ["Ana"]
    assert await ana.code() != before
    await ana.send("Among us")
    assert said(ben) == []
    with pytest.raises(MeetingOver):
        await ben.send("I am not there any more")


async def test_a_message_can_be_edited_deleted_and_reacted_to_by_whom_it_is_for(
    people: People,
) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    message = await ana.send("Seven o'clock")
    await until(ben, lambda: ben.messages)
    await ben.react(message.id, "👍")
    await ben.react(message.id, "👍")
    await until(ana, lambda: ana.messages[0].reactions)
    assert ana.messages[0].reactions == {"👍": frozenset({ben.me.account})}
    await ben.react(message.id, "👍", on=False)
    await ana.edit(message.id, "Eight o'clock")
    await until(ben, lambda: ben.messages[0].edited)
    assert (ben.messages[0].text, ben.messages[0].reactions) == ("Eight o'clock", {})
    with pytest.raises(UsageError):
        await ben.edit(message.id, "Nine o'clock")
    await ana.delete(message.id)
    await until(ben, lambda: ben.messages[0].deleted)
    assert ben.messages[0].text == ""


async def test_a_hand_is_seen(people: People) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    await ben.raise_hand()
    await until(ana, lambda: [person.hand for person in ana.people] == [False, True])
    await ben.raise_hand(False)
    await until(ana, lambda: [person.hand for person in ana.people] == [False, False])


async def test_each_stream_of_events_has_all_that_happens_after_it_was_asked_for(
    people: People,
) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    streams = [ana.events(), ana.events()]
    for number in range(20):
        await ben.send(str(number))
    for stream in streams:
        heard: list[str] = []
        async with asyncio.timeout(WITHIN):
            while len(heard) < 20:
                event = await anext(stream)
                if isinstance(event, Said):
                    heard.append(event.message.text)
        assert heard == [str(number) for number in range(20)]


async def test_many_at_once_arrive_in_order_and_once(people: People) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    texts = [f"a{number}" for number in range(60)]
    await asyncio.gather(*(ana.send(text) for text in texts), *(ben.send(t) for t in texts))
    await until(ana, lambda: len(ana.messages) == 120)
    await until(ben, lambda: len(ben.messages) == 120)
    for meeting in (ana, ben):
        for you in (True, False):
            assert [each.text for each in meeting.messages if each.you is you] == texts
    assert [each.id for each in ana.messages] == [each.id for each in ben.messages]


async def test_bad_links_are_told_apart(people: People, server: ServerProcess) -> None:
    ana = await people.start()
    guest = await people.client()
    for cut_off in ("", "nonsense", ana.link[:-3], ana.link + "A", "https://example.org/m#"):
        with pytest.raises(BadLink):
            await people.join(cut_off, segel=guest)
    with pytest.raises(NotLetIn) as never_opened:
        await people.join(guest.make_link(server.url), segel=guest)
    assert never_opened.value.reason == "unknown-meeting"
    over = guest.make_link(server.url, until=1.0)
    with pytest.raises(NotLetIn) as expired:
        await people.join(over, segel=guest)
    assert expired.value.reason == "expired"


async def test_a_server_that_is_not_there_is_told_at_once(people: People) -> None:
    guest = await people.client()
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        await people.join(guest.make_link("http://127.0.0.1:9"), segel=guest)


async def test_a_link_made_ahead_opens_for_whoever_comes_first(
    people: People, server: ServerProcess
) -> None:
    guest = await people.client()
    link = guest.make_link(server.url, until=4_000_000_000.0)
    ana = await people.join(link, "Ana")
    ben = await people.join(link, "Ben")
    await ben.send("On time")
    await until(ana, lambda: said(ana) == ["On time"])


async def test_what_cannot_be_sent_is_refused_before_it_is_kept(people: People) -> None:
    ana = await people.start()
    for text in ("", "x" * 1_000_001):
        with pytest.raises(UsageError):
            await ana.send(text)
    assert ana.messages == []
    assert (await ana.send("x" * 1_000_000)).delivery == "sent"
