"""Connections end and servers die: nothing is lost, nothing comes twice."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from segel.client import Connection, Meeting, Passphrase, Segel, Unreachable, VaultInUse
from segel.testing.server_process import ServerProcess

from .conftest import WITHIN, People, names, said, until


async def online(meeting: Meeting, wanted: bool) -> None:
    """Waits for the connection to be there, or gone."""
    events = meeting.events()
    async with asyncio.timeout(WITHIN):
        while await anext(events) != Connection(wanted):
            pass


async def test_what_is_said_while_the_server_is_dead_arrives_once(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        people = People(server.url)
        ana = await people.start()
        ben = await people.join(ana.link)
        await ana.send("before")
        await until(ben, lambda: said(ben) == ["before"])
        gone = asyncio.create_task(online(ana, wanted=False))
        await asyncio.sleep(0)
        server.kill()
        await gone
        sending = [asyncio.create_task(ana.send(text)) for text in ("one", "two", "three")]
        await until(ana, lambda: [each.delivery for each in ana.messages[1:]] == ["sending"] * 3)
        server.start()
        sent = await asyncio.gather(*sending)
        assert [each.delivery for each in sent] == ["sent"] * 3
        await until(ben, lambda: len(ben.messages) == 4)
        assert said(ben) == said(ana) == ["before", "one", "two", "three"]
        await ben.send("after")
        await until(ana, lambda: said(ana)[-1] == "after")
        await people.close()


async def test_a_program_that_is_killed_sends_what_was_not_stored_when_it_comes_back(
    people: People, tmp_path: Path
) -> None:
    """kill -9 between pressing the key and the server's word: the vault has the message."""
    ana = await people.start()
    vault = tmp_path / "ben.vault"
    program = f"""
import asyncio, os
from segel.client import Segel
async def main():
    async with Segel({str(vault)!r}, "secret") as segel:
        async with segel.join({ana.link!r}, name="Ben") as meeting:
            await meeting.send("stored")
            meeting._session.transport._socket = None  # what follows is not sent any more
            asyncio.create_task(meeting.send("kept"))
            await asyncio.sleep(0)
            os.kill(os.getpid(), 9)
asyncio.run(main())
"""
    killed = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program], capture_output=True, timeout=WITHIN
    )
    assert killed.returncode == -9, killed.stderr
    assert said(ana) == ["stored"]
    ben = await people.join(ana.link, "Ben", await people.client(vault, "secret"))
    await until(ana, lambda: len(ana.messages) == 2)
    assert said(ana) == ["stored", "kept"]
    await until(ben, lambda: [each.delivery for each in ben.messages] == ["sent", "sent"])
    assert said(ben) == ["stored", "kept"]
    assert names(ana) == ["Ana", "Ben"]


async def test_an_account_and_its_messages_outlive_the_program(
    people: People, tmp_path: Path
) -> None:
    ana = await people.start()
    vault = tmp_path / "ben.vault"
    async with Segel(vault, Passphrase("secret")) as segel:
        account = segel.account
        with pytest.raises(VaultInUse):
            Segel(vault, Passphrase("secret"))
        async with segel.join(ana.link, name="Ben") as ben:
            await ben.send("Remember me")
            await ana.send("I will")
            await until(ben, lambda: len(ben.messages) == 2)
    async with Segel(vault, Passphrase("secret")) as segel:
        assert segel.account == account
        async with segel.join(ana.link, name="Ben") as ben:
            assert said(ben) == ["Remember me", "I will"]
            assert [each.you for each in ben.messages] == [True, False]


async def test_who_is_removed_while_away_comes_back_by_itself(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A member that was thought gone knocks again, as the same person."""
    ana = await people.start()
    ben = await people.join(ana.link)
    await until(ana, lambda: len(ana.people) == 2)
    member = ana._session.inside()
    leaf = next(each.leaf for each in member.ground.group.members if each.leaf != 0)
    monkeypatch.setattr(member.heart, "departed", lambda: [leaf])
    member.turns.soon(member._steward.look)
    await until(ben, lambda: ben._session.member is None)
    monkeypatch.undo()
    await ben.send("Still here")
    await until(ana, lambda: said(ana) == ["Still here"])


async def test_a_server_that_speaks_another_version_is_told(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = await people.client()
    monkeypatch.setattr("segel.core.wire.codec.VERSION", 2)
    with pytest.raises(Unreachable, match="update"):
        await people.join(guest.make_link(people.url), segel=guest)
