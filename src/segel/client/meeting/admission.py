"""Letting in who knocks: which knocks hold, and what one commit does about them (meeting.md 6)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from segel.client.meeting.ground import BAD, Ground
from segel.client.meeting.lobby import Circumstances
from segel.core.identity.account import Account
from segel.core.meeting.envelope import Denial
from segel.core.meeting.group import MeetingGroup, read_key_package
from segel.core.meeting.knock import Address, open_knock
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.tree_math import LeafIndex
from segel.core.wire.answers import WaitingKnock


class Visitor(NamedTuple):
    """Somebody at the door, whose knock holds."""

    account: Account
    name: str
    package: KeyPackageIn
    address: Address


class Knocker(NamedTuple):
    """A visitor, by the knock."""

    id: bytes
    visitor: Visitor


class Opened(NamedTuple):
    """A knock that was opened; None where it does not hold."""

    id: bytes
    visitor: Visitor | None


class Planned(NamedTuple):
    """A commit that is ready to be sent, with whom it lets in, in the order of its Welcomes."""

    commit: bytes
    next: MeetingGroup
    welcomes: tuple[bytes, ...]
    removed: tuple[LeafIndex, ...]
    knockers: tuple[Knocker, ...] = ()


class Sorted(NamedTuple):
    """What is to be done about the knocks. Others wait for a host's word."""

    knockers: tuple[Knocker, ...]
    denied: tuple[tuple[Knocker, Denial], ...]
    settled: tuple[bytes, ...]
    """Ids to dismiss without a commit."""


def open_visit(ground: Ground, knock: WaitingKnock) -> Opened:
    """A knock, opened with the group's present key."""
    group = ground.group
    try:
        inside = open_knock(group.suite, ground.party.keys, group.keys.knock, knock.body)
        package, account, name = read_key_package(group.suite, inside.key_package)
    except BAD:
        return Opened(knock.id, None)
    return Opened(knock.id, Visitor(account, name, package, inside.address))


def sort(ground: Ground, knocks: Iterable[Opened]) -> Sorted:
    """What is to be done about the knocks.

    One that does not hold is settled; so is one whose KeyPackage is a member's leaf already, since
    a joiner knocks again when the door changes under it. Of two knocks of one account the later
    counts. Our own account, knocking from elsewhere, is left for the others to let in.
    """
    party, group, now = ground.party, ground.group, ground.party.clock.now()
    members = {member.account for member in group.members}
    leaves = {member.encryption_key for member in group.members}
    knockers: dict[Account, Knocker] = {}
    denied: list[tuple[Knocker, Denial]] = []
    settled: list[bytes] = []
    for number, visitor in knocks:
        if visitor is None or visitor.package.leaf_node.encryption_key in leaves:
            settled.append(number)
            continue
        if visitor.account == party.identity.account:
            continue
        under = Circumstances(
            group.rule.terms,
            members | set(knockers),
            group.is_host(group.leaf),
            party.is_expired,
        )
        verdict = party.lobby.judge(visitor.account, visitor.name, under, now)
        if verdict == "admit":
            knockers[visitor.account] = Knocker(number, visitor)
        elif isinstance(verdict, Denial):
            denied.append((Knocker(number, visitor), verdict))
    return Sorted(tuple(knockers.values()), tuple(denied), tuple(settled))


def plan(ground: Ground, departed: Sequence[LeafIndex], knockers: Sequence[Knocker]) -> Planned:
    """One commit that removes the departed and the old leaves of who knocks again, and adds all
    who knock. Raises Forbidden, Malformed, MlsError.
    """
    accounts = {knocker.visitor.account for knocker in knockers}
    again = [member.leaf for member in ground.group.members if member.account in accounts]
    staged = ground.group.stage(
        ground.place(),
        int(ground.party.clock.wall()),
        removed=sorted({*departed, *again}),
        added=[knocker.visitor.package for knocker in knockers],
    )
    return Planned(*staged, tuple(knockers))


def unfit(ground: Ground, knockers: Sequence[Knocker]) -> list[bytes]:
    """The knocks whose KeyPackages cannot be added: to dismiss when a plan for all was refused."""
    bad = []
    for knocker in knockers:
        try:
            plan(ground, (), (knocker,))
        except BAD:
            bad.append(knocker.id)
    return bad
