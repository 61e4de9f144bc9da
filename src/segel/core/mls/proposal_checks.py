"""What makes a list of proposals one that can be committed (RFC 9420 sections 12.1 and 12.2)."""

from collections.abc import Sequence
from typing import NamedTuple

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import all_differ
from segel.core.mls.framing import Sender
from segel.core.mls.proposal import (
    Add,
    Custom,
    ExternalInit,
    GroupContextExtensions,
    Proposal,
    ReInit,
    Remove,
    Update,
    UsePsk,
)
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import MLS10, PskType, PskUsage, SenderType
from segel.core.mls.requirement import requirement
from segel.core.mls.tree_math import LeafIndex


class CommittedProposal(NamedTuple):
    """A proposal with who sent it: the committer, where it stands in the commit by value."""

    proposal: Proposal
    sender: Sender


Proposals = Sequence[CommittedProposal]

_FROM_OUTSIDE = Add | Remove | UsePsk | ReInit | GroupContextExtensions
_PATHLESS = Add | UsePsk | ReInit | Custom


def updated_or_removed(proposals: Proposals) -> list[int]:
    """The leaves that Updates and Removes are about, each as often as it is named."""
    return [each.sender.index for each in proposals if isinstance(each.proposal, Update)] + [
        each.proposal.removed for each in proposals if isinstance(each.proposal, Remove)
    ]


def needs_path(proposals: Proposals) -> bool:
    """Whether a commit must have a path (section 12.4).

    A custom proposal is taken not to need one: the application that defines it asks for a path.
    """
    return not proposals or not all(isinstance(each.proposal, _PATHLESS) for each in proposals)


@requirement("12.1.8/sender", "Who is no member proposes only what an outsider may.")
def check_proposer(proposal: Proposal, sender: Sender) -> bool:
    if sender.type == SenderType.EXTERNAL:
        return isinstance(proposal, _FROM_OUTSIDE)
    if sender.type == SenderType.NEW_MEMBER_PROPOSAL:
        return isinstance(proposal, Add)
    return sender.type == SenderType.MEMBER or isinstance(proposal, ExternalInit | Remove | UsePsk)


@requirement("12.1.3/removed", "A Remove is about a member.")
def check_removed(tree: RatchetTree, leaf: LeafIndex) -> bool:
    return tree.leaf(leaf) is not None


@requirement("12.1.4/nonce", "A PSK's nonce is as long as the suite's hash.")
def check_nonce(suite: Ciphersuite, psk: PreSharedKeyId) -> bool:
    return len(psk.nonce) == suite.hash_size


@requirement("12.1.4/usage", "A resumption PSK is used for what it is proposed for.")
def check_usage(psk: PreSharedKeyId, purpose: PskUsage) -> bool:
    return psk.type == PskType.EXTERNAL or psk.usage in (PskUsage.APPLICATION, purpose)


@requirement("12.1.5/version", "A ReInit does not go back to an older version.")
def check_reinit_version(proposal: ReInit) -> bool:
    return proposal.version >= MLS10


@requirement("12.2/own-update", "Nobody commits an Update of its own.")
def check_own_update(proposals: Proposals, committer: LeafIndex) -> bool:
    return not any(
        isinstance(each.proposal, Update) and each.sender.index == committer for each in proposals
    )


@requirement("12.2/own-remove", "Nobody commits its own removal.")
def check_own_remove(proposals: Proposals, committer: LeafIndex) -> bool:
    return all(
        each.proposal.removed != committer
        for each in proposals
        if isinstance(each.proposal, Remove)
    )


@requirement("12.2/one-per-leaf", "A leaf is updated or removed once.")
def check_one_per_leaf(proposals: Proposals) -> bool:
    return all_differ(updated_or_removed(proposals))


@requirement("12.2/psk-once", "A PSK is named once.")
def check_psk_once(psks: Sequence[PreSharedKeyId]) -> bool:
    return all_differ(psks)


@requirement("12.2/one-extensions", "There is at most one GroupContextExtensions.")
def check_one_extensions(proposals: Proposals) -> bool:
    return sum(isinstance(each.proposal, GroupContextExtensions) for each in proposals) <= 1


@requirement("12.2/reinit-alone", "A ReInit is the only proposal of its commit.")
def check_reinit_alone(proposals: Proposals) -> bool:
    return len(proposals) == 1 or not any(isinstance(each.proposal, ReInit) for each in proposals)


@requirement("12.2/no-external-init", "A member's commit has no ExternalInit.")
def check_no_external_init(proposals: Proposals) -> bool:
    return not any(isinstance(each.proposal, ExternalInit) for each in proposals)


@requirement("12.2/custom", "A proposal of another type is known to all who process it.")
def check_custom(remaining: RatchetTree, proposals: Proposals) -> bool:
    used = {each.proposal.type for each in proposals if isinstance(each.proposal, Custom)}
    return all(used <= set(able.proposals) for able, _ in remaining.index.kinds)


@requirement("12.2/external-init", "An external commit has exactly one ExternalInit.")
def check_one_external_init(proposals: Proposals) -> bool:
    return sum(isinstance(each.proposal, ExternalInit) for each in proposals) == 1


@requirement("12.2/external-remove", "An external commit removes at most one member.")
def check_external_removes(proposals: Proposals) -> bool:
    return sum(isinstance(each.proposal, Remove) for each in proposals) <= 1


@requirement("12.2/external-others", "An external commit proposes nothing else but PSKs.")
def check_external_others(proposals: Proposals) -> bool:
    allowed = ExternalInit | Remove | UsePsk
    return all(isinstance(each.proposal, allowed) for each in proposals)


@requirement("12.4.3.2/by-value", "An external commit names no proposals by reference.")
def check_by_value(proposals: Proposals) -> bool:
    return all(each.sender.type == SenderType.NEW_MEMBER_COMMIT for each in proposals)


@requirement("8.1/epoch", "There is a number for the epoch that a commit begins.")
def check_epoch_follows(epoch: int) -> bool:
    return epoch < 2**64 - 1


@requirement("12.4/path", "A commit has a path where its proposals ask for one.")
def check_path_present(proposals: Proposals, present: bool) -> bool:
    return present or not needs_path(proposals)


def check_list(proposals: Proposals, committer: LeafIndex) -> None:
    """What a member's commit can be told from its list alone. Raises Refused."""
    check_no_external_init(proposals)
    check_reinit_alone(proposals)
    check_one_extensions(proposals)
    check_own_update(proposals, committer)
    check_own_remove(proposals, committer)
    check_one_per_leaf(proposals)


def check_external_list(proposals: Proposals) -> None:
    """What an external commit can be told from its list alone. Raises Refused."""
    check_by_value(proposals)
    check_external_others(proposals)
    check_one_external_init(proposals)
    check_external_removes(proposals)
