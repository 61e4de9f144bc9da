"""The ratchet tree: members at the leaves, shared keys above them (RFC 9420 sections 4 and 7)."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Self, TypeVar

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.codec import Reader, Structure, opaque, optional, uint32, vector
from segel.core.mls.errors import Malformed
from segel.core.mls.leaf_node import Capabilities, LeafNode
from segel.core.mls.tree_math import (
    LeafIndex,
    NodeIndex,
    direct_path,
    is_leaf,
    is_under,
    leaf_of,
    left,
    node_of,
    right,
    root,
)

T = TypeVar("T")
_LEAF, _PARENT = b"\x01", b"\x02"


class ParentNode(Structure, frozen=True, gc=False):
    """A parent (section 7.1). `unmerged_leaves` do not know its private key; ascending."""

    encryption_key: bytes
    parent_hash: bytes
    unmerged_leaves: tuple[LeafIndex, ...]

    def encode(self) -> bytes:
        unmerged = vector(map(uint32, self.unmerged_leaves))
        return opaque(self.encryption_key) + opaque(self.parent_hash) + unmerged

    @classmethod
    def read(cls, reader: Reader) -> Self:
        key, parent_hash = reader.opaque(), reader.opaque()
        return cls(key, parent_hash, reader.vector(_read_leaf_index))


Node = LeafNode | ParentNode | None


class Index:
    """How often each key stands in a tree, and which kinds of members there are.

    So a commit is checked against what it changes and not against all members.
    """

    __slots__ = ("encryption_keys", "kinds", "signature_keys")

    def __init__(self) -> None:
        self.encryption_keys: Counter[bytes] = Counter()
        self.signature_keys: Counter[bytes] = Counter()
        self.kinds: Counter[tuple[Capabilities, int]] = Counter()
        """Members by what they can do and the type of their credential."""

    def copy(self) -> "Index":
        twin = Index()
        for name in Index.__slots__:
            setattr(twin, name, getattr(self, name).copy())
        return twin

    def count(self, node: Node, by: int) -> None:
        """A node came (1) or went (-1)."""
        if node is None:
            return
        _count(self.encryption_keys, node.encryption_key, by)
        if isinstance(node, LeafNode):
            _count(self.signature_keys, node.signature_key, by)
            _count(self.kinds, (node.capabilities, node.credential.type), by)


class RatchetTree:
    """The nodes of a tree, their hashes as far as they are known, and an index.

    Changes are made to a `copy`: a tree that an epoch holds is never changed again.
    """

    __slots__ = ("hashes", "index", "nodes", "suite")

    def __init__(
        self, suite: Ciphersuite, nodes: list[Node], hashes: list[bytes | None], index: Index
    ) -> None:
        self.suite = suite
        self.nodes = nodes
        self.hashes = hashes
        """Tree hash of each node, None where it is not computed (tree_hash.py)."""
        self.index = index

    @classmethod
    def of(cls, suite: Ciphersuite, nodes: list[Node]) -> "RatchetTree":
        """The tree of these nodes, filled with blanks to the width of a perfect tree."""
        full = 1
        while full < len(nodes):
            full = 2 * full + 1
        filled = nodes + [None] * (full - len(nodes))
        index = Index()
        for node in nodes:
            index.count(node, 1)
        return cls(suite, filled, [None] * full, index)

    def copy(self) -> "RatchetTree":
        """A tree to change: the lists are copied, no node and no hash is."""
        index = self.index.copy()
        return RatchetTree(self.suite, self.nodes.copy(), self.hashes.copy(), index)

    @property
    def leaves(self) -> int:
        """Places for members, a power of two."""
        return (len(self.nodes) + 1) // 2

    def leaf(self, index: LeafIndex) -> LeafNode | None:
        """The member at a leaf, None where it is blank or outside of the tree."""
        node = self.nodes[2 * index] if 0 <= 2 * index < len(self.nodes) else None
        return node if isinstance(node, LeafNode) else None

    def members(self) -> Iterator[tuple[LeafIndex, LeafNode]]:
        """The leaves that are not blank, from the left."""
        for place in range(0, len(self.nodes), 2):
            node = self.nodes[place]
            if isinstance(node, LeafNode):
                yield LeafIndex(place // 2), node

    def parent_node(self, node: NodeIndex) -> ParentNode | None:
        """The parent at a place, None where it is blank."""
        found = self.nodes[node]
        return found if isinstance(found, ParentNode) else None

    def encryption_key(self, node: NodeIndex) -> bytes:
        """The public key of a node that is not blank."""
        found = self.nodes[node]
        if found is None:
            raise KeyError(node)
        return found.encryption_key

    def resolution(self, node: NodeIndex) -> list[NodeIndex]:
        """The nodes that together reach everybody below (section 4.1.1)."""
        found = self.nodes[node]
        if isinstance(found, ParentNode):
            return [node, *map(node_of, found.unmerged_leaves)]
        if is_leaf(node):
            return [] if found is None else [node]
        return self.resolution(left(node)) + self.resolution(right(node))

    def is_empty(self, node: NodeIndex) -> bool:
        """Whether a resolution is empty."""
        if self.nodes[node] is not None:
            return False
        return is_leaf(node) or (self.is_empty(left(node)) and self.is_empty(right(node)))

    def filtered_direct_path(self, leaf: LeafIndex) -> list[tuple[NodeIndex, NodeIndex]]:
        """The parents over a leaf with somebody on their other side; each with its copath child."""
        path = []
        for node in direct_path(leaf, self.leaves):
            other = right(node) if is_under(leaf, left(node)) else left(node)
            if not self.is_empty(other):
                path.append((node, other))
        return path

    def set_node(self, node: NodeIndex, value: Node) -> None:
        """Changes a node; the hashes of it and of what is over it are forgotten."""
        self._put(node, value)
        self._forget(node)

    def set_path(self, leaf: LeafIndex, parents: Mapping[NodeIndex, ParentNode]) -> None:
        """Changes every parent over a leaf; those not given become blank."""
        for node in direct_path(leaf, self.leaves):
            self._put(node, parents.get(node))
        self._forget(node_of(leaf))

    def blank_leaf(self) -> LeafIndex:
        """The first blank leaf; the tree doubles where there is none (section 7.7)."""
        place = next((at for at in range(0, len(self.nodes), 2) if self.nodes[at] is None), None)
        if place is None:
            place = grown = len(self.nodes) + 1
            self.nodes += [None] * grown
            self.hashes += [None] * grown
        return leaf_of(NodeIndex(place))

    def add(self, leaf: LeafNode) -> LeafIndex:
        """Puts a member at the first blank leaf, and says where (section 12.1.1)."""
        index = self.blank_leaf()
        self.set_node(node_of(index), leaf)
        for node in direct_path(index, self.leaves):
            over = self.parent_node(node)
            if over is not None:
                unmerged = tuple(sorted((*over.unmerged_leaves, index)))
                self.nodes[node] = ParentNode(over.encryption_key, over.parent_hash, unmerged)
        return index

    def _put(self, node: NodeIndex, value: Node) -> None:
        self.index.count(self.nodes[node], -1)
        self.index.count(value, 1)
        self.nodes[node] = value

    def replace(self, index: LeafIndex, leaf: LeafNode | None) -> None:
        """Changes a leaf, and blanks what is over it (sections 12.1.2 and 12.1.3)."""
        self.set_path(index, {})
        self.set_node(node_of(index), leaf)

    def truncate(self) -> None:
        """Drops the right half for as long as nobody is there (section 7.7)."""
        while len(self.nodes) > 1 and not any(self.nodes[len(self.nodes) // 2 + 1 :: 2]):
            half = len(self.nodes) // 2
            self._put(NodeIndex(half), None)
            del self.nodes[half:]
            del self.hashes[half:]

    def encode(self) -> bytes:
        """optional<Node> ratchet_tree<V> (section 12.4.3.3)."""
        last = max((at for at, node in enumerate(self.nodes) if node is not None), default=-1)
        return vector(map(_encode_node, self.nodes[: last + 1]))

    def _forget(self, node: NodeIndex) -> None:
        self.hashes[node] = None
        bit = (node + 1) & ~node
        top = root(self.leaves)
        while node != top:
            node = NodeIndex((node | bit) & ~(bit << 1))
            bit <<= 1
            self.hashes[node] = None


def decode_nodes(data: bytes) -> list[Node]:
    """The nodes of a ratchet_tree, unverified. Raises Malformed."""
    reader = Reader(data)
    nodes = list(reader.vector(_read_node))
    reader.finish()
    for place, node in enumerate(nodes):
        if node is not None and isinstance(node, LeafNode) != is_leaf(NodeIndex(place)):
            raise Malformed("a leaf where a parent must be, or a parent for a leaf")
    if not nodes or nodes[-1] is None:
        raise Malformed("a tree that ends in a blank node")
    return nodes


def _count(counter: "Counter[T]", key: T, by: int) -> None:
    counter[key] += by
    if counter[key] == 0:
        del counter[key]


def _encode_node(node: Node) -> bytes:
    if node is None:
        return optional(None)
    return optional((_LEAF if isinstance(node, LeafNode) else _PARENT) + node.encode())


def _read_node(reader: Reader) -> Node:
    return reader.optional(_read_present)


def _read_present(reader: Reader) -> LeafNode | ParentNode:
    kind = reader.raw(1)
    if kind == _LEAF:
        return LeafNode.read(reader)
    if kind == _PARENT:
        return ParentNode.read(reader)
    raise Malformed("neither a leaf nor a parent")


def _read_leaf_index(reader: Reader) -> LeafIndex:
    return LeafIndex(reader.uint32())
