"""A server that shows one member another history is found out; the same without the guard.

The lies are told on the wire to one member: what a server that signs them could send.
"""

from collections.abc import Callable

import msgspec
import pytest

from segel.client import Alarm, Meeting
from segel.core.meeting import log
from segel.core.wire.answers import Reply, RowEvent, ServerMessage

from .conftest import People, said, until

Lie = Callable[[ServerMessage], ServerMessage | None]


def lie_to(meeting: Meeting, lie: Lie) -> None:
    """From now on the member is told what the lie makes of what comes; None: nothing."""
    transport = meeting._session.transport
    honest = transport._take

    def take(message: ServerMessage) -> None:
        if (told := lie(message)) is not None:
            honest(told)

    transport._take = take  # type: ignore[method-assign]


def another_text(message: ServerMessage) -> ServerMessage:
    """The row's bytes are others than the server signed for."""
    if not isinstance(message, RowEvent):
        return message
    row = msgspec.structs.replace(message.row, body=message.row.body[:-1] + b"\0")
    return msgspec.structs.replace(message, row=row)


def another_signer(message: ServerMessage) -> ServerMessage:
    """The receipt is not the server's."""
    if not isinstance(message, RowEvent):
        return message
    receipt = msgspec.structs.replace(message.row.receipt, signature=bytes(64))
    row = msgspec.structs.replace(message.row, receipt=receipt)
    return msgspec.structs.replace(message, row=row)


class Withheld:
    """The first row never comes, also where it is asked for."""

    def __init__(self) -> None:
        self.position = 0

    def __call__(self, message: ServerMessage) -> ServerMessage | None:
        if isinstance(message, RowEvent) and self.position in (0, message.row.receipt.position):
            self.position = message.row.receipt.position
            return None
        if isinstance(message, Reply) and hasattr(message.result, "rows"):
            rows = [row for row in message.result.rows if row.receipt.position != self.position]
            result = msgspec.structs.replace(message.result, rows=rows)
            return msgspec.structs.replace(message, result=result)
        return message


LIES: dict[str, tuple[Callable[[], Lie], str]] = {
    "another text": (lambda: another_text, "forked"),
    "another signer": (lambda: another_signer, "forked"),
    "withheld": (Withheld, "dropped"),
}


@pytest.mark.parametrize("name", LIES)
async def test_a_lie_is_an_alarm(people: People, name: str) -> None:
    lie, kind = LIES[name]
    ana = await people.start()
    ben = await people.join(ana.link)
    lie_to(ben, lie())
    await ana.send("one")
    await ana.send("two")
    await until(ben, lambda: ben.alarms)
    assert [alarm.kind for alarm in ben.alarms] == [kind]
    assert isinstance(ben.alarms[0], Alarm)
    assert said(ben) == []


async def test_without_the_signature_check_nobody_notices(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    lie_to(ben, another_signer)
    monkeypatch.setattr(log, "verify", lambda *_: None)
    await ana.send("one")
    await until(ben, lambda: said(ben) == ["one"])
    assert ben.alarms == []


async def test_rows_that_come_again_are_taken_once(people: People) -> None:
    ana = await people.start()
    ben = await people.join(ana.link)
    heard: list[RowEvent] = []

    def twice(message: ServerMessage) -> ServerMessage:
        if isinstance(message, RowEvent):
            heard.append(message)
        return message

    lie_to(ben, twice)
    await ana.send("one")
    await until(ben, lambda: said(ben) == ["one"])
    for event in heard * 2:
        ben._session.event(event)
    await ana.send("two")
    await until(ben, lambda: len(ben.messages) > 1)
    assert said(ben) == ["one", "two"]
    assert ben.alarms == []
