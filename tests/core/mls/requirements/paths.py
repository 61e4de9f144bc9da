"""The path of a commit, and the epoch that it makes (RFC 9420 sections 7.5, 7.9.2 and 12.4.2)."""

from collections.abc import Callable

import msgspec

from segel.core.mls.commit import Commit, HpkeCiphertext, UpdatePath, UpdatePathNode
from segel.core.mls.group import Group
from segel.core.mls.leaf_node import LeafNodeContent, Position, sign_leaf
from segel.core.mls.message import decode_message
from segel.core.mls.public_message import PublicMessage
from segel.core.mls.registry import LeafNodeSource

from .forge import ENTROPY, NOW, SUITE, Case, Try, altered, group_of, message


def _changed(change: Callable[[UpdatePath, Group], UpdatePath]) -> Try:
    """A commit of ada's with another path."""
    ada, bea, *_ = group_of()

    def forge(commit: Commit) -> Commit:
        assert commit.path is not None
        return msgspec.structs.replace(commit, path=change(commit.path, ada))

    sent = altered(ada, forge)
    return lambda: bea.receive(sent)


def _lowest(path: UpdatePath, **changes: object) -> UpdatePath:
    """The path with another node above the leaf: the one whose secret bea is told."""
    node = msgspec.structs.replace(path.nodes[0], **changes)
    return msgspec.structs.replace(path, nodes=(node, *path.nodes[1:]))


def _known_key(path: UpdatePath, ada: Group) -> UpdatePath:
    return _lowest(path, encryption_key=ada.state.leaf.encryption_key)


def _no_key(path: UpdatePath, ada: Group) -> UpdatePath:
    return _lowest(path, encryption_key=bytes(32))


def _shorter(path: UpdatePath, ada: Group) -> UpdatePath:
    return msgspec.structs.replace(path, nodes=path.nodes[:-1])


def _told_twice(path: UpdatePath, ada: Group) -> UpdatePath:
    (told,) = path.nodes[0].encrypted_path_secret
    return _lowest(path, encrypted_path_secret=(told, told))


def _unreadable(path: UpdatePath, ada: Group) -> UpdatePath:
    (told,) = path.nodes[0].encrypted_path_secret
    bad = HpkeCiphertext(told.kem_output, told.ciphertext[:-1] + bytes([told.ciphertext[-1] ^ 1]))
    return _lowest(path, encrypted_path_secret=(bad,))


def _other_parent(path: UpdatePath, ada: Group) -> UpdatePath:
    leaf = path.leaf_node
    signed = sign_leaf(
        SUITE,
        ada.state.signer,
        leaf.encryption_key,
        LeafNodeContent(leaf.credential, leaf.capabilities, leaf.extensions),
        LeafNodeSource.COMMIT,
        parent_hash=bytes(32),
        position=Position(ada.group_id, ada.own_leaf),
    )
    return msgspec.structs.replace(path, leaf_node=signed)


def _other_secret() -> Try:
    """Bea is told a secret that gives other keys than those which all are shown."""
    ada, bea, *_ = group_of()
    sent = ada.commit(NOW)
    good = decode_message(sent.message)
    assert isinstance(good, PublicMessage)
    commit, after = good.framed.content, sent.staged.after
    assert isinstance(commit, Commit)
    assert commit.path is not None
    assert after is not None
    before = ada.state.context.confirmed_transcript_hash
    context = msgspec.structs.replace(after.context, confirmed_transcript_hash=before)
    sealed = SUITE.encrypt(
        bea.state.leaf.encryption_key, b"UpdatePathNode", context.encode(), bytes(32), ENTROPY
    )
    first: UpdatePathNode = commit.path.nodes[0]
    assert len(first.encrypted_path_secret) == 1
    path = _lowest(commit.path, encrypted_path_secret=(HpkeCiphertext(*sealed),))
    forged = msgspec.structs.replace(commit, path=path)
    bad = message(ada, forged, tag=good.auth.confirmation_tag)
    return lambda: bea.receive(bad)


def _unconfirmed() -> Try:
    ada, bea, *_ = group_of()
    good = decode_message(ada.commit(NOW).message)
    assert isinstance(good, PublicMessage)
    bad = message(ada, good.framed.content, tag=bytes(32))
    return lambda: bea.receive(bad)


CASES = [
    Case("12.4.2/fresh-keys", lambda: _changed(_known_key)),
    Case("12.4.2/public-keys", lambda: _changed(_no_key)),
    Case("12.4.2/path-length", lambda: _changed(_shorter)),
    Case("12.4.2/path-ciphertexts", lambda: _changed(_told_twice)),
    Case("12.4.2/path-keys", _other_secret),
    Case("12.4.2/confirmation", _unconfirmed),
    Case("7.5/path-secret", lambda: _changed(_unreadable)),
    Case("7.9.2/leaf", lambda: _changed(_other_parent)),
]
