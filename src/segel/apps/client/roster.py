"""`segel roster`: who is in a meeting."""

import click

from segel.apps import options
from segel.apps.client import records
from segel.apps.client.opening import run
from segel.apps.client.options import Own, link_argument, own_options
from segel.apps.client.screen import Screen
from segel.client import Segel


@click.command("roster")
@link_argument
@own_options
@options.as_json
def roster_command(link: str, own: Own, as_json: bool) -> None:
    """Print who is in the meeting of LINK, and leave.

    A line for each: the account, which the group proves; `host` or `-`; the name, which is what
    they call themselves. To see it one has to come in, which the others see.

    \b
        segel roster "$LINK"
        segel roster "$LINK" --json | jq -r .name
    """
    screen = Screen(as_json=as_json)

    async def work(segel: Segel) -> None:
        async with segel.join(link, name=own.name, waiting=screen.waiting) as meeting:
            for who in meeting.people:
                called = screen.names.learn(who.account, who.name)
                role = "host" if who.host else "-"
                you = "  (you)" if who.you else ""
                line = f"{who.account}  {role:4}  {called}{you}"
                screen.result(records.person("person", who), line)

    run(own, work)
