"""A client: an account, its vault, and the meetings it is in."""

import os
import ssl
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Literal, Self
from urllib.parse import urlsplit

import aiohttp

from segel.client.clock import Clock
from segel.client.entropy import System
from segel.client.errors import BadLink, UsageError
from segel.client.meeting.door import Waiting
from segel.client.meeting.founding import Plan
from segel.client.meeting.ground import Party
from segel.client.meeting.meeting import Meeting
from segel.client.meeting.rulebook import RuleBook
from segel.client.meeting.session import Session
from segel.client.vault import Passphrase, Unlock, Vault
from segel.core.cbor import Malformed
from segel.core.content.text import clean_name
from segel.core.crypto.signature import Ed25519
from segel.core.identity.account import (
    Identity,
    create_identity,
    export_identity,
    import_identity,
    show_account,
)
from segel.core.meeting.link import (
    LOBBY,
    OPEN_GENERATION,
    SECRET_SIZE,
    UNTIL,
    Link,
    format_link,
    link_keys,
    parse_link,
)
from segel.core.meeting.suites import CLASSIC, HYBRID
from segel.core.wire.requests import TtlDays

WaitingFor = Callable[[Waiting], None]
Doors = Literal["equals", "open", "lobby"]
"""equals: nobody is host. open: its maker is host, and the link lets in. lobby: hosts let in."""

_BOX, _ACCOUNT = "segel", "account"


def _patient(waiting: Waiting) -> None:
    """Nobody asks what one waits for."""


class Segel:
    """A client. Use as `async with Segel() as segel`.

    Without a vault it is a guest whom nobody knows again; with one it keeps its account and its
    messages in a file, which `unlock` (a passphrase, or Key, or Keyring) opens. `trust` is what
    servers' certificates are checked with, where the system's is not meant.
    """

    def __init__(
        self,
        vault: str | os.PathLike[str] | None = None,
        unlock: Unlock | str | None = None,
        *,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._entropy, self._clock = System(), Clock()
        if (vault is None) != (unlock is None):
            raise UsageError("a vault and what unlocks it go together")
        if vault is None or unlock is None:
            self._vault = Vault.temporary(self._entropy)
        else:
            opened_by = Passphrase(unlock) if isinstance(unlock, str) else unlock
            self._vault = Vault.open(vault, opened_by, self._entropy)
        self._trust = trust
        self._identity = self._own_identity()
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._trust or True)
        self._http = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._http is not None:
            await self._http.close()
        self._vault.close()

    @property
    def account(self) -> str:
        """One's own account, as others see it."""
        return show_account(self._identity.account)

    def make_link(self, server: str, *, door: Doors = "equals", until: float | None = None) -> str:
        """A link to a meeting at a server, of which nobody there is told yet. With `until`, in
        seconds of Unix time, it works from now until then. Where there are hosts, this vault keeps
        their key.
        """
        return format_link(self._new_link(server, door, until))

    @asynccontextmanager
    async def create(
        self,
        server: str,
        *,
        name: str,
        door: Doors = "equals",
        days: TtlDays = 1,
        suite: Literal["hybrid", "classic"] = "hybrid",
        invitation: str | None = None,
    ) -> AsyncIterator[Meeting]:
        """Starts a meeting and is in it; `days`: for so long the server keeps what is said.

        Raises Unreachable, NotLetIn where the server is for the invited.
        """
        link = self._new_link(server, door, None)
        chosen = HYBRID if suite == "hybrid" else CLASSIC
        plan = Plan(chosen, days, None if invitation is None else _token(invitation))
        async with self._stay(link, name, plan, create=True, waiting=_patient) as meeting:
            yield meeting

    @asynccontextmanager
    async def join(
        self, link: str, *, name: str, waiting: WaitingFor = _patient
    ) -> AsyncIterator[Meeting]:
        """Is in the meeting of a link. Waits until somebody lets one in, however long that takes;
        `waiting` is told what one waits for.

        Raises BadLink, NotLetIn, Unreachable.
        """
        try:
            parsed = parse_link(link.strip())
        except Malformed as error:
            raise BadLink(str(error)) from None
        async with self._stay(parsed, name, Plan(HYBRID), create=False, waiting=waiting) as meeting:
            yield meeting

    @asynccontextmanager
    async def _stay(
        self, link: Link, name: str, plan: Plan, *, create: bool, waiting: WaitingFor
    ) -> AsyncIterator[Meeting]:
        if (http := self._http) is None:
            raise UsageError("use it as `async with Segel() as segel`")
        keys = link_keys(link)
        rules = RuleBook(self._vault, keys.alias)
        if keys.opener is None:
            keys = keys._replace(opener=rules.host_key())
        party = Party(
            self._identity,
            clean_name(name),
            link,
            keys,
            rules,
            self._entropy,
            self._clock,
        )
        meeting = Meeting(lambda tell: Session(party, plan, self._vault, http, tell))
        await meeting.enter(create=create, waiting=waiting)
        try:
            yield meeting
        finally:
            await meeting.leave()

    def _new_link(self, server: str, door: Doors, until: float | None) -> Link:
        policy = {"equals": OPEN_GENERATION, "open": 0, "lobby": LOBBY}[door]
        host = None if door == "equals" else Ed25519().pair(self._entropy.random(32))
        link = Link(
            _origin(server),
            policy | (0 if until is None else UNTIL),
            self._entropy.random(SECRET_SIZE),
            None if until is None else int(until),
            None if host is None else host.public,
        )
        if host is not None:
            RuleBook(self._vault, link_keys(link).alias).keep_host_key(host)
        return link

    def _own_identity(self) -> Identity:
        kept = self._vault.get(_BOX, _ACCOUNT)
        if kept is not None:
            return import_identity(kept)
        identity = create_identity(self._entropy)
        self._vault.put(_BOX, _ACCOUNT, export_identity(identity))
        return identity


def _origin(server: str) -> str:
    """`example.org`, `https://example.org/`: the server's origin. Raises UsageError."""
    parts = urlsplit(server if "://" in server else f"https://{server}")
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/"):
        raise UsageError(f"{server} is no server's address")
    return f"{parts.scheme}://{parts.netloc}"


def _token(invitation: str) -> bytes:
    try:
        token = urlsafe_b64decode(invitation + "=" * (-len(invitation) % 4))
    except ValueError:
        token = b""
    if len(token) != 16:
        raise UsageError("the invitation is cut off")
    return token
