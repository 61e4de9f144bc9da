"""Founding a group (RFC 9420 section 11)."""

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls.epoch import Epoch
from segel.core.mls.extension import Extensions
from segel.core.mls.group_context import GroupContext
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.key_schedule import secrets_of
from segel.core.mls.leaf_checks import check_members
from segel.core.mls.ratchet_tree import RatchetTree
from segel.core.mls.registry import MLS10
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState, Held, new_state
from segel.core.mls.transcript import interim_hash
from segel.core.mls.tree_hash import tree_hash
from segel.core.mls.tree_math import LeafIndex, node_of


def create_state(
    suite: Ciphersuite,
    group_id: bytes,
    own: OwnKeyPackage,
    services: Services,
    extensions: Extensions,
) -> GroupState:
    """A group of one member, in epoch 0. Raises Refused where its leaf does not fit."""
    tree = RatchetTree.of(suite, [own.key_package.leaf_node])
    check_members(tree, extensions)
    context = GroupContext(MLS10, suite.id, group_id, 0, tree_hash(tree), b"", extensions)
    secrets = secrets_of(suite, services.entropy.random(suite.hash_size))
    tag = suite.mac(secrets.confirmation, b"")
    interim = interim_hash(suite, b"", tag)
    epoch = Epoch(context, context.encode(), b"", b"", secrets, tag, interim)
    first = LeafIndex(0)
    held = Held(first, own.signature, {node_of(first): own.encryption})
    return new_state(suite, tree, held, epoch, {}, services)
