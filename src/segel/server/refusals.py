"""A refusal as an exception: raised anywhere under a request, answered to the client."""

from segel.core.wire.answers import Child, Refusal, RefusalCode

DETAILS: dict[RefusalCode, str] = {
    "malformed": "The request is not one of this protocol.",
    "unknown_method": "This request cannot be made in this way.",
    "too_large": "This is too large.",
    "slow_down": "Too much at once: wait a little and try again.",
    "unknown_group": "There is no such group, or it has expired.",
    "unknown_node": "This epoch is not known here, or it has expired.",
    "not_proven": "Enter the epoch first, or sign the request.",
    "bad_signature": "The signature does not verify.",
    "expired": "The request's time has passed, or lies too far ahead.",
    "replayed": "This signed request was used before.",
    "stale": "The group has moved on to its next epoch.",
    "conflict": "Another commit was first.",
    "taken": "Somebody else opened this meeting already.",
    "unknown_alias": "There is no meeting under this link, or it has expired.",
    "invitation_required": "To start a meeting here, ask whoever runs the server to invite you.",
    "bad_invitation": "This invitation is not valid, or was used up.",
    "unknown_inbox": "There is no such inbox, or it has expired.",
    "bad_token": "The delivery token is not this inbox's.",
    "inbox_full": "The inbox is full.",
    "quota": "This group's files take all the room that one group may have here.",
    "no_media": "The media relay is not running, or full.",
    "bad_offer": "The media relay does not understand this offer.",
    "storage_full": "The server cannot store more at the moment.",
    "internal": "The server failed. Trying again may help.",
}
"""What a person reads; no identifier is ever part of it."""


class Refuse(Exception):
    """The request is not carried out; `refusal` is the answer."""

    def __init__(
        self,
        code: RefusalCode,
        *,
        retry_after: int | None = None,
        child: Child | None = None,
        room: int | None = None,
    ) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, DETAILS[code], retry_after, child, room)
