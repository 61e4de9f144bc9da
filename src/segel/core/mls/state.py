"""GroupState: all that a member holds of a group in one epoch. A value; `Group` replaces it."""

from typing import NamedTuple

import msgspec

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.keys import KeyPair
from segel.core.mls.epoch import Epoch
from segel.core.mls.group_context import GroupContext
from segel.core.mls.key_schedule import EpochSecrets
from segel.core.mls.leaf_node import LeafNode, LeafNodeContent
from segel.core.mls.proposal import ReInit
from segel.core.mls.proposal_checks import CommittedProposal
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.secret_tree import SecretTree
from segel.core.mls.services import Services
from segel.core.mls.tree_kem import PrivateKeys
from segel.core.mls.tree_math import LeafIndex


class NewLeaf(NamedTuple):
    """What a member says of itself from now on; the signature key may be a new one."""

    signer: KeyPair
    about: LeafNodeContent


class OwnUpdate(msgspec.Struct, frozen=True):
    """The keys of an Update that this member proposed: in use once it is committed."""

    encryption: KeyPair
    signer: KeyPair


class GroupState(msgspec.Struct, frozen=True):
    """An epoch as one member has it.

    Three parts change within an epoch, each only by what succeeded: `secret_tree`, as keys are
    spent, and `proposals` with `own_updates`, as proposals come.
    """

    suite: Ciphersuite
    context: GroupContext
    context_bytes: bytes
    """`context` as it is hashed and signed."""
    tree: RatchetTree
    own: LeafIndex
    signer: KeyPair
    keys: PrivateKeys
    secrets: EpochSecrets
    """With an empty `encryption`: the secret tree has it."""
    secret_tree: SecretTree
    confirmation_tag: bytes
    interim: bytes
    """interim_transcript_hash."""
    resumption: dict[int, bytes]
    """Resumption PSKs by epoch, this one's among them."""
    reinit: ReInit | None = None
    """Set by the commit that ended the group: nothing more can be sent."""
    proposals: dict[bytes, CommittedProposal] = msgspec.field(default_factory=dict)
    """The proposals of this epoch by their reference, in the order in which they came."""
    own_updates: dict[bytes, OwnUpdate] = msgspec.field(default_factory=dict)
    """By the encryption key of the proposed leaf."""

    @property
    def leaf(self) -> LeafNode:
        """One's own leaf."""
        leaf = self.tree.leaf(self.own)
        assert leaf is not None  # noqa: S101 - a member's own leaf is in its tree
        return leaf


class Held(NamedTuple):
    """What is a member's own in an epoch: its leaf, its signature key, its private keys."""

    own: LeafIndex
    signer: KeyPair
    keys: PrivateKeys


def new_state(
    suite: Ciphersuite,
    tree: RatchetTree,
    held: Held,
    epoch: Epoch,
    resumption: dict[int, bytes],
    services: Services,
    reinit: ReInit | None = None,
) -> GroupState:
    """A member's state at the beginning of an epoch. `resumption` are the PSKs of earlier ones."""
    secrets, number = epoch.secrets, epoch.context.epoch
    oldest = number - services.resumption_epochs
    kept = {past: psk for past, psk in resumption.items() if past > oldest}
    return GroupState(
        suite,
        epoch.context,
        epoch.context_bytes,
        tree,
        held.own,
        held.signer,
        held.keys,
        secrets._replace(encryption=b""),
        SecretTree.new(suite, tree.leaves, secrets.encryption),
        epoch.confirmation_tag,
        epoch.interim,
        kept | {number: secrets.resumption},
        reinit,
    )
