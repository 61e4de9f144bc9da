"""Groups for bench.mls: of any size, with a full tree, as all their members at once."""

import time

import msgspec

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.mls.create_commit import OutgoingCommit
from segel.core.mls.credential import Credential
from segel.core.mls.group import Group
from segel.core.mls.key_package import OwnKeyPackage, make_key_package
from segel.core.mls.leaf_node import Capabilities, LeafNodeContent, Lifetime
from segel.core.mls.registry import CredentialType
from segel.core.mls.services import DAY, Services
from segel.core.mls.state import GroupState
from segel.core.mls.tree_kem import PrivateKeys
from segel.core.mls.tree_math import LeafIndex, direct_path, node_of
from segel.testing.entropy import Seeded

NOW = int(time.time())
LIFETIME = Lifetime(NOW - DAY, NOW + 90 * DAY)


class Crowd:
    """A group whose every member's keys are known, so that any of them can be asked to act."""

    def __init__(self, suite: Ciphersuite, size: int, *, full: bool = True) -> None:
        entropy = Seeded(size)
        self.services = Services(
            entropy, validate=lambda credential, key: True, longest_lifetime=2**64
        )
        self.own = [new_member(suite, entropy, number) for number in range(size)]
        self._keys: PrivateKeys = {
            node_of(LeafIndex(index)): own.encryption for index, own in enumerate(self.own)
        }
        self.added = self._found(suite)
        if full:
            # Each even leaf's commit fills what is over it, and none empties what another filled.
            # Spread over the tree, so that the blanks to be sealed to soon get few.
            for index in sorted(range(0, size, 2), key=lambda index: f"{index:032b}"[::-1]):
                self._commit(LeafIndex(index))

    def as_member(self, index: int) -> Group:
        """The group as one of its members has it."""
        leaf, own = LeafIndex(index), self.own[index]
        mine = (node_of(leaf), *direct_path(leaf, self._state.tree.leaves))
        keys = {node: self._keys[node] for node in mine if node in self._keys}
        # Encoded and decoded: nobody shares a ratchet with another.
        state = msgspec.structs.replace(self._state, own=leaf, signer=own.signature, keys=keys)
        return Group.from_bytes(Group(state, self.services).to_bytes(), self.services)

    def _found(self, suite: Ciphersuite) -> OutgoingCommit:
        group = Group.create(suite, b"crowd", self.own[0], self.services)
        sent = group.commit(NOW, add=[own.key_package for own in self.own[1:]])
        group.merge(sent.staged)
        self._take(group.state)
        return sent

    def _take(self, state: GroupState) -> None:
        self._state = state
        self._keys = {
            node: key
            for node, key in {**self._keys, **state.keys}.items()
            if node < len(state.tree.nodes) and state.tree.nodes[node] is not None
        }

    def _commit(self, leaf: LeafIndex) -> None:
        own = self.own[leaf]
        state = msgspec.structs.replace(
            self._state, own=leaf, signer=own.signature, keys=dict(self._keys)
        )
        group = Group(state, self.services)
        group.merge(group.commit(NOW).staged)
        self._take(group.state)


def new_member(suite: Ciphersuite, entropy: Entropy, number: int) -> OwnKeyPackage:
    """A KeyPackage with fresh keys."""
    about = LeafNodeContent(
        Credential.basic(b"member %d" % number),
        Capabilities(ciphersuites=(suite.id,), credentials=(CredentialType.BASIC,)),
    )
    signer = suite.signature.generate(entropy)
    return make_key_package(suite, signer, about, LIFETIME, entropy)
