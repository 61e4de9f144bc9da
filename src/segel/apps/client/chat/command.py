"""`segel chat`."""

from importlib.util import find_spec
from urllib.parse import urlsplit

import click

from segel.apps.client.opening import check_over, run, stopped
from segel.apps.client.options import MeetingLink, Own, own_options
from segel.apps.failures import Failure
from segel.client import Segel
from segel.core.meeting.link import parse_link


@click.command("chat")
@click.argument("link", type=MeetingLink(), metavar="[LINK]", required=False)
@click.option("--new", "server", metavar="SERVER", help="Start a meeting at this server.")
@click.option(
    "--door",
    type=click.Choice(["equals", "open", "lobby"]),
    default="equals",
    show_default=True,
    help="Of a new meeting. equals: nobody is host, and who has the link comes in. open: you are "
    "host. lobby: you are host, and let each one in.",
)
@own_options
def chat_command(link: str | None, server: str | None, door: str, own: Own) -> None:
    """Meet on a whole terminal: messages, files, who is there, and the seal.

    Put the link in quotation marks: a shell reads its # otherwise. F1 lists the keys.

    \b
        segel chat "$LINK"
        segel chat --new meet.example.org --name Ada --vault ~/ada.segel
    """
    if (link is None) == (server is None):
        raise click.UsageError("Give a LINK, or --new with a server.")
    if find_spec("textual") is None:
        raise Failure("The chat needs Textual: pip install 'segel[terminal]'")
    run(own, lambda segel: _chat(segel, own, link, server, door))


async def _chat(segel: Segel, own: Own, link: str | None, server: str | None, door: str) -> None:
    # Imported here: `segel serve` starts without it, and where it is not installed.
    from segel.apps.client.chat.app import ChatApp

    if link is not None:
        where = urlsplit(parse_link(link).origin).netloc
        app = ChatApp(where, lambda told: segel.join(link, name=own.name, waiting=told))
    else:
        at = server or ""
        where = urlsplit(at if "://" in at else f"https://{at}").netloc
        app = ChatApp(where, lambda _: segel.create(at, name=own.name, door=door))  # type: ignore[arg-type]
    try:
        error = await app.run_async()
    finally:
        await app.say_goodbye()  # also where a signal ended the screen
    if error is not None:
        raise stopped(error)
    if app.meeting is not None:
        check_over(app.meeting.over)
