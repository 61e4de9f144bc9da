"""Joining by a Welcome (RFC 9420 sections 7.9.2, 12.4.3 and 12.4.3.1)."""

from collections.abc import Callable

import msgspec

from segel.core.mls.commit import HpkeCiphertext
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.group import Group
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.psk import PreSharedKeyId, Psk
from segel.core.mls.ratchet_tree import Node, ParentNode, RatchetTree
from segel.core.mls.registry import PskUsage
from segel.core.mls.tree_hash import tree_hash
from segel.core.mls.tree_math import LeafIndex, NodeIndex
from segel.core.mls.welcome import Welcome

from .forge import (
    NOW,
    SUITE,
    Case,
    Try,
    group_of,
    joining,
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


CASES = [
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
