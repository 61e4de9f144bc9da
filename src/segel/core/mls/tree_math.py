"""Places in the tree: an array that holds a perfect binary tree in order (RFC 9420 appendix C).

Leaves have even indices, parents odd ones. A node's level is the number of ones at its end.
"""

from typing import NewType

LeafIndex = NewType("LeafIndex", int)
NodeIndex = NewType("NodeIndex", int)


def node_of(leaf: LeafIndex) -> NodeIndex:
    """The leaf's node."""
    return NodeIndex(leaf * 2)


def leaf_of(node: NodeIndex) -> LeafIndex:
    """The leaf of an even node."""
    return LeafIndex(node // 2)


def is_leaf(node: NodeIndex) -> bool:
    return node & 1 == 0


def level(node: NodeIndex) -> int:
    """0 for a leaf."""
    return (~node & (node + 1)).bit_length() - 1


def width(leaves: int) -> int:
    """Nodes of a tree with so many leaves, a power of two."""
    return 2 * leaves - 1


def root(leaves: int) -> NodeIndex:
    """The root of a tree with so many leaves, a power of two."""
    return NodeIndex(leaves - 1)


def left(node: NodeIndex) -> NodeIndex:
    """The left child of a parent."""
    return NodeIndex(node ^ (1 << (level(node) - 1)))


def right(node: NodeIndex) -> NodeIndex:
    """The right child of a parent."""
    return NodeIndex(node ^ (3 << (level(node) - 1)))


def parent(node: NodeIndex) -> NodeIndex:
    """The parent of a node that is not the root."""
    bit = (node + 1) & ~node
    return NodeIndex((node | bit) & ~(bit << 1))


def sibling(node: NodeIndex) -> NodeIndex:
    """The other child of the parent."""
    above = parent(node)
    return right(above) if node < above else left(above)


def direct_path(leaf: LeafIndex, leaves: int) -> list[NodeIndex]:
    """The parents over a leaf, the root last (section 4.2)."""
    top = root(leaves)
    path = []
    node = node_of(leaf)
    while node != top:
        node = parent(node)
        path.append(node)
    return path


def leaves_under(node: NodeIndex) -> range:
    """The leaves below a node, or the leaf itself."""
    half = (1 << level(node)) - 1
    return range((node - half) // 2, (node + half) // 2 + 1)


def is_under(leaf: LeafIndex, node: NodeIndex) -> bool:
    """Whether the leaf is the node or below it."""
    half = (1 << level(node)) - 1
    return node - half <= 2 * leaf <= node + half


def common_ancestor(one: LeafIndex, other: LeafIndex) -> NodeIndex:
    """The lowest parent over two different leaves."""
    x, y = 2 * one, 2 * other
    shift = (x ^ y).bit_length()
    return NodeIndex((x >> shift << shift) + (1 << (shift - 1)) - 1)
