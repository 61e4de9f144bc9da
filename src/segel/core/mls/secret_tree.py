"""The secret tree: a key for each message of each member (RFC 9420 section 9).

Asking for a key changes nothing. `spend` does, after the message proved to be right: what a key
was derived from is then erased, as far as a program in Python can.
"""

from enum import IntEnum
from typing import NamedTuple

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.errors import Spent
from segel.core.mls.requirement import requirement
from segel.core.mls.tree_math import LeafIndex, NodeIndex, left, node_of, parent, right, root

MAX_FORWARD = 2000
"""Generations that one message may skip: what a member can make another compute."""
MAX_SKIPPED = 1024
"""Keys that are kept per ratchet for messages that did not come; the oldest go first."""


class RatchetKind(IntEnum):
    """A member's two ratchets (section 9)."""

    HANDSHAKE = 0
    APPLICATION = 1


_LABELS = (b"handshake", b"application")


@requirement("9.1/forward", f"A message skips at most {MAX_FORWARD} generations.")
def check_forward(skipped: int) -> bool:
    return skipped <= MAX_FORWARD


class MessageKey(NamedTuple):
    """The AEAD key and nonce of one message, and its generation."""

    key: bytes
    nonce: bytes
    generation: int


class _Advance(NamedTuple):
    """Where a ratchet stands once a key is spent."""

    secret: bytes
    generation: int
    skipped: dict[int, MessageKey]


class Ratchet:
    """A hash ratchet (section 9.1): the secret of the next generation, and the keys passed over."""

    __slots__ = ("generation", "secret", "skipped")

    def __init__(self, secret: bytes, generation: int, skipped: dict[int, MessageKey]) -> None:
        self.secret = secret
        self.generation = generation
        self.skipped = skipped

    def key(self, suite: Ciphersuite, generation: int) -> tuple[MessageKey, _Advance | None]:
        """A generation's key; and where the ratchet then stands, None for a key passed over.

        Raises Spent and Refused.
        """
        if generation < self.generation:
            if generation not in self.skipped:
                raise Spent(f"the key of generation {generation} was used, or is too old")
            return self.skipped[generation], None
        check_forward(generation - self.generation)
        secret, skipped = self.secret, {}
        for passed in range(self.generation, generation):
            skipped[passed] = _message_key(suite, secret, passed)
            secret = suite.derive_tree(secret, b"secret", passed, suite.hash_size)
        key = _message_key(suite, secret, generation)
        after = suite.derive_tree(secret, b"secret", generation, suite.hash_size)
        return key, _Advance(after, generation + 1, skipped)

    def spend(self, key: MessageKey, advance: _Advance | None) -> None:
        """Erases the key, and what it came from."""
        if advance is None:
            del self.skipped[key.generation]
            return
        self.secret, self.generation, _ = advance
        self.skipped.update(advance.skipped)
        while len(self.skipped) > MAX_SKIPPED:
            del self.skipped[min(self.skipped)]


class Taken(NamedTuple):
    """A key that was looked at and not yet spent."""

    leaf: LeafIndex
    kind: RatchetKind
    key: MessageKey
    ratchet: Ratchet
    advance: _Advance | None


class SecretTree:
    """The secrets of an epoch's messages, derived where they are first needed.

    `nodes` are the secrets of subtrees in which nobody was heard; `ratchets` those of leaves.
    """

    def __init__(
        self,
        suite: Ciphersuite,
        leaves: int,
        nodes: dict[NodeIndex, bytes],
        ratchets: dict[LeafIndex, tuple[Ratchet, Ratchet]],
    ) -> None:
        self._suite = suite
        self._leaves = leaves
        self.nodes = nodes
        self.ratchets = ratchets

    @classmethod
    def new(cls, suite: Ciphersuite, leaves: int, encryption_secret: bytes) -> "SecretTree":
        """The tree of a new epoch; `leaves` is the width of the ratchet tree."""
        return cls(suite, leaves, {root(leaves): encryption_secret}, {})

    def take(self, leaf: LeafIndex, kind: RatchetKind, generation: int) -> Taken:
        """The key of a message. Raises Spent and Refused."""
        ratchet = self._ratchet(leaf, kind)
        key, advance = ratchet.key(self._suite, generation)
        return Taken(leaf, kind, key, ratchet, advance)

    def take_next(self, leaf: LeafIndex, kind: RatchetKind) -> Taken:
        """The key for the next message of one's own."""
        ratchet = self._ratchet(leaf, kind)
        key, advance = ratchet.key(self._suite, ratchet.generation)
        return Taken(leaf, kind, key, ratchet, advance)

    def spend(self, taken: Taken) -> None:
        """Erases the key of a message that was opened, or sealed."""
        if taken.leaf not in self.ratchets:
            self.ratchets[taken.leaf] = self._open(taken.leaf)
        self.ratchets[taken.leaf][taken.kind].spend(taken.key, taken.advance)

    def _ratchet(self, leaf: LeafIndex, kind: RatchetKind) -> Ratchet:
        known = self.ratchets.get(leaf)
        if known is not None:
            return known[kind]
        top, secret = self._above(leaf)
        for _, (down, _) in self._descent(top, secret, leaf):
            secret = down
        return _first(self._suite, secret, kind)

    def _above(self, leaf: LeafIndex) -> tuple[NodeIndex, bytes]:
        """The lowest secret over a leaf."""
        node = node_of(leaf)
        while (secret := self.nodes.get(node)) is None:
            if node == root(self._leaves):
                raise Spent(f"nothing is kept for leaf {leaf}")
            node = parent(node)
        return node, secret

    def _descent(
        self, node: NodeIndex, secret: bytes, leaf: LeafIndex
    ) -> list[tuple[NodeIndex, tuple[bytes, bytes]]]:
        """From a node down to a leaf: each sibling, with the way's secret and the sibling's."""
        steps = []
        goal = node_of(leaf)
        size = self._suite.hash_size
        while node != goal:
            secrets = [
                self._suite.expand(secret, b"tree", side, size) for side in (b"left", b"right")
            ]
            children = [left(node), right(node)]
            way = 0 if goal < node else 1
            node, secret = children[way], secrets[way]
            steps.append((children[1 - way], (secret, secrets[1 - way])))
        return steps

    def _open(self, leaf: LeafIndex) -> tuple[Ratchet, Ratchet]:
        """Both ratchets of a leaf that is heard for the first time; the secrets over it go."""
        top, secret = self._above(leaf)
        del self.nodes[top]
        for beside, (down, beside_secret) in self._descent(top, secret, leaf):
            self.nodes[beside] = beside_secret
            secret = down
        return (
            _first(self._suite, secret, RatchetKind.HANDSHAKE),
            _first(self._suite, secret, RatchetKind.APPLICATION),
        )


def _first(suite: Ciphersuite, leaf_secret: bytes, kind: RatchetKind) -> Ratchet:
    secret = suite.expand(leaf_secret, _LABELS[kind], b"", suite.hash_size)
    return Ratchet(secret, 0, {})


def _message_key(suite: Ciphersuite, secret: bytes, generation: int) -> MessageKey:
    key = suite.derive_tree(secret, b"key", generation, suite.aead.key_size)
    nonce = suite.derive_tree(secret, b"nonce", generation, suite.aead.nonce_size)
    return MessageKey(key, nonce, generation)
