"""The proposals of an epoch: made, taken, and kept until a commit (RFC 9420 section 12.1)."""

from typing import NamedTuple

from segel.core.mls.errors import Full
from segel.core.mls.framing import AuthenticatedContent
from segel.core.mls.leaf_checks import verify_key_package
from segel.core.mls.leaf_node import LeafNodeContent, Position, sign_leaf
from segel.core.mls.outgoing import handshake_format, send, sign
from segel.core.mls.proposal import Add, Proposal, Remove, Update, proposal_reference
from segel.core.mls.proposal_checks import CommittedProposal, check_proposer, check_removed
from segel.core.mls.proposal_list import member_at, verify_replacement
from segel.core.mls.registry import LeafNodeSource
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState, NewLeaf, OwnUpdate
from segel.core.mls.tree_math import LeafIndex

MOST_PROPOSALS = 1024
"""Strangers may propose to be added: what waits must not grow with what they send."""


class CachedProposal(NamedTuple):
    """A proposal that came, by the reference under which a commit names it."""

    reference: bytes
    proposed: CommittedProposal
    authenticated_data: bytes


def propose(
    state: GroupState, services: Services, proposal: Proposal, authenticated_data: bytes
) -> bytes:
    """The message of a proposal of one's own, which is kept. Raises Refused and UsageError."""
    content = sign(state, handshake_format(services), proposal, authenticated_data)
    cached = _verified(state, services, content)
    message = send(state, services, content)
    state.proposals[cached.reference] = cached.proposed
    return message


def propose_update(
    state: GroupState, services: Services, leaf: NewLeaf | None, authenticated_data: bytes
) -> bytes:
    """The message of an Update with a fresh encryption key, which is kept."""
    leaf = leaf or unchanged(state)
    encryption = state.suite.kem.generate(services.entropy)
    position = Position(state.context.group_id, state.own)
    updated = sign_leaf(
        state.suite,
        leaf.signer,
        encryption.public,
        leaf.about,
        LeafNodeSource.UPDATE,
        position=position,
    )
    message = propose(state, services, Update(updated), authenticated_data)
    state.own_updates[encryption.public] = OwnUpdate(encryption, leaf.signer)
    return message


def unchanged(state: GroupState) -> NewLeaf:
    """What one's own leaf says today."""
    leaf = state.leaf
    return NewLeaf(
        state.signer, LeafNodeContent(leaf.credential, leaf.capabilities, leaf.extensions)
    )


def cache_proposal(
    state: GroupState, services: Services, content: AuthenticatedContent
) -> CachedProposal:
    """Keeps a proposal that came. Raises Refused, and Full where MOST_PROPOSALS wait."""
    cached = _verified(state, services, content)
    if len(state.proposals) >= MOST_PROPOSALS and cached.reference not in state.proposals:
        raise Full("commit the proposals that wait, or forget them")
    state.proposals[cached.reference] = cached.proposed
    return cached


def _verified(
    state: GroupState, services: Services, content: AuthenticatedContent
) -> CachedProposal:
    """What can be told of a proposal before its commit. Raises Refused."""
    proposal, sender = content.framed.content, content.framed.sender
    assert isinstance(proposal, Proposal)  # noqa: S101 - whoever calls has looked
    check_proposer(proposal, sender)
    if isinstance(proposal, Add):
        verify_key_package(state.suite, services, proposal.key_package, None)
    elif isinstance(proposal, Remove):
        check_removed(state.tree, proposal.removed)
    elif isinstance(proposal, Update):
        before = member_at(state.tree, LeafIndex(sender.index))
        position = Position(state.context.group_id, LeafIndex(sender.index))
        source = LeafNodeSource.UPDATE
        verify_replacement(state.tree, services, before, proposal.leaf_node, source, position)
    reference = proposal_reference(state.suite, content.encode())
    proposed = CommittedProposal(proposal, sender)
    return CachedProposal(reference, proposed, content.framed.authenticated_data)
