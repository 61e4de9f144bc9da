"""Tree hashes and parent hashes (RFC 9420 sections 7.8 and 7.9).

A tree keeps the hashes that were computed: after a change only those over it are made anew.
"""

from collections.abc import Collection

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import opaque, optional, uint32
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.ratchet_tree import Node, ParentNode, RatchetTree
from segel.core.mls.tree_math import LeafIndex, NodeIndex, is_leaf, leaf_of, left, right, root


def tree_hash(tree: RatchetTree) -> bytes:
    """The hash of the whole tree."""
    return node_hash(tree, root(tree.leaves))


def node_hash(tree: RatchetTree, node: NodeIndex) -> bytes:
    """The hash of the subtree under a node."""
    known = tree.hashes[node]
    if known is None:
        known = tree.hashes[node] = _compute(tree, node)
    return known


def original_hash(tree: RatchetTree, node: NodeIndex, without: Collection[LeafIndex]) -> bytes:
    """The hash of a subtree as it was before some leaves came (section 7.9).

    Only what is over these leaves is computed, so that validating a tree costs the sum of its
    unmerged leaves' paths and not the square of its size.
    """
    half = (node & ~(node + 1)) if not is_leaf(node) else 0
    first, last = (node - half) // 2, (node + half) // 2
    gone = [leaf for leaf in without if first <= leaf <= last]
    if not gone:
        return node_hash(tree, node)
    if is_leaf(node):
        return _leaf_digest(tree.suite, leaf_of(node), None)
    parent = tree.parent_node(node)
    if parent is not None:
        unmerged = tuple(leaf for leaf in parent.unmerged_leaves if leaf not in gone)
        parent = ParentNode(parent.encryption_key, parent.parent_hash, unmerged)
    children = [original_hash(tree, child, gone) for child in (left(node), right(node))]
    return _parent_digest(tree.suite, parent, *children)


def parent_hash(
    suite: Ciphersuite, encryption_key: bytes, own_parent_hash: bytes, sibling_hash: bytes
) -> bytes:
    """ParentHashInput's hash: what the node below a parent says of it (section 7.9).

    `sibling_hash` is the original tree hash of the child on the other side.
    """
    return suite.hash(opaque(encryption_key) + opaque(own_parent_hash) + opaque(sibling_hash))


def _compute(tree: RatchetTree, node: NodeIndex) -> bytes:
    found = tree.nodes[node]
    if is_leaf(node):
        return _leaf_digest(tree.suite, leaf_of(node), found)
    below = node_hash(tree, left(node)), node_hash(tree, right(node))
    return _parent_digest(tree.suite, found, *below)


def _leaf_digest(suite: Ciphersuite, index: LeafIndex, leaf: Node) -> bytes:
    encoded = leaf.encode() if isinstance(leaf, LeafNode) else None
    return suite.hash(b"\x01" + uint32(index) + optional(encoded))


def _parent_digest(suite: Ciphersuite, parent: Node, left_hash: bytes, right_hash: bytes) -> bytes:
    encoded = None if parent is None else parent.encode()
    return suite.hash(b"\x02" + optional(encoded) + opaque(left_hash) + opaque(right_hash))
