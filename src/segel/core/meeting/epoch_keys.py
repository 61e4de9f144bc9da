"""What is derived from an epoch by MLS-Exporter (meeting.md 4)."""

from typing import NamedTuple

from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519
from segel.core.mls.group import Group


class EpochKeys(NamedTuple):
    """The keys of one epoch."""

    epoch: KeyPair
    """Ed25519: signs requests to the server, proves membership and no more."""
    knock: KeyPair
    """Of the suite's KEM: knocks are sealed to it."""
    whisper: bytes
    base: bytes
    """SFrame's base key (RFC 9605 5.2)."""
    authenticator: bytes


def epoch_keys(group: Group) -> EpochKeys:
    """All keys of a group's epoch."""
    group_id = group.group_id
    return EpochKeys(
        epoch_key(group),
        group.suite.kem.derive(group.export(b"segel knock key", group_id, 32)),
        group.export(b"segel whisper key", group_id, 32),
        group.export(b"SFrame 1.0 Base Key", b"", 16),
        group.epoch_authenticator,
    )


def epoch_key(group: Group) -> KeyPair:
    """The Ed25519 pair that signs requests in a group's epoch."""
    return Ed25519().pair(group.export(b"segel epoch key", group.group_id, 32))
