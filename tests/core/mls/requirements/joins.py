"""Joining by a Welcome (RFC 9420 sections 7.9.2, 12.4.3 and 12.4.3.1)."""

from collections.abc import Callable

import msgspec

from segel.core.mls.codec import opaque
from segel.core.mls.commit import HpkeCiphertext
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.extension import Extension
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.group import Group
from segel.core.mls.group_info import sign_group_info
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.message import encode_message
from segel.core.mls.psk import PreSharedKeyId, Psk
from segel.core.mls.ratchet_tree import Node, ParentNode, RatchetTree
from segel.core.mls.registry import ExtensionType, PskUsage
from segel.core.mls.state import NewLeaf
from segel.core.mls.tree_hash import tree_hash
from segel.core.mls.tree_math import LeafIndex, NodeIndex, node_of
from segel.core.mls.welcome import Welcome

from .forge import (
    ENTROPY,
    NOW,
    SERVICES,
    SUITE,
    Case,
    Try,
    about,
    group_of,
    joining,
    own_leaf,
    package,
    welcome_to,
)

_NONCE = bytes(32)


def _with(newcomer: OwnKeyPackage, *, path: bool = True) -> Group:
    """The first member of a group of five that has added the newcomer."""
    ada, *_ = group_of()
    sent = ada.commit(NOW, add=[newcomer.key_package], plan=CommitPlan(path=path))
    ada.merge(sent.staged)
    return ada


def _welcomed(make: Callable[[Group, OwnKeyPackage], Welcome]) -> Try:
    eve = package()
    return joining(make(_with(eve), eve), eve)


def _of_tree(group: Group, newcomer: OwnKeyPackage, nodes: list[Node]) -> Welcome:
    """A Welcome into a group of another tree, whose GroupContext says so."""
    tree = RatchetTree.of(SUITE, nodes)
    context = msgspec.structs.replace(group.state.context, tree_hash=tree_hash(tree))
    return welcome_to(group, newcomer, tree=tree.encode(), context=context)


def _parent(group: Group) -> tuple[NodeIndex, ParentNode]:
    """The lowest parent that is set, over leaves 0 and 1."""
    at = NodeIndex(1)
    node = group.state.tree.nodes[at]
    assert isinstance(node, ParentNode)
    return at, node


def _replaced(group: Group, newcomer: OwnKeyPackage, **changes: object) -> Welcome:
    nodes = list(group.state.tree.nodes)
    at, node = _parent(group)
    nodes[at] = msgspec.structs.replace(node, **changes)
    return _of_tree(group, newcomer, nodes)


def _unmerged(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    return _replaced(group, newcomer, unmerged_leaves=(LeafIndex(3),))


def _parentless(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    return _replaced(group, newcomer, encryption_key=package().encryption.public)


def _other_tree(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    nodes = list(group.state.tree.nodes)
    at, node = _parent(group)
    nodes[at] = msgspec.structs.replace(node, parent_hash=bytes(32))
    return welcome_to(group, newcomer, tree=RatchetTree.of(SUITE, nodes).encode())


def _other_signer(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    return welcome_to(group, newcomer, signer=LeafIndex(1))


def _other_suite(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    context = msgspec.structs.replace(group.state.context, cipher_suite=3)
    return welcome_to(group, newcomer, context=context)


def _not_there() -> Try:
    ada, *_ = group_of()
    eve = package()
    return joining(welcome_to(ada, eve), eve)


def _continuing(*usages: PskUsage) -> Callable[[Group, OwnKeyPackage], Welcome]:
    def make(group: Group, newcomer: OwnKeyPackage) -> Welcome:
        psks: list[Psk] = [
            (
                PreSharedKeyId.resumption(usage, b"old", number, _NONCE),
                b"a secret that all hold",
            )
            for number, usage in enumerate(usages)
        ]
        return welcome_to(group, newcomer, psks=psks)

    return make


def _pathless() -> Try:
    """A path secret, though nobody set the parents over the newcomer."""
    eve = package()
    return joining(welcome_to(_with(eve, path=False), eve, path_secret=bytes(32)), eve)


def _unreadable_secrets(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    good = welcome_to(group, newcomer)
    (told,) = good.secrets
    sealed = told.encrypted
    bad = HpkeCiphertext(sealed.kem_output, bytes(len(sealed.ciphertext)))
    return msgspec.structs.replace(good, secrets=(msgspec.structs.replace(told, encrypted=bad),))


def _unreadable_info(group: Group, newcomer: OwnKeyPackage) -> Welcome:
    return welcome_to(group, newcomer, sealed_under=bytes(32))


def _led_among_no_keys() -> Try:
    """Eve was let into a tree with a leaf that nothing can be sealed to, and commits."""
    eve = package()
    ada, _, _, dee = group_of(path=False)
    sent = ada.commit(NOW, add=[eve.key_package], plan=CommitPlan(path=False))
    ada.merge(sent.staged)
    nodes = list(ada.state.tree.nodes)
    nodes[node_of(dee.own_leaf)] = own_leaf(dee, encryption_key=bytes(32))
    joined = joining(_of_tree(ada, eve, nodes), eve)()
    assert isinstance(joined, Group)
    return lambda: joined.commit(NOW)


def _outside_of_no_key() -> Try:
    """A GroupInfo whose key for external commits is none."""
    ada, *_ = group_of()
    brought = Extension(ExtensionType.RATCHET_TREE, ada.ratchet_tree())
    state = ada.state
    info = sign_group_info(
        SUITE,
        state.signer,
        state.own,
        state.context,
        (brought, Extension(ExtensionType.EXTERNAL_PUB, opaque(bytes(32)))),
        state.confirmation_tag,
    )
    how = ExternalJoin(NewLeaf(SUITE.signature.generate(ENTROPY), about(b"eve")))
    return lambda: Group.join_externally(encode_message(info), how, SERVICES)


CASES = [
    Case("7.3/tree-keys", _led_among_no_keys),
    Case("12.4.3.2/public-key", _outside_of_no_key),
    Case("12.4.3/signature", lambda: _welcomed(_other_signer)),
    Case("12.4.3.1/suite", lambda: _welcomed(_other_suite)),
    Case("12.4.3.1/own-leaf", _not_there),
    Case("12.4.3.1/one-purpose", lambda: _welcomed(_continuing(PskUsage.REINIT, PskUsage.BRANCH))),
    Case("12.4.3.1/first-epoch", lambda: _welcomed(_continuing(PskUsage.BRANCH))),
    Case("12.4.3.1/path-secret", _pathless),
    Case("12.4.3.1/secrets", lambda: _welcomed(_unreadable_secrets)),
    Case("12.4.3.1/group-info", lambda: _welcomed(_unreadable_info)),
    Case("12.4.3.1/tree-hash", lambda: _welcomed(_other_tree)),
    Case("12.4.3.1/unmerged", lambda: _welcomed(_unmerged)),
    Case("7.9.2/parent-hash", lambda: _welcomed(_parentless)),
]
