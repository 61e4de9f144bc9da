"""Making a commit, and the Welcome that goes with it (RFC 9420 section 12.4.1)."""

from collections.abc import Sequence
from typing import NamedTuple

from segel.core.crypto.keys import InvalidKey
from segel.core.mls.commit import Commit, UpdatePath
from segel.core.mls.epoch import Before, Epoch, find_psks, next_epoch, provisional_context
from segel.core.mls.extension import Extensions
from segel.core.mls.framing import Sender
from segel.core.mls.group_context import GroupContext
from segel.core.mls.leaf_checks import check_members
from segel.core.mls.leaf_node import Position, path_leaf
from segel.core.mls.message import encode_message
from segel.core.mls.outgoing import confirm, handshake_format, own_group_info, send, sign
from segel.core.mls.process_commit import own_keys, staged
from segel.core.mls.proposal import Proposal, ProposalRef
from segel.core.mls.proposal_cache import unchanged
from segel.core.mls.proposal_checks import CommittedProposal, needs_path
from segel.core.mls.proposal_list import Applied, apply_proposals
from segel.core.mls.registry import PskUsage
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import GroupState, Held, NewLeaf, new_state
from segel.core.mls.tree_kem import TREE_KEYS, NewPath, new_path, seal_path, still_known
from segel.core.mls.welcome import NewMember, make_welcome


class CommitPlan(NamedTuple):
    """What to commit, and how."""

    by_value: Sequence[Proposal] = ()
    by_reference: bool = True
    """Whether the proposals that came in this epoch are committed too."""
    path: bool = True
    """Whether to have a path where none is needed: without one, nobody's keys are renewed."""
    leaf: NewLeaf | None = None
    """One's own leaf from now on, where it changes."""
    authenticated_data: bytes = b""
    info_extensions: Extensions = ()
    """Further extensions of the Welcome's GroupInfo."""
    with_tree: bool = True
    """Whether the Welcome brings the ratchet tree."""
    purpose: PskUsage = PskUsage.APPLICATION


class OutgoingCommit(NamedTuple):
    """A commit to send. Merge `staged` once it is accepted, and send the Welcome after that."""

    message: bytes
    welcome: bytes | None
    staged: StagedCommit


def create_commit(
    state: GroupState, services: Services, plan: CommitPlan, now: int
) -> OutgoingCommit:
    """A commit of this member. Spends a key of `state`'s secret tree, and nothing else.

    Raises Refused and Missing.
    """
    sender = Sender.member(state.own)
    listed, proposals = _listed(state, plan, sender)
    applied = apply_proposals(
        state.tree, state.context, services, proposals, state.own, now=now, purpose=plan.purpose
    )
    psks = find_psks(applied.psks, services, state.context.group_id, state.resumption)
    made = None
    if plan.path or plan.leaf or needs_path(proposals):
        made = _make_path(state, services, applied, plan.leaf)
    check_members(applied.tree, applied.extensions)
    provisional = provisional_context(state.context, applied.tree, applied.extensions)
    try:
        commit = Commit(listed, _seal(applied, made, provisional, services))
        unconfirmed = sign(state, handshake_format(services), commit, plan.authenticated_data)
        commit_secret = state.suite.zeros if made is None else made.commit_secret
        before = Before(state.suite, state.context, state.interim, state.secrets.init)
        epoch = next_epoch(before, provisional, unconfirmed, commit_secret, psks)
        after = _after(state, services, applied, plan, made, epoch)
        welcome = _welcome(after, services, plan, applied, made, epoch) if applied.added else None
    except InvalidKey:
        # Of the tree that one was let into: what came since was looked at.
        raise TREE_KEYS.broken() from None
    content = confirm(unconfirmed, epoch.confirmation_tag)
    done = staged(state, content, proposals, applied, state.own, after)
    return OutgoingCommit(send(state, services, content), welcome, done)


def _seal(
    applied: Applied, made: NewPath | None, provisional: GroupContext, services: Services
) -> UpdatePath | None:
    """The UpdatePath of a commit, where it has one. Raises InvalidKey."""
    if made is None:
        return None
    context = provisional.encode()
    return seal_path(applied.tree, made, applied.joined, context, services.entropy)


def _listed(
    state: GroupState, plan: CommitPlan, sender: Sender
) -> tuple[tuple[Proposal | ProposalRef, ...], list[CommittedProposal]]:
    """A commit's proposals as they are written, and what they are."""
    pending = state.proposals if plan.by_reference else {}
    references = (*map(ProposalRef, pending), *plan.by_value)
    by_value = [CommittedProposal(proposal, sender) for proposal in plan.by_value]
    return references, [*pending.values(), *by_value]


def _make_path(
    state: GroupState, services: Services, applied: Applied, leaf: NewLeaf | None
) -> NewPath:
    """Fresh keys on one's own path, in the tree that the proposals made."""
    signer, about = leaf or unchanged(state)
    position = Position(state.context.group_id, state.own)

    make_leaf = path_leaf(state.suite, signer, about, position)
    return new_path(applied.tree, state.own, services.entropy, make_leaf)


def _after(
    state: GroupState,
    services: Services,
    applied: Applied,
    plan: CommitPlan,
    made: NewPath | None,
    epoch: Epoch,
) -> GroupState:
    signer, keys = own_keys(state, applied)
    if made is not None:
        keys = keys | made.keys
    if plan.leaf is not None:
        signer = plan.leaf.signer
    held = Held(state.own, signer, still_known(applied.tree, keys))
    return new_state(
        state.suite, applied.tree, held, epoch, state.resumption, services, applied.reinit
    )


def _welcome(
    after: GroupState,
    services: Services,
    plan: CommitPlan,
    applied: Applied,
    made: NewPath | None,
    epoch: Epoch,
) -> bytes:
    info = own_group_info(after, plan.info_extensions, plan.with_tree)
    members = [
        NewMember(package, None if made is None else made.secret_for(leaf))
        for leaf, package in applied.added
    ]
    welcome = make_welcome(
        after.suite, info, epoch.joiner, epoch.welcome, members, applied.psks, services.entropy
    )
    return encode_message(welcome)
