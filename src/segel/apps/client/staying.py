"""Being in a meeting by lines: what happens is shown, what is typed is sent."""

import asyncio
import sys
from contextlib import aclosing

from segel.apps.client.opening import Status, Stopped, check_over, stopped
from segel.apps.client.orders import Leave, Orders
from segel.apps.client.screen import Screen
from segel.apps.client.typed import typed_lines
from segel.client import Meeting, MeetingOver, SegelError
from segel.client.meeting.meeting import Events


async def stay(meeting: Meeting, screen: Screen, *, to_the_end: bool) -> None:
    """Until one leaves, the input ends (not with `to_the_end`), or the meeting does. Raises Stopped
    where something went wrong: in what was typed by a program, or by an alarm.
    """
    events = meeting.events()
    hearing = asyncio.create_task(_hear(events, screen))
    typing = asyncio.create_task(_type(meeting, screen))
    failed: Stopped | None = None
    try:
        await asyncio.wait({hearing, typing}, return_when=asyncio.FIRST_COMPLETED)
        if typing.done():
            failed, left = typing.result()
            if to_the_end and not left:
                await asyncio.wait({hearing})
        if hearing.done():
            hearing.result()
    finally:
        for task in (hearing, typing):
            task.cancel()
        await asyncio.wait({hearing, typing})
    check_over(meeting.over)
    check_alarms(meeting)
    if failed is not None:
        raise failed


def check_alarms(meeting: Meeting) -> None:
    """Raises Stopped where something happened that must never happen."""
    if meeting.alarms:
        raise Stopped(Status.ALARM, "There was an alarm in this meeting: do not trust it any more.")


async def _hear(events: Events, screen: Screen) -> None:
    async for event in events:
        screen.show(event)


async def _type(meeting: Meeting, screen: Screen) -> tuple[Stopped | None, bool]:
    """Obeys each line. What does not work is told at once; a program's input fails by it. Whether
    one wanted to go.
    """
    orders = Orders(meeting, screen)
    failed: Stopped | None = None
    async with aclosing(typed_lines()) as lines:
        async for line in lines:
            try:
                await orders.obey(line)
            except Leave:
                return failed, True
            except MeetingOver:
                return failed, False
            except SegelError as error:
                told = stopped(error)
                if sys.stdin.isatty():
                    screen.note(told.message)
                else:
                    told.show()
                    failed = Stopped(Status.FAILED, "Not everything was done; see above.")
    return failed, False
