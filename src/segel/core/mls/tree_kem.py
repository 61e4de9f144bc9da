"""TreeKEM: new keys on a member's path, sealed to all beside it (RFC 9420 sections 7.4-7.6)."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from segel.core.crypto.aead import AeadFailure
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import InvalidKey, KeyPair
from segel.core.mls.commit import HpkeCiphertext, UpdatePath, UpdatePathNode
from segel.core.mls.errors import Missing
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.ratchet_tree import ParentNode, RatchetTree
from segel.core.mls.requirement import attempt, requirement
from segel.core.mls.tree_hash import node_hash, parent_hash
from segel.core.mls.tree_math import LeafIndex, NodeIndex, is_under, node_of

_LABEL = b"UpdatePathNode"

PrivateKeys = dict[NodeIndex, KeyPair]
"""The private keys that a member knows: of its leaf and of parents over it."""

TREE_KEYS = attempt("7.3/tree-keys", "Something can be sealed to every key of the tree.")
PATH_SECRET_OPENS = attempt("7.5/path-secret", "A path secret opens under the key it is sealed to.")


@requirement("12.4.2/path-length", "An UpdatePath has a node for each of the filtered direct path.")
def check_path_length(path: UpdatePath, filtered: Collection[object]) -> bool:
    return len(path.nodes) == len(filtered)


@requirement("12.4.2/path-ciphertexts", "A path secret is sealed to each node of the resolution.")
def check_ciphertexts(node: UpdatePathNode, reached: Collection[NodeIndex]) -> bool:
    return len(node.encrypted_path_secret) == len(reached)


@requirement("7.9.2/leaf", "The leaf of an UpdatePath names the hash of the parent over it.")
def check_leaf_parent_hash(leaf: LeafNode, expected: bytes) -> bool:
    return leaf.parent_hash == expected


@requirement("12.4.2/path-keys", "A path secret gives the public keys that the path shows.")
def check_derived_key(derived: KeyPair, shown: bytes) -> bool:
    return derived.public == shown


class PathSecrets(NamedTuple):
    """What one secret of a path gives: the keys from its node up, and the commit secret."""

    keys: PrivateKeys
    commit_secret: bytes


class NewPath(NamedTuple):
    """A path of one's own before it is sealed."""

    leaf: LeafNode
    filtered: list[tuple[NodeIndex, NodeIndex]]
    path_secrets: list[bytes]
    keys: PrivateKeys
    commit_secret: bytes

    def secret_for(self, leaf: LeafIndex) -> bytes | None:
        """The path secret of the lowest node of the path that is over another leaf."""
        for (node, _), secret in zip(self.filtered, self.path_secrets, strict=True):
            if is_under(leaf, node):
                return secret
        return None


def climb(
    suite: Ciphersuite, path_secret: bytes, nodes: Collection[NodeIndex]
) -> tuple[list[bytes], PathSecrets]:
    """From the lowest node's path secret: that of each node, their keys, and the commit secret."""
    secrets = []
    keys: PrivateKeys = {}
    for node in nodes:
        secrets.append(path_secret)
        keys[node] = suite.kem.derive(suite.derive(path_secret, b"node"))
        path_secret = suite.derive(path_secret, b"path")
    return secrets, PathSecrets(keys, path_secret)


def new_path(
    tree: RatchetTree, own: LeafIndex, entropy: Entropy, sign: Callable[[bytes, bytes], LeafNode]
) -> NewPath:
    """Puts fresh keys on one's own path in `tree`.

    `sign` makes the leaf from its encryption key and parent hash.
    """
    suite = tree.suite
    filtered = tree.filtered_direct_path(own)
    leaf_key = suite.kem.generate(entropy)
    first = entropy.random(suite.hash_size)
    secrets, (keys, commit_secret) = climb(suite, first, [node for node, _ in filtered])
    above = _set_parents(tree, own, filtered, [keys[node].public for node, _ in filtered])
    leaf = sign(leaf_key.public, above)
    tree.set_node(node_of(own), leaf)
    return NewPath(leaf, filtered, secrets, {node_of(own): leaf_key, **keys}, commit_secret)


def seal_path(
    tree: RatchetTree,
    path: NewPath,
    joined: Collection[LeafIndex],
    context: bytes,
    entropy: Entropy,
) -> UpdatePath:
    """The path, each secret sealed to the copath's resolution but for who joins by this commit.

    `context` is the encoded GroupContext of the new epoch, without its confirmed transcript.
    Raises InvalidKey.
    """
    suite = tree.suite
    nodes = []
    for (node, beside), secret in zip(path.filtered, path.path_secrets, strict=True):
        sealed = tuple(
            HpkeCiphertext(
                *suite.encrypt(tree.encryption_key(to), _LABEL, context, secret, entropy)
            )
            for to in reached_by(tree, beside, joined)
        )
        nodes.append(UpdatePathNode(path.keys[node].public, sealed))
    return UpdatePath(path.leaf, tuple(nodes))


def merge_path(
    tree: RatchetTree, sender: LeafIndex, path: UpdatePath
) -> list[tuple[NodeIndex, NodeIndex]]:
    """Puts another's path into `tree`, and gives its filtered direct path. Raises Refused."""
    filtered = tree.filtered_direct_path(sender)
    check_path_length(path, filtered)
    above = _set_parents(tree, sender, filtered, [node.encryption_key for node in path.nodes])
    check_leaf_parent_hash(path.leaf_node, above)
    tree.set_node(node_of(sender), path.leaf_node)
    return filtered


def open_path(
    tree: RatchetTree,
    own: LeafIndex,
    keys: PrivateKeys,
    filtered: list[tuple[NodeIndex, NodeIndex]],
    path: UpdatePath,
    joined: Collection[LeafIndex],
    context: bytes,
) -> PathSecrets:
    """What the path gives to this member; `tree` holds the path. Raises Refused and Missing."""
    suite = tree.suite
    for node, (_, beside) in zip(path.nodes, filtered, strict=True):
        check_ciphertexts(node, reached_by(tree, beside, joined))
    step = next(at for at, (_, beside) in enumerate(filtered) if is_under(own, beside))
    beside = filtered[step][1]
    ciphertexts = path.nodes[step].encrypted_path_secret
    for to, sealed in zip(reached_by(tree, beside, joined), ciphertexts, strict=True):
        if to in keys:
            secret = _opened(suite, keys[to], context, sealed)
            break
    else:
        raise Missing("no private key for any ciphertext of the path")
    found = climb(suite, secret, [node for node, _ in filtered[step:]])[1]
    for derived, shown in zip(found.keys.values(), path.nodes[step:], strict=True):
        check_derived_key(derived, shown.encryption_key)
    return found


def reached_by(
    tree: RatchetTree, node: NodeIndex, joined: Collection[LeafIndex]
) -> list[NodeIndex]:
    """A node's resolution without the leaves that a commit adds: the Welcome tells those."""
    left_out = {node_of(leaf) for leaf in joined}
    return [each for each in tree.resolution(node) if each not in left_out]


def still_known(tree: RatchetTree, keys: PrivateKeys) -> PrivateKeys:
    """The private keys whose public halves are still in the tree."""
    return {
        node: key
        for node, key in keys.items()
        if node < len(tree.nodes)
        and tree.nodes[node] is not None
        and tree.encryption_key(node) == key.public
    }


def _set_parents(
    tree: RatchetTree,
    leaf: LeafIndex,
    filtered: list[tuple[NodeIndex, NodeIndex]],
    public_keys: list[bytes],
) -> bytes:
    """New parents over a leaf, all others there blank; gives the leaf's parent hash (7.9)."""
    above = b""
    parents = {}
    for (node, beside), key in zip(reversed(filtered), reversed(public_keys), strict=True):
        parents[node] = ParentNode(key, above, ())
        above = parent_hash(tree.suite, key, above, node_hash(tree, beside))
    tree.set_path(leaf, parents)
    return above


def _opened(suite: Ciphersuite, own: KeyPair, context: bytes, sealed: HpkeCiphertext) -> bytes:
    try:
        return suite.decrypt(own, _LABEL, context, sealed.kem_output, sealed.ciphertext)
    except (AeadFailure, InvalidKey):
        raise PATH_SECRET_OPENS.broken() from None
