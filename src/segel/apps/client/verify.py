"""`segel verify`: the digits that people read to each other."""

import asyncio
import re
from contextlib import aclosing

import click

from segel.apps import options
from segel.apps.client.opening import Status, Stopped, check_over, run
from segel.apps.client.options import Own, link_argument, own_options
from segel.apps.client.screen import Screen
from segel.apps.client.staying import check_alarms
from segel.apps.client.typed import typed_lines
from segel.client import Came, Left, Meeting, Rekeyed, Segel

_DIGITS = 30


@click.command("verify")
@link_argument
@own_options
@options.as_json
def verify_command(link: str, own: Own, as_json: bool) -> None:
    """Show the 30 digits of the meeting of LINK, to compare with what the others see.

    Let somebody in the meeting whose voice you know read out theirs (in the browser: the seal). Who
    has the same digits is in the same meeting with the same keys, and nobody between. The digits
    change whenever somebody comes or goes, you as well: compare them when all are there. They are
    printed anew each time, with the reason.

    Type what the others read, with any spaces, and Enter: the exit status is 0 where it is the
    same, 5 where it is not. Enter alone, or Ctrl-C, leaves.

    \b
        segel verify "$LINK"
        echo 04711 81530 12345 99871 00042 31415 | segel verify "$LINK" --json
    """
    screen = Screen(as_json=as_json)

    async def work(segel: Segel) -> None:
        async with segel.join(link, name=own.name, waiting=screen.waiting) as meeting:
            screen.entered(meeting)
            await _Verification(meeting, screen).run()
        check_alarms(meeting)

    run(own, work)


class _Verification:
    """Shows each code, and compares what is typed with the last."""

    def __init__(self, meeting: Meeting, screen: Screen) -> None:
        self._meeting, self._screen = meeting, screen
        self._events = meeting.events()
        self._codes: list[str] = []

    async def run(self) -> None:
        """Until it is known, or one leaves. Raises Stopped where the digits are others."""
        await self._show("you came in")
        watching = asyncio.create_task(self._watch())
        typing = asyncio.create_task(self._compare())
        try:
            await asyncio.wait({watching, typing}, return_when=asyncio.FIRST_COMPLETED)
            if typing.done():
                typing.result()
        finally:
            for task in (watching, typing):
                task.cancel()
            await asyncio.wait({watching, typing})
        check_over(self._meeting.over)

    async def _watch(self) -> None:
        why = ""
        async for event in self._events:
            self._screen.show(event)
            match event:
                case Came(person=who):
                    why = f"{self._screen.names.called(who.account)} came in"
                case Left(person=who):
                    why = f"{self._screen.names.called(who.account)} left"
                case Rekeyed():
                    await self._show(why or "the keys were changed")
                    why = ""

    async def _show(self, why: str) -> None:
        code = await self._meeting.code()
        digits = "".join(code)
        if digits in self._codes:
            return
        self._codes.append(digits)
        told = {
            "event": "code",
            "code": " ".join(code),
            "epoch": self._meeting.epoch,
            "why": why,
        }
        self._screen.note(f"New digits, since {why}:")
        self._screen.result(told, " ".join(code))

    async def _compare(self) -> None:
        async with aclosing(typed_lines()) as lines:
            async for line in lines:
                digits = re.sub(r"[\s.,-]", "", line)
                if not digits:
                    return
                if not digits.isdecimal() or len(digits) != _DIGITS:
                    self._screen.note(f"That is not {_DIGITS} digits. Type them again.")
                elif self._judged(digits):
                    return

    def _judged(self, digits: str) -> bool:
        """Whether it is known by now. Raises Stopped where they are others."""
        if digits in self._codes[:-1]:
            self._screen.note("Those were the digits before the last change. Read the new ones.")
            return False
        equal = digits == self._codes[-1]
        if self._screen.as_json:
            self._screen.result({"event": "compared", "equal": equal}, "")
        if not equal:
            raise Stopped(
                Status.ALARM,
                "The digits are others. Either they were misread, or somebody came or left in "
                "between, or you are not in the same meeting: somebody between you can read along. "
                "Compare once more; if they still differ, say nothing here that is secret.",
            )
        self._screen.note("The same digits: you are in one meeting with one set of keys.")
        return True
