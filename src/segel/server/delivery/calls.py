"""From a call to its answer: one table says who carries a request out, and under which authority
(wire.md 4).
"""

import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from segel.core.wire import codec, ids, requests, signing
from segel.core.wire.answers import Done, MediaAnswer, Refused, Reply, Result
from segel.core.wire.requests import Call, Proof, Request
from segel.server.delivery import blobs, epochs, generations, inboxes, knocks, messages, proofs
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context
from segel.server.refusals import Refuse

Authority = Literal["open", "node", "latest"]
"""open: nothing, or what the handler checks; node: the named node's key; latest: and the node has
no child.
"""

Handler = Callable[[Context, Connection, Any], Awaitable[Result]]


async def _offer_media(on: Context, by: Connection, ask: requests.OfferMedia) -> MediaAnswer:
    by.require_socket()
    return await on.media.offer(by, ask)


async def _watch_media(on: Context, by: Connection, ask: requests.WatchMedia) -> Done:
    on.media.watch(by, ask)
    return Done()


async def _leave_media(on: Context, by: Connection, ask: requests.LeaveMedia) -> Done:
    on.media.leave(ask.group, by)
    return Done()


async def _ping(on: Context, by: Connection, ask: requests.Ping) -> Done:
    return Done()


@dataclass(slots=True, frozen=True)
class Method:
    """How a request is carried out."""

    authority: Authority
    handler: Handler


METHODS: dict[type[Request], Method] = {
    requests.OpenGeneration: Method("open", generations.open_generation),
    requests.FindMeeting: Method("open", generations.find_meeting),
    requests.Knock: Method("open", knocks.knock),
    requests.Withdraw: Method("open", knocks.withdraw),
    requests.Announce: Method("latest", generations.announce),
    requests.Dismiss: Method("latest", knocks.dismiss),
    requests.Enter: Method("open", epochs.enter),
    requests.Exit: Method("open", epochs.leave),
    requests.Commit: Method("node", epochs.commit),
    requests.Append: Method("node", messages.append),
    requests.Whisper: Method("node", messages.whisper),
    requests.CreateInbox: Method("open", inboxes.create_inbox),
    requests.Deliver: Method("open", inboxes.deliver),
    requests.OpenInbox: Method("open", inboxes.open_inbox),
    requests.ClearInbox: Method("open", inboxes.clear_inbox),
    requests.CreateBlob: Method("latest", blobs.create_blob),
    requests.OfferMedia: Method("latest", _offer_media),
    requests.WatchMedia: Method("node", _watch_media),
    requests.LeaveMedia: Method("open", _leave_media),
    requests.Ping: Method("open", _ping),
}


FIXED = 1024
"""More bytes than the fields of fixed size of any request take."""

LARGEST = {str(each.__struct_config__.tag): ids.MAX_BODY for each in METHODS} | {
    "whisper": ids.MAX_WHISPER + FIXED,
    "knock": ids.MAX_KNOCK + FIXED,
    "announce": ids.MAX_KNOCK + FIXED,
}
"""Above this many bytes a request that does not parse is too large rather than malformed."""


async def answer(on: Context, by: Connection, call: Call) -> Reply | Refused:
    """The reply or refusal of a call."""
    try:
        by.budget.spend(len(call.body), on.now())
        return Reply(call.id, await carry_out(on, by, call))
    except Refuse as refused:
        return Refused(call.id, refused.refusal)


async def carry_out(on: Context, by: Connection, call: Call) -> Result:
    """The result of a call. Raises Refuse."""
    ask = _request(call.body)
    method = METHODS[type(ask)]
    if method.authority != "open":
        group, node = ask.group, ask.node  # type: ignore[union-attr]
        if call.proof is not None:
            await _prove(on, call.body, call.proof, group, node)
        elif (group, node) not in by.entered:
            raise Refuse("not_proven")
        if method.authority == "latest":
            await on.store.run(lambda db: on.store.groups.latest(db, group, node))
    return await method.handler(on, by, ask)


def _request(body: bytes) -> Request:
    try:
        return codec.decode_request(body)
    except codec.Malformed:
        raise Refuse(_why(body)) from None


def _why(body: bytes) -> Literal["malformed", "unknown_method", "too_large"]:
    """Tells apart, among the bodies that are no request, what the client's author can act upon."""
    if len(body) > ids.MAX_FRAME:
        return "too_large"
    try:
        fields = msgspec.msgpack.decode(body, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return "malformed"
    tag = fields[0] if fields and isinstance(fields[0], str) else ""
    if tag not in LARGEST:
        return "unknown_method" if tag else "malformed"
    return "too_large" if len(body) > LARGEST[tag] else "malformed"


async def _prove(on: Context, body: bytes, proof: Proof, group: bytes, node: bytes) -> None:
    """Returns if the proof stands for the request.

    Refuses not_proven, expired, replayed, bad_signature.
    """
    if (proof.group, proof.node) != (group, node):
        raise Refuse("not_proven")
    on.nonces.fresh(proof, on.now())
    signed = signing.request(on.log_id, group, node, proof.nonce, proof.expiry, body)

    def verify(db: sqlite3.Connection) -> None:
        proofs.check(on.store.groups.epoch_key(db, group, node), proof.signature, signed)

    await on.store.run(verify)
    on.nonces.use(proof, on.now())


def end(on: Context, connection: Connection) -> None:
    """The connection has ended: its knocks, subscriptions and media go with it.

    Its calls are carried out to their end: what they append is told to the readers.
    """
    connection.send = None
    on.media.leave_all(connection)
    on.doors.withdraw_all(connection)
    inboxes.close_inboxes(on, connection)
    on.groups.leave_all(connection)
