"""Joining by a Welcome (RFC 9420 section 12.4.3.1)."""

from collections.abc import Sequence
from typing import NamedTuple

from segel.core.crypto.ciphersuite import SUITES, Ciphersuite
from segel.core.mls.epoch import check_confirmation, enter, find_psks
from segel.core.mls.errors import Malformed, UsageError, WrongGroup
from segel.core.mls.extension import find
from segel.core.mls.group_info import LABEL, GroupInfo, GroupInfoIn
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.key_schedule import member_secret, welcome_secret
from segel.core.mls.leaf_checks import check_unique_extensions, is_signed
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.message import decode_message
from segel.core.mls.proposal_checks import check_nonce
from segel.core.mls.psk import PreSharedKeyId, psk_secret
from segel.core.mls.ratchet_tree import Node, RatchetTree, decode_nodes
from segel.core.mls.registry import MLS10, ExtensionType, PskType, PskUsage
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState, Held, new_state
from segel.core.mls.tree_checks import verify_tree
from segel.core.mls.tree_kem import PrivateKeys, check_derived_key, climb
from segel.core.mls.tree_math import LeafIndex, NodeIndex, common_ancestor, node_of
from segel.core.mls.welcome import (
    EncryptedGroupSecrets,
    GroupSecrets,
    Welcome,
    open_group_info,
    open_secrets,
)


@requirement("12.4.3/signature", "A GroupInfo is signed by the member at the leaf that it names.")
def check_info_signature(tree: RatchetTree, info: GroupInfoIn) -> bool:
    signer = tree.leaf(info.signer)
    if signer is None:
        return False
    return is_signed(tree.suite, signer.signature_key, LABEL, info.signed(), info.signature)


@requirement("12.4.3.1/suite", "A GroupInfo is of the version and ciphersuite of the KeyPackage.")
def check_info_suite(suite: Ciphersuite, info: GroupInfoIn) -> bool:
    return (info.group_context.version, info.group_context.cipher_suite) == (MLS10, suite.id)


@requirement("12.4.3.1/own-leaf", "The tree has the leaf of the KeyPackage.")
def check_own_leaf(tree: RatchetTree, leaf: LeafNode) -> bool:
    return any(found == leaf for _, found in tree.members())


@requirement("12.4.3.1/one-purpose", "A reinit or branch PSK is the only one of its kind.")
def check_one_purpose(secrets: GroupSecrets) -> bool:
    return len(_purposes(secrets)) <= 1


@requirement("12.4.3.1/first-epoch", "A group that goes on from another is in epoch 1.")
def check_first_epoch(info: GroupInfoIn) -> bool:
    return info.group_context.epoch == 1


@requirement("12.4.3.1/path-secret", "A path secret is of a path that the tree has.")
def check_path_made(tree: RatchetTree, path: Sequence[NodeIndex]) -> bool:
    return all(tree.nodes[node] is not None for node in path)


class Joined(NamedTuple):
    """A group that was joined, the KeyPackage that is thereby used up, and who let one in."""

    state: GroupState
    used: OwnKeyPackage
    signer: LeafIndex
    secrets: GroupSecrets


def join(
    message: bytes,
    own: Sequence[OwnKeyPackage],
    services: Services,
    tree: bytes | None = None,
) -> Joined:
    """The group of a Welcome. `tree` is the ratchet tree where the Welcome does not bring it.

    Raises Refused, Malformed, Missing, WrongGroup and UsageError.
    """
    welcome = decode_message(message)
    if not isinstance(welcome, Welcome):
        raise Malformed("not a Welcome")
    suite = SUITES.get(welcome.cipher_suite)
    if suite is None:
        raise WrongGroup(f"a ciphersuite {welcome.cipher_suite} that is not known here")
    used, sealed = _find_own(suite, welcome, own)
    secrets = open_secrets(suite, welcome, sealed, used.init)
    check_one_purpose(secrets)
    for psk in secrets.psks:
        check_nonce(suite, psk)
    psks = find_psks(secrets.psks, services, b"", {})
    member = member_secret(suite, secrets.joiner_secret, psk_secret(suite, psks))
    info = open_group_info(suite, welcome, welcome_secret(suite, member))
    check_info_suite(suite, info)
    check_unique_extensions(info.extensions)
    verified = verify_tree(suite, services, find_tree(info, tree), info.group_context)
    check_info_signature(verified, info)
    check_own_leaf(verified, used.key_package.leaf_node)
    if _purposes(secrets):
        check_first_epoch(info)
    epoch = enter(suite, info.group_context, secrets.joiner_secret, psks)
    check_confirmation(epoch.confirmation_tag, info.confirmation_tag)
    held = _held(verified, used, GroupInfo.of(info), secrets.path_secret)
    state = new_state(suite, verified, held, epoch, {}, services)
    return Joined(state, used, info.signer, secrets)


def find_tree(info: GroupInfoIn, tree: bytes | None) -> list[Node]:
    """The nodes of the tree that a GroupInfo brings, or that came apart. Raises UsageError."""
    brought = find(info.extensions, ExtensionType.RATCHET_TREE)
    data = tree if brought is None else brought
    if data is None:
        raise UsageError("the ratchet tree is needed: this GroupInfo does not bring it")
    return decode_nodes(data)


def purpose_of(secrets: GroupSecrets) -> PreSharedKeyId | None:
    """The PSK that says that a group goes on from another, if any."""
    return next(iter(_purposes(secrets)), None)


def _purposes(secrets: GroupSecrets) -> list[PreSharedKeyId]:
    special = (PskUsage.REINIT, PskUsage.BRANCH)
    return [psk for psk in secrets.psks if psk.type == PskType.RESUMPTION and psk.usage in special]


def _find_own(
    suite: Ciphersuite, welcome: Welcome, own: Sequence[OwnKeyPackage]
) -> tuple[OwnKeyPackage, EncryptedGroupSecrets]:
    references = {
        each.key_package.reference(suite): each
        for each in own
        if each.key_package.cipher_suite == suite.id
    }
    for sealed in welcome.secrets:
        if sealed.new_member in references:
            return references[sealed.new_member], sealed
    raise WrongGroup("the Welcome is for none of these KeyPackages")


def _held(
    tree: RatchetTree, used: OwnKeyPackage, info: GroupInfo, path_secret: bytes | None
) -> Held:
    """One's place in the tree, and the private keys that the Welcome gives."""
    leaf = used.key_package.leaf_node
    own = next(index for index, found in tree.members() if found == leaf)
    keys: PrivateKeys = {node_of(own): used.encryption}
    if path_secret is not None:
        if own == info.signer:
            raise Malformed("a Welcome from oneself")
        lowest = common_ancestor(own, info.signer)
        path = [node for node, _ in tree.filtered_direct_path(info.signer)]
        above = path[path.index(lowest) :]
        check_path_made(tree, above)
        found = climb(tree.suite, path_secret, above)[1]
        for node, key in found.keys.items():
            check_derived_key(key, tree.encryption_key(node))
        keys |= found.keys
    return Held(own, used.signature, keys)
