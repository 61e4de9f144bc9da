"""Applying a list of proposals to a tree and its GroupContext's extensions (RFC 9420 12.3)."""

from typing import NamedTuple, TypeVar

from segel.core.mls.extension import Extensions
from segel.core.mls.group_context import GroupContext
from segel.core.mls.key_package import KeyPackage
from segel.core.mls.leaf_checks import (
    check_encryption_key,
    check_leaf,
    check_new_key,
    check_successor,
    check_unique_extensions,
    verify_key_package,
)
from segel.core.mls.leaf_node import LeafNode, Position
from segel.core.mls.proposal import (
    Add,
    ExternalInit,
    GroupContextExtensions,
    Proposal,
    ReInit,
    Remove,
    Update,
    UsePsk,
)
from segel.core.mls.proposal_checks import (
    Proposals,
    check_custom,
    check_epoch_follows,
    check_external_list,
    check_list,
    check_nonce,
    check_proposer,
    check_psk_once,
    check_reinit_version,
    check_removed,
    check_usage,
)
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import LeafNodeSource, PskUsage
from segel.core.mls.services import Services
from segel.core.mls.tree_math import LeafIndex

P = TypeVar("P", bound=Proposal)


class Applied(NamedTuple):
    """What a list of proposals makes of an epoch; `tree` is a new one, without the path."""

    tree: RatchetTree
    extensions: Extensions
    added: tuple[tuple[LeafIndex, KeyPackage], ...]
    removed: tuple[LeafIndex, ...]
    updated: tuple[LeafIndex, ...]
    psks: tuple[PreSharedKeyId, ...]
    external_init: ExternalInit | None
    reinit: ReInit | None

    @property
    def joined(self) -> tuple[LeafIndex, ...]:
        """The leaves that Adds fill."""
        return tuple(leaf for leaf, _ in self.added)


def apply_proposals(
    tree: RatchetTree,
    context: GroupContext,
    services: Services,
    proposals: Proposals,
    committer: LeafIndex | None,
    *,
    now: int | None = None,
    purpose: PskUsage = PskUsage.APPLICATION,
) -> Applied:
    """The list applied, each proposal verified. `committer` is None for an external commit.

    `now` is given for commits of one's own. Raises Refused.
    """
    check_epoch_follows(context.epoch)
    if committer is None:
        check_external_list(proposals)
    else:
        check_list(proposals, committer)
    for each in proposals:
        check_proposer(each.proposal, each.sender)
    tree = tree.copy()
    replaced = _of(proposals, GroupContextExtensions)
    extensions = replaced[0].extensions if replaced else context.extensions
    updated = _update(tree, context, services, proposals)
    removed = _remove(tree, proposals)
    check_custom(tree, proposals)
    added = _add(tree, services, proposals, now)
    inits, reinits = _of(proposals, ExternalInit), _of(proposals, ReInit)
    for reinit in reinits:
        check_reinit_version(reinit)
        check_unique_extensions(reinit.extensions)
    return Applied(
        tree,
        extensions,
        added,
        removed,
        updated,
        _psks(tree, proposals, purpose),
        inits[0] if inits else None,
        reinits[0] if reinits else None,
    )


def verify_replacement(
    tree: RatchetTree,
    services: Services,
    before: LeafNode,
    after: LeafNode,
    source: LeafNodeSource,
    position: Position,
) -> None:
    """What a leaf must fulfil that takes the place of a member's earlier one. Raises Refused."""
    check_new_key(before, after)
    check_encryption_key(tree.suite, after)
    check_leaf(tree.suite, services, after, source, position)
    check_successor(services, before, after)


def member_at(tree: RatchetTree, index: LeafIndex) -> LeafNode:
    """The leaf of a member. Raises Refused."""
    check_removed(tree, index)
    leaf = tree.leaf(index)
    assert leaf is not None  # noqa: S101 - just checked
    return leaf


def _update(
    tree: RatchetTree, context: GroupContext, services: Services, proposals: Proposals
) -> tuple[LeafIndex, ...]:
    updated = []
    for each in proposals:
        if isinstance(each.proposal, Update):
            leaf, index = each.proposal.leaf_node, LeafIndex(each.sender.index)
            before = member_at(tree, index)
            position = Position(context.group_id, index)
            verify_replacement(tree, services, before, leaf, LeafNodeSource.UPDATE, position)
            tree.replace(index, leaf)
            updated.append(index)
    return tuple(updated)


def _remove(tree: RatchetTree, proposals: Proposals) -> tuple[LeafIndex, ...]:
    removed = tuple(each.removed for each in _of(proposals, Remove))
    for leaf in removed:
        check_removed(tree, leaf)
        tree.replace(leaf, None)
    if removed:
        tree.truncate()
    return removed


def _add(
    tree: RatchetTree, services: Services, proposals: Proposals, now: int | None
) -> tuple[tuple[LeafIndex, KeyPackage], ...]:
    packages = [
        verify_key_package(tree.suite, services, each.key_package, now)
        for each in _of(proposals, Add)
    ]
    return tuple((tree.add(package.leaf_node), package) for package in packages)


def _psks(tree: RatchetTree, proposals: Proposals, purpose: PskUsage) -> tuple[PreSharedKeyId, ...]:
    psks = tuple(each.psk for each in _of(proposals, UsePsk))
    for psk in psks:
        check_nonce(tree.suite, psk)
        check_usage(psk, purpose)
    check_psk_once(psks)
    return psks


def _of(proposals: Proposals, kind: type[P]) -> list[P]:
    return [each.proposal for each in proposals if isinstance(each.proposal, kind)]
