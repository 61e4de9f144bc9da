"""`segel meet` and `segel join`: a meeting by lines on a terminal, or in a pipe."""

import sys
from datetime import UTC, datetime, time
from typing import Literal

import click

from segel.apps import options
from segel.apps.client.opening import run
from segel.apps.client.options import Own, link_argument, own_options
from segel.apps.client.screen import Screen
from segel.apps.client.staying import stay
from segel.client import Segel

Door = Literal["equals", "open", "lobby"]
Days = Literal[1, 7, 30, 90]

_stay_option = click.option(
    "--stay", "to_the_end", is_flag=True, help="Stay in the meeting when standard input has ended."
)


class _Until(click.ParamType[datetime]):
    """A day, which is meant to its end, or a moment; in local time where no zone is given."""

    name = "date"

    def convert(
        self, value: str, param: click.Parameter | None, context: click.Context | None
    ) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(
                f"{value!r} is no date. Give one such as 2027-01-31 or 2027-01-31T18:00.",
                param,
                context,
            )
        if len(value) == len("2027-01-31"):
            moment = datetime.combine(moment, time.max)
        if moment.timestamp() <= datetime.now(UTC).timestamp():
            self.fail(f"{value} is over already.", param, context)
        return moment


@click.command("meet")
@click.argument("server", envvar="SEGEL_SERVER")
@click.option(
    "--door",
    type=click.Choice(["equals", "open", "lobby"]),
    default="equals",
    show_default=True,
    help="equals: nobody is host, and who has the link comes in. open: you are host. lobby: you "
    "are host, and let each one in.",
)
@click.option(
    "--days",
    type=click.Choice(["1", "7", "30", "90"]),
    default="1",
    show_default=True,
    help="So long the server keeps what is said, sealed.",
)
@click.option(
    "--suite",
    type=click.Choice(["hybrid", "classic"]),
    default="hybrid",
    show_default=True,
    help="hybrid holds against quantum computers too.",
)
@click.option(
    "--invitation",
    envvar="SEGEL_INVITATION",
    help="Where only invited people may start a meeting: what its operator gave you.",
)
@click.option(
    "--until",
    type=_Until(),
    help="Only print a link for a meeting that may take place at any time until this date.",
)
@_stay_option
@own_options
@options.as_json
def meet_command(
    server: str,
    door: Door,
    days: str,
    suite: Literal["hybrid", "classic"],
    invitation: str | None,
    until: datetime | None,
    to_the_end: bool,
    own: Own,
    as_json: bool,
) -> None:
    """Start a meeting at SERVER, print its link, and stay in it.

    The link is the first line of standard output, and the only one: send it to those who are to
    come. They open it in a browser, or with `segel join`. What is said and who comes is shown on
    standard error; each line that you type is sent. /help lists what else you can type. SERVER may
    stand in SEGEL_SERVER.

    \b
        segel meet meet.example.org
        segel meet meet.example.org --door lobby --name Ada --vault ~/ada.segel
    The link into a mail, the meeting on the terminal:
        segel meet meet.example.org | head -1 | mail -s "Now" ben@example.org
    A link for next week, nothing started yet:
        segel meet meet.example.org --until 2027-01-31
    """
    screen = Screen(as_json=as_json, said=sys.stderr)
    if until is not None:
        _make_link(own, screen, server, door, until)
        return
    chosen: Days = {"1": 1, "7": 7, "30": 30, "90": 90}[days]  # type: ignore[assignment]

    async def work(segel: Segel) -> None:
        async with segel.create(
            server, name=own.name, door=door, days=chosen, suite=suite, invitation=invitation
        ) as meeting:
            screen.result({"event": "link", "link": meeting.link}, meeting.link)
            screen.entered(meeting)
            await stay(meeting, screen, to_the_end=to_the_end)

    run(own, work)


def _make_link(own: Own, screen: Screen, server: str, door: Door, until: datetime) -> None:
    if door != "equals" and own.vault is None:
        raise click.UsageError(
            "A meeting with a host needs --vault: it keeps what makes you host when you come back."
        )

    async def work(segel: Segel) -> None:
        link = segel.make_link(server, door=door, until=until.timestamp())
        screen.result({"event": "link", "link": link}, link)

    run(own, work)


@click.command("join")
@link_argument
@_stay_option
@own_options
@options.as_json
def join_command(link: str, to_the_end: bool, own: Own, as_json: bool) -> None:
    """Join the meeting of LINK and stay in it.

    What is said goes to standard output, all else to standard error; each line that you type is
    sent. /help lists what else you can type. Where standard input is a pipe, its lines are sent,
    and then you leave, unless --stay is given. Put the link in quotation marks: a shell reads its #
    otherwise.

    \b
        segel join "$LINK"
        segel join "$LINK" --name Ben --vault ~/ben.segel
    Keep what is said:
        segel join "$LINK" | tee minutes.txt
    Tell a meeting what happens to a log, for as long as it is written:
        tail -f server.log | segel join "$LINK" --name Log
    A program reads along:
        segel join "$LINK" --stay --json < /dev/null | jq -r 'select(.event == "said").text'
    """
    screen = Screen(as_json=as_json)

    async def work(segel: Segel) -> None:
        async with segel.join(link, name=own.name, waiting=screen.waiting) as meeting:
            screen.entered(meeting)
            await stay(meeting, screen, to_the_end=to_the_end)

    run(own, work)
