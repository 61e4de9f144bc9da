"""What a commit may propose (RFC 9420 sections 8.1, 12.1, 12.2, 12.4 and 12.4.3.2)."""

from collections.abc import Callable

import msgspec

from segel.core.mls.commit import Commit
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.group import Group
from segel.core.mls.proposal import (
    Add,
    Custom,
    ExternalInit,
    GroupContextExtensions,
    Proposal,
    ProposalRef,
    ReInit,
    Remove,
    Update,
    UsePsk,
)
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import PskUsage
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import NewLeaf
from segel.core.mls.tree_math import LeafIndex

from .forge import (
    ENTROPY,
    NOW,
    SERVICES,
    SUITE,
    Case,
    Try,
    about,
    altered,
    committed,
    group_of,
    message,
    newcomer_commit,
    own_leaf,
    package,
    proposing,
)

_CY = LeafIndex(2)
_NONCE = bytes(32)
_PSK = PreSharedKeyId.external(b"ours", _NONCE)


def _committing(*proposals: Proposal) -> Try:
    ada, bea, *_ = group_of()
    sent = proposing(ada, *proposals)
    return lambda: bea.receive(sent)


def _keyed(*psks: PreSharedKeyId) -> Try:
    ada, bea, *_ = group_of()
    sent = committed(ada, *map(UsePsk, psks))
    return lambda: bea.receive(sent)


def _own_update() -> Try:
    ada, bea, *_ = group_of()
    sent = proposing(ada, Update(own_leaf(ada)))
    return lambda: bea.receive(sent)


def _removes_nobody() -> Try:
    ada, bea, *_ = group_of()
    sent = message(ada, Remove(LeafIndex(17)))
    return lambda: bea.receive(sent)


def _pathless() -> Try:
    ada, bea, *_ = group_of()
    bare = Commit((Remove(_CY),), None)
    sent = altered(ada, lambda commit: bare)
    return lambda: bea.receive(sent)


def _last_epoch() -> Try:
    ada, *_ = group_of()
    last = msgspec.structs.replace(ada.state.context, epoch=2**64 - 1)
    state = msgspec.structs.replace(ada.state, context=last, context_bytes=last.encode())
    return lambda: Group(state, SERVICES).commit(NOW)


def _from_outside(change: Callable[[Commit, bytes], Commit]) -> Try:
    """An external commit of eve, changed; `change` is told the reference of a kept proposal."""
    ada, bea, *_ = group_of()
    signer = SUITE.signature.generate(ENTROPY)
    how = ExternalJoin(NewLeaf(signer, about(b"eve")))
    good, _ = Group.join_externally(ada.group_info(), how, SERVICES)
    kept = bea.receive(message(ada, Remove(_CY)))
    assert not isinstance(kept, StagedCommit)
    (reference,) = bea.state.proposals
    sent = newcomer_commit(bea, good, signer, lambda commit: change(commit, reference))
    return lambda: bea.receive(sent)


def _also(*proposals: Proposal) -> Callable[[Commit, bytes], Commit]:
    return lambda commit, _: msgspec.structs.replace(
        commit, proposals=(*commit.proposals, *proposals)
    )


def _init_is(*inits: ExternalInit) -> Callable[[Commit, bytes], Commit]:
    return lambda commit, _: msgspec.structs.replace(commit, proposals=inits)


def _naming(commit: Commit, reference: bytes) -> Commit:
    proposals = (*commit.proposals, ProposalRef(reference))
    return msgspec.structs.replace(commit, proposals=proposals)


def _add() -> Add:
    return Add(package(b"gil").key_package)


CASES = [
    Case("8.1/epoch", _last_epoch),
    Case("12.1.3/removed", _removes_nobody),
    Case("12.1.4/nonce", lambda: _keyed(PreSharedKeyId.external(b"ours", b"short"))),
    Case(
        "12.1.4/usage",
        lambda: _keyed(PreSharedKeyId.resumption(PskUsage.BRANCH, b"group", 1, _NONCE)),
    ),
    Case("12.1.5/version", lambda: _committing(ReInit(b"next", 0, 1, ()))),
    Case("12.2/own-update", _own_update),
    Case("12.2/own-remove", lambda: _committing(Remove(LeafIndex(0)))),
    Case("12.2/one-per-leaf", lambda: _committing(Remove(_CY), Remove(_CY))),
    Case("12.2/psk-once", lambda: _keyed(_PSK, _PSK)),
    Case(
        "12.2/one-extensions",
        lambda: _committing(GroupContextExtensions(()), GroupContextExtensions(())),
    ),
    Case("12.2/reinit-alone", lambda: _committing(ReInit(b"next", 1, 1, ()), Remove(_CY))),
    Case("12.2/no-external-init", lambda: _committing(ExternalInit(bytes(32)))),
    Case("12.2/custom", lambda: _committing(Custom(0xF000, b""))),
    Case("12.2/external-init", lambda: _from_outside(_init_is())),
    Case("12.2/external-remove", lambda: _from_outside(_also(Remove(_CY), Remove(LeafIndex(3))))),
    Case("12.2/external-others", lambda: _from_outside(_also(_add()))),
    Case("12.4.3.2/by-value", lambda: _from_outside(_naming)),
    Case("12.4/path", _pathless),
    Case("8.3/external-init", lambda: _from_outside(_init_is(ExternalInit(b"no key")))),
]
