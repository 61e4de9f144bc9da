"""What makes a ratchet tree valid for one who joins (RFC 9420 sections 7.9.2 and 12.4.3.1)."""

from collections.abc import Iterator
from itertools import pairwise

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.group_context import GroupContext
from segel.core.mls.leaf_checks import check_leaf, check_members
from segel.core.mls.leaf_node import LeafNode, Position
from segel.core.mls.ratchet_tree import Node, ParentNode, RatchetTree
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services
from segel.core.mls.tree_hash import original_hash, parent_hash, tree_hash
from segel.core.mls.tree_math import (
    LeafIndex,
    NodeIndex,
    is_under,
    left,
    node_of,
    parent,
    right,
)


@requirement("12.4.3.1/tree-hash", "The tree has the hash that the GroupContext names.")
def check_tree_hash(tree: RatchetTree, expected: bytes) -> bool:
    return tree_hash(tree) == expected


@requirement("12.4.3.1/unmerged", "Unmerged leaves are members below, unmerged all the way up.")
def check_unmerged(tree: RatchetTree, node: NodeIndex, over: ParentNode) -> bool:
    ascending = all(one < other for one, other in pairwise(over.unmerged_leaves))
    return ascending and all(_is_unmerged(tree, leaf, node) for leaf in over.unmerged_leaves)


@requirement("7.9.2/parent-hash", "A parent's hash is named by exactly one node below it.")
def check_parent_hash(tree: RatchetTree, node: NodeIndex, over: ParentNode) -> bool:
    sides = ((left(node), right(node)), (right(node), left(node)))
    return sum(_names(tree, over, *side) for side in sides) == 1


def verify_tree(
    suite: Ciphersuite, services: Services, nodes: list[Node], context: GroupContext
) -> RatchetTree:
    """The tree of a group that one joins. Raises Refused."""
    tree = RatchetTree.of(suite, nodes)
    check_tree_hash(tree, context.tree_hash)
    check_members(tree, context.extensions)
    for index, leaf in tree.members():
        check_leaf(suite, services, leaf, None, Position(context.group_id, index))
    check_parents(tree)
    return tree


def check_parents(tree: RatchetTree) -> None:
    """What every parent of a tree must fulfil. Raises Refused."""
    for node, over in _parents(tree):
        check_unmerged(tree, node, over)
        check_parent_hash(tree, node, over)


def _parents(tree: RatchetTree) -> Iterator[tuple[NodeIndex, ParentNode]]:
    for place in range(1, len(tree.nodes), 2):
        over = tree.nodes[place]
        if isinstance(over, ParentNode):
            yield NodeIndex(place), over


def _is_unmerged(tree: RatchetTree, leaf: LeafIndex, top: NodeIndex) -> bool:
    if tree.leaf(leaf) is None or not is_under(leaf, top):
        return False
    node = parent(node_of(leaf))
    while node != top:
        between = tree.parent_node(node)
        if between is not None and leaf not in between.unmerged_leaves:
            return False
        node = parent(node)
    return True


def _names(tree: RatchetTree, over: ParentNode, child: NodeIndex, sibling: NodeIndex) -> bool:
    """Whether a node of the child's resolution names the parent, and all others are unmerged."""
    reached = tree.resolution(child)
    unmerged = {node_of(leaf) for leaf in over.unmerged_leaves if is_under(leaf, child)}
    named = [node for node in reached if node not in unmerged]
    if len(named) != 1 or len(unmerged) != len(reached) - 1:
        return False
    original = original_hash(tree, sibling, over.unmerged_leaves)
    expected = parent_hash(tree.suite, over.encryption_key, over.parent_hash, original)
    below = tree.nodes[named[0]]
    return isinstance(below, LeafNode | ParentNode) and below.parent_hash == expected
