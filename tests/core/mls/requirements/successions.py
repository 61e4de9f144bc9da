"""Going on in another group (RFC 9420 sections 11.2 and 11.3)."""

import msgspec

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.group import Group
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.proposal import ReInit
from segel.core.mls.registry import MLS10
from segel.core.mls.staged_commit import StagedCommit

from .forge import NOW, SERVICES, Case, Try, about, group_of, package


def _reinitialised() -> tuple[Group, Group]:
    """Ada and bea, of three, in a group that a ReInit ended."""
    ada, bea, _ = group_of((b"ada", b"bea", b"cy"))
    sent = ada.commit(NOW, plan=CommitPlan([ReInit(b"next", MLS10, 1, ())], path=False))
    ended = bea.receive(sent.message)
    assert isinstance(ended, StagedCommit)
    ada.merge(sent.staged)
    bea.merge(ended)
    return ada, bea


def _followed(old: Group, own: OwnKeyPackage, welcome: bytes | None) -> Try:
    """Bea goes where the Welcome says."""
    return lambda: Group.join_successor(old, welcome or b"", [own], SERVICES)


def _unlinked() -> Try:
    ada, bea, *_ = group_of()
    own = package(b"bea")
    other = Group.create(ada.suite, b"other", package(b"ada"), SERVICES)
    return _followed(bea, own, other.commit(NOW, add=[own.key_package]).welcome)


def _other_parameters() -> Try:
    """Not the group id that was agreed on."""
    ada, bea = _reinitialised()
    own, cy = package(b"bea"), package(b"cy")
    asked = ReInit(b"elsewhere", MLS10, 1, ())
    forger = Group(msgspec.structs.replace(ada.state, reinit=asked), SERVICES)
    added = [own.key_package, cy.key_package]
    _, sent = forger.reinitialise(package(b"ada"), added, SERVICES, NOW)
    return _followed(bea, own, sent.welcome)


def _without_cy() -> Try:
    ada, bea = _reinitialised()
    own = package(b"bea")
    _, sent = ada.reinitialise(package(b"ada"), [own.key_package], SERVICES, NOW)
    return _followed(bea, own, sent.welcome)


def _branch_of_another_suite() -> Try:
    ada, bea, *_ = group_of()
    suite = SUITES[3]
    able = {"ciphersuites": (1, 3)}
    own = package(about(b"bea", **able), suite=suite)
    forger = Group(msgspec.structs.replace(ada.state, suite=suite), SERVICES)
    founder = package(about(b"ada", **able), suite=suite)
    _, sent = forger.branch(b"branch", founder, [own.key_package], SERVICES, NOW)
    return _followed(bea, own, sent.welcome)


def _branch_with_a_stranger() -> Try:
    ada, bea, *_ = group_of()
    own, eve = package(b"bea"), package(b"eve")
    added = [own.key_package, eve.key_package]
    _, sent = ada.branch(b"branch", package(b"ada"), added, SERVICES, NOW)
    return _followed(bea, own, sent.welcome)


CASES = [
    Case("11.2/linked", _unlinked),
    Case("11.2/parameters", _other_parameters),
    Case("11.2/members", _without_cy),
    Case("11.3/parameters", _branch_of_another_suite),
    Case("11.3/members", _branch_with_a_stranger),
]
