"""The step from one epoch to the next, the same for who makes a commit and who takes it."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.mac import equal
from segel.core.mls.errors import Missing
from segel.core.mls.extension import Extensions
from segel.core.mls.framing import AuthenticatedContentIn
from segel.core.mls.group_context import GroupContext
from segel.core.mls.key_schedule import (
    EpochSecrets,
    epoch_secrets,
    joiner_secret,
    member_secret,
    welcome_secret,
)
from segel.core.mls.psk import PreSharedKeyId, Psk, psk_secret
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import PskType
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services
from segel.core.mls.transcript import confirmed_hash, interim_hash
from segel.core.mls.tree_hash import tree_hash


@requirement("12.4.2/confirmation", "The confirmation tag is that of the epoch that begins.")
def check_confirmation(expected: bytes, tag: bytes | None) -> bool:
    return tag is not None and equal(expected, tag)


class Epoch(NamedTuple):
    """What a commit makes, besides the tree."""

    context: GroupContext
    context_bytes: bytes
    joiner: bytes
    welcome: bytes
    secrets: EpochSecrets
    confirmation_tag: bytes
    interim: bytes


class Before(NamedTuple):
    """What the next epoch takes from the one before."""

    suite: Ciphersuite
    context: GroupContext
    interim: bytes
    init: bytes


def provisional_context(
    before: GroupContext, tree: RatchetTree, extensions: Extensions
) -> GroupContext:
    """The next GroupContext, still with the confirmed transcript of the one before."""
    return GroupContext(
        before.version,
        before.cipher_suite,
        before.group_id,
        before.epoch + 1,
        tree_hash(tree),
        before.confirmed_transcript_hash,
        extensions,
    )


def next_epoch(
    before: Before,
    provisional: GroupContext,
    commit: AuthenticatedContentIn,
    commit_secret: bytes,
    psks: Sequence[Psk],
) -> Epoch:
    """The epoch that a commit begins; the commit's confirmation tag is not looked at."""
    suite = before.suite
    confirmed = confirmed_hash(suite, before.interim, commit)
    context = msgspec.structs.replace(provisional, confirmed_transcript_hash=confirmed)
    encoded = context.encode()
    joiner = joiner_secret(suite, before.init, commit_secret, encoded)
    return enter(suite, context, joiner, psks)


def enter(suite: Ciphersuite, context: GroupContext, joiner: bytes, psks: Sequence[Psk]) -> Epoch:
    """The epoch of a joiner secret."""
    encoded = context.encode()
    member = member_secret(suite, joiner, psk_secret(suite, psks))
    secrets = epoch_secrets(suite, member, encoded)
    confirmed = context.confirmed_transcript_hash
    tag = suite.mac(secrets.confirmation, confirmed)
    welcome = welcome_secret(suite, member)
    interim = interim_hash(suite, confirmed, tag)
    return Epoch(context, encoded, joiner, welcome, secrets, tag, interim)


def find_psks(
    psks: Sequence[PreSharedKeyId],
    services: Services,
    group_id: bytes,
    resumption: dict[int, bytes],
) -> list[Psk]:
    """The secrets of PSKs: the group's own, or those that the application holds. Raises Missing."""
    found = []
    for psk in psks:
        own = psk.type == PskType.RESUMPTION and psk.group_id == group_id
        secret = resumption.get(psk.epoch) if own else services.psk(psk)
        if secret is None:
            raise Missing("a pre-shared key that this member does not hold")
        found.append((psk, secret))
    return found
