"""Where a joiner is answered: the inbox that its knock names, and what opens what comes there
(meeting.md 5, 6).
"""

from hashlib import sha256
from typing import Literal

from segel.client.errors import NotLetIn, Unreachable
from segel.client.meeting.ground import BAD, Party, Standing
from segel.client.meeting.joining import join
from segel.core.cbor import Malformed
from segel.core.crypto.signature import Ed25519
from segel.core.meeting.envelope import Denial, open_denial, open_envelope
from segel.core.meeting.group import own_key_package
from segel.core.meeting.knock import Address, Knock, seal_knock
from segel.core.meeting.log import Log
from segel.core.meeting.suites import HYBRID, suite_by_id
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.message import encode_message
from segel.core.wire import requests, signing
from segel.core.wire.answers import Done, Hello, InboxItems
from segel.core.wire.hashes import child_node, inbox_id, log_id

_REASONS: dict[Denial, Literal["refused", "banned", "locked", "closed", "full"]] = {
    Denial.REFUSED: "refused",
    Denial.BANNED: "banned",
    Denial.LOCKED: "locked",
    Denial.CLOSED: "closed",
    Denial.FULL: "full",
}


class Inbox:
    """One inbox for one way in, and the KeyPackage that one knocks with meanwhile."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._token = party.entropy.random(16)
        self._key = Ed25519().pair(party.entropy.random(32))
        self._id = inbox_id(self._key.public)
        self._suite = HYBRID
        self._own: OwnKeyPackage | None = None

    def is_of(self, suite: int) -> bool:
        """Whether there is a KeyPackage, and of this suite."""
        return self._own is not None and self._suite.id == suite

    def renew(self, suite: int, now: int) -> None:
        """A new KeyPackage: what was sealed to the one before is not opened any more. `now` is the
        server's clock. Raises Malformed for a suite that no meeting is held in.
        """
        party = self._party
        self._suite = suite_by_id(suite)
        self._own = own_key_package(self._suite, party.identity, party.name, now, party.entropy)

    def knock(self, knock_key: bytes) -> bytes:
        """The sealed knock. Raises Malformed where the key is none."""
        party = self._party
        assert self._own is not None  # noqa: S101 - renewed before the first knock
        package = encode_message(self._own.key_package)
        knock = Knock(package, Address(self._id, self._token))
        return seal_knock(self._suite, party.keys, knock_key, knock, party.entropy)

    async def open(self, hello: Hello) -> Standing | None:
        """Makes it and opens it on this connection. What is in it already may let us in."""
        call, inbox = self._party.call, self._id
        token = sha256(self._token).digest()
        await call(requests.CreateInbox(self._key.public, token, 1), Done)
        signed = signing.inbox(log_id(hello.server_key), hello.challenge, inbox)
        signature = Ed25519().sign(self._key, signed)
        opened = await call(requests.OpenInbox(inbox, 0, signature), InboxItems)
        for item in opened.items:
            if (standing := await self.received(hello, item.body)) is not None:
                return standing
        return None

    async def received(self, hello: Hello, item: bytes) -> Standing | None:
        """What came: a Welcome, a denial, or nothing that holds. Raises NotLetIn."""
        own = self._own
        if own is None:
            return None
        try:
            envelope = open_envelope(self._suite, own.init, item)
        except Malformed:
            self._denied(own, item)
            return None
        try:
            group = join(self._party, own, envelope)
        except BAD:
            return None
        await self._leave_door()
        node = child_node(envelope.parent, envelope.commit_hash, group.keys.epoch.public)
        log = Log(hello.server_key, group.group_id, envelope.position, envelope.head)
        return Standing(group, node, log)

    def _denied(self, own: OwnKeyPackage, item: bytes) -> None:
        try:
            reason = _REASONS[open_denial(self._suite, own.init, item)]
        except Malformed:
            return
        raise NotLetIn(reason, "somebody in the meeting did not let us in")

    async def _leave_door(self) -> None:
        """Empties the inbox and takes the knock back; whatever comes of it, a day ends both."""
        try:
            await self._party.call(requests.ClearInbox(self._id, 2**53 - 1), Done)
            await self._party.call(requests.Withdraw(self._party.keys.alias), Done)
        except Unreachable:
            return
