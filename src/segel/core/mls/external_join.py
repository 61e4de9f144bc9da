"""Joining by an external commit (RFC 9420 sections 3.3 and 12.4.3.2)."""

from typing import NamedTuple

from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.crypto.keys import InvalidKey
from segel.core.mls.codec import Reader
from segel.core.mls.commit import Commit
from segel.core.mls.epoch import Before, find_psks, next_epoch, provisional_context
from segel.core.mls.errors import Malformed, UsageError, WrongGroup
from segel.core.mls.extension import find
from segel.core.mls.framing import (
    AuthenticatedContent,
    FramedContent,
    FramedContentAuthData,
    Sender,
    sign_content,
)
from segel.core.mls.group_info import GroupInfoIn
from segel.core.mls.join import check_info_signature, check_info_suite, find_tree
from segel.core.mls.key_schedule import make_external_init
from segel.core.mls.leaf_checks import (
    check_members,
    check_unique_extensions,
    is_public_key,
)
from segel.core.mls.leaf_node import Position, path_leaf
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.outgoing import confirm
from segel.core.mls.proposal import ExternalInit, Proposal, Remove, UsePsk
from segel.core.mls.proposal_checks import CommittedProposal
from segel.core.mls.proposal_list import apply_proposals
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.public_message import PublicMessage
from segel.core.mls.registry import ExtensionType, SenderType, WireFormat
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState, Held, NewLeaf, new_state
from segel.core.mls.transcript import interim_hash
from segel.core.mls.tree_checks import verify_tree
from segel.core.mls.tree_kem import TREE_KEYS, new_path, seal_path
from segel.core.mls.tree_math import LeafIndex


@requirement("12.4.3.2/public-key", "The key for external commits is one of the suite's.")
def check_external_key(suite: Ciphersuite, public: bytes) -> bool:
    return is_public_key(suite, public)


class ExternalJoin(NamedTuple):
    """How to come into a group without a Welcome."""

    leaf: NewLeaf
    replaced: LeafIndex | None = None
    """One's own earlier leaf, to be removed by the same commit."""
    psks: tuple[PreSharedKeyId, ...] = ()
    authenticated_data: bytes = b""


def join_externally(
    message: bytes, how: ExternalJoin, services: Services, tree: bytes | None
) -> tuple[bytes, GroupState]:
    """The commit to send, and the state once the group took it.

    `message` is an MLSMessage with a GroupInfo that has the key for external commits. Raises
    Refused, Malformed, Missing, WrongGroup and UsageError.
    """
    suite, info = _group_info(message)
    verified = verify_tree(suite, services, find_tree(info, tree), info.group_context)
    check_info_signature(verified, info)
    context = info.group_context
    before_interim = interim_hash(suite, context.confirmed_transcript_hash, info.confirmation_tag)
    psks = find_psks(how.psks, services, b"", {})
    sender = Sender(SenderType.NEW_MEMBER_COMMIT)
    external = _external_key(info)
    check_external_key(suite, external)
    kem_output, init = make_external_init(suite, external, services.entropy)
    try:
        proposals = _proposals(how, kem_output)
        listed = [CommittedProposal(proposal, sender) for proposal in proposals]
        applied = apply_proposals(verified, context, services, listed, None)
        own = applied.tree.blank_leaf()
        make_leaf = path_leaf(suite, *how.leaf, Position(context.group_id, own))
        made = new_path(applied.tree, own, services.entropy, make_leaf)
        check_members(applied.tree, applied.extensions)
        provisional = provisional_context(context, applied.tree, applied.extensions)
        path = seal_path(applied.tree, made, (), provisional.encode(), services.entropy)
    except InvalidKey:
        raise TREE_KEYS.broken() from None
    said = how.authenticated_data
    commit = Commit(proposals, path)
    framed = FramedContent(context.group_id, context.epoch, sender, said, commit)
    wire_format = WireFormat.PUBLIC_MESSAGE
    signature = sign_content(suite, how.leaf.signer, wire_format, framed, context.encode())
    unconfirmed = AuthenticatedContent(wire_format, framed, FramedContentAuthData(signature, None))
    before = Before(suite, context, before_interim, init)
    epoch = next_epoch(before, provisional, unconfirmed, made.commit_secret, psks)
    content = confirm(unconfirmed, epoch.confirmation_tag)
    held = Held(own, how.leaf.signer, made.keys)
    state = new_state(suite, applied.tree, held, epoch, {}, services)
    return encode_message(PublicMessage(content.framed, content.auth, None)), state


def _group_info(message: bytes) -> tuple[Ciphersuite, GroupInfoIn]:
    info = decode_message(message)
    if not isinstance(info, GroupInfoIn):
        raise Malformed("not a GroupInfo")
    suite = SUITES.get(info.group_context.cipher_suite)
    if suite is None:
        raise WrongGroup(f"a ciphersuite {info.group_context.cipher_suite} not known here")
    check_info_suite(suite, info)
    check_unique_extensions(info.extensions)
    return suite, info


def _external_key(info: GroupInfoIn) -> bytes:
    data = find(info.extensions, ExtensionType.EXTERNAL_PUB)
    if data is None:
        raise UsageError("this GroupInfo has no key for external commits")
    reader = Reader(data)
    key = reader.opaque()
    reader.finish()
    return key


def _proposals(how: ExternalJoin, kem_output: bytes) -> tuple[Proposal, ...]:
    removal = () if how.replaced is None else (Remove(how.replaced),)
    return (ExternalInit(kem_output), *removal, *map(UsePsk, how.psks))
