"""Groups that go on from others: ReInit and branches (RFC 9420 sections 11.2 and 11.3)."""

from collections.abc import Iterable, Sequence

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls.create_commit import CommitPlan, OutgoingCommit, create_commit
from segel.core.mls.create_group import create_state
from segel.core.mls.credential import Credential
from segel.core.mls.errors import UsageError
from segel.core.mls.join import Joined, join, purpose_of
from segel.core.mls.key_package import KeyPackageIn, OwnKeyPackage
from segel.core.mls.proposal import Add, Proposal, UsePsk
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import PskType, PskUsage
from segel.core.mls.requirement import requirement
from segel.core.mls.services import Services
from segel.core.mls.state import GroupState


@requirement("11.2/linked", "A Welcome that continues a group names that group's PSK.")
def check_linked(old: GroupState, psk: PreSharedKeyId | None) -> bool:
    named = psk is not None and (psk.group_id, psk.epoch)
    return named == (old.context.group_id, old.context.epoch)


@requirement("11.2/parameters", "A group that was reinitialised has the ReInit's parameters.")
def check_reinit_parameters(old: GroupState, new: GroupState) -> bool:
    asked, context = old.reinit, new.context
    return asked is not None and (
        (asked.group_id, asked.version, asked.cipher_suite, asked.extensions)
        == (context.group_id, context.version, context.cipher_suite, context.extensions)
    )


@requirement("11.2/members", "A group that was reinitialised has all members of the old one.")
def check_all_members(services: Services, old: GroupState, new: GroupState) -> bool:
    after = _credentials(new)
    return all(_has(services, before, after) for before in _credentials(old))


@requirement("11.3/parameters", "A branch has the version and ciphersuite of the old group.")
def check_branch_parameters(old: GroupState, new: GroupState) -> bool:
    before, after = old.context, new.context
    return (before.version, before.cipher_suite) == (after.version, after.cipher_suite)


@requirement("11.3/members", "A branch has only members of the old group.")
def check_subset(services: Services, old: GroupState, new: GroupState) -> bool:
    before = _credentials(old)
    return all(
        any(services.succeeds(known, credential) for known in before)
        for credential in _credentials(new)
    )


def reinitialise(
    old: GroupState,
    own: OwnKeyPackage,
    others: Sequence[KeyPackageIn],
    services: Services,
    now: int,
) -> tuple[GroupState, OutgoingCommit]:
    """The new group of a ReInit, and the commit that brings the others in. Raises UsageError."""
    if old.reinit is None:
        raise UsageError("no ReInit was committed")
    suite = SUITES.get(old.reinit.cipher_suite)
    if suite is None:
        raise UsageError(f"a ciphersuite {old.reinit.cipher_suite} that is not known here")
    services = with_resumption(services, old)
    state = create_state(suite, old.reinit.group_id, own, services, old.reinit.extensions)
    return state, _continue(old, state, others, services, PskUsage.REINIT, now)


def branch(
    old: GroupState,
    group_id: bytes,
    own: OwnKeyPackage,
    others: Sequence[KeyPackageIn],
    services: Services,
    now: int,
) -> tuple[GroupState, OutgoingCommit]:
    """A group of some members of another, and the commit that brings the others in."""
    services = with_resumption(services, old)
    state = create_state(old.suite, group_id, own, services, old.context.extensions)
    return state, _continue(old, state, others, services, PskUsage.BRANCH, now)


def join_successor(
    old: GroupState,
    message: bytes,
    own: Sequence[OwnKeyPackage],
    services: Services,
    tree: bytes | None,
) -> Joined:
    """The group of a Welcome that continues `old`. Raises as `join` does."""
    joined = join(message, own, with_resumption(services, old), tree)
    psk = purpose_of(joined.secrets)
    check_linked(old, psk)
    if psk is not None and psk.usage == PskUsage.REINIT:
        check_reinit_parameters(old, joined.state)
        check_all_members(services, old, joined.state)
    else:
        check_branch_parameters(old, joined.state)
        check_subset(services, old, joined.state)
    return joined


def with_resumption(services: Services, old: GroupState) -> Services:
    """The services, with the resumption PSKs of a group that one was in."""

    def find(psk: PreSharedKeyId) -> bytes | None:
        if psk.type == PskType.RESUMPTION and psk.group_id == old.context.group_id:
            return old.resumption.get(psk.epoch)
        return services.psk(psk)

    return services._replace(psk=find)


def _continue(
    old: GroupState,
    state: GroupState,
    others: Iterable[KeyPackageIn],
    services: Services,
    usage: PskUsage,
    now: int,
) -> OutgoingCommit:
    nonce = services.entropy.random(state.suite.hash_size)
    context = old.context
    psk = PreSharedKeyId.resumption(usage, context.group_id, context.epoch, nonce)
    by_value: list[Proposal] = [*map(Add, others), UsePsk(psk)]
    return create_commit(state, services, CommitPlan(by_value, purpose=usage), now)


def _credentials(state: GroupState) -> list[Credential]:
    return [leaf.credential for _, leaf in state.tree.members()]


def _has(services: Services, before: Credential, after: Iterable[Credential]) -> bool:
    return any(services.succeeds(before, credential) for credential in after)
