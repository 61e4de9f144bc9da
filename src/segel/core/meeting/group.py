"""A meeting's MLS group: which commits it takes, who is in it, what it says (meeting.md 3).

Every step to another epoch gives another MeetingGroup and leaves this one as it was.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import msgspec

from segel.core.cbor import Malformed
from segel.core.content.text import clean_name
from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.keys import KeyPair
from segel.core.identity.account import Account, Identity
from segel.core.meeting.context import (
    MeetingContext,
    context_extensions,
    leaf_content,
    read_extensions,
    read_name,
)
from segel.core.meeting.credential import account_of, services
from segel.core.meeting.epoch_keys import EpochKeys, epoch_key, epoch_keys
from segel.core.meeting.rule import Change, Forbidden, Rule, check_rule, judge
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.group import ApplicationMessage, Group
from segel.core.mls.key_package import KeyPackageIn, OwnKeyPackage, make_key_package
from segel.core.mls.leaf_node import LeafNode, Lifetime
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.proposal import Add, GroupContextExtensions, Remove
from segel.core.mls.services import DAY
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.tree_math import LeafIndex, NodeIndex
from segel.core.mls.welcome import Welcome

_EARLY, _LATE = 7 * DAY, 21 * DAY
"""Seconds by which the clocks of those who check may be off, and a KeyPackage may lie."""


class Member(NamedTuple):
    """A member: the account that its leaf proves, and the name that it claims."""

    leaf: LeafIndex
    account: Account
    name: str
    device_key: bytes
    encryption_key: bytes


class Staged(NamedTuple):
    """A commit of our own that the server has yet to take: `next` is the group if it does."""

    commit: bytes
    next: "MeetingGroup"
    welcomes: tuple[bytes, ...]
    """For each added KeyPackage the Welcome with the secrets of its joiner alone."""
    removed: tuple[LeafIndex, ...]


class Processed(NamedTuple):
    """What another's commit did; `next` is None where it removed us."""

    next: "MeetingGroup | None"
    committer: LeafIndex
    removed: tuple[LeafIndex, ...]
    rule: Rule
    replaced: bool
    """Whether our own account came in by another leaf: from elsewhere."""
    authenticated_data: bytes


class Founding(NamedTuple):
    """What a founder decides once the root epoch's key is known."""

    meeting: MeetingContext
    rule: Rule


def own_key_package(
    suite: Ciphersuite, identity: Identity, name: str, now: int, entropy: Entropy
) -> OwnKeyPackage:
    """A KeyPackage of one's account; `now` in seconds of Unix time."""
    about = leaf_content(suite, identity.credential, clean_name(name))
    lifetime = Lifetime(now - _EARLY, now + _LATE)
    return make_key_package(suite, identity.device, about, lifetime, entropy)


class MeetingGroup:
    """An epoch of a meeting's group, as one member has it."""

    def __init__(self, group: Group, opener: bytes, entropy: Entropy) -> None:
        self._group = group
        self._entropy = entropy
        self.opener = opener
        """The meeting's opener key, under which rules are signed."""
        self.meeting, self.rule = read_extensions(group.extensions)
        self.members = tuple(_member(leaf, node) for leaf, node in group.members())
        self.keys: EpochKeys = epoch_keys(group)

    @classmethod
    def create(
        cls,
        suite: Ciphersuite,
        group_id: bytes,
        own: OwnKeyPackage,
        opener: bytes,
        found: Callable[[bytes], Founding],
        entropy: Entropy,
    ) -> Self:
        """A group of one. `found` is given the root epoch's public key.

        Nothing of epoch 0's key schedule depends on its GroupContext (RFC 9420 11), so that its
        extensions can name the root epoch's own key.
        """
        asked = services(entropy)
        bare = Group.create(suite, group_id, own, asked)
        extensions = context_extensions(*found(epoch_key(bare).public))
        context = msgspec.structs.replace(bare.state.context, extensions=extensions)
        state = msgspec.structs.replace(bare.state, context=context, context_bytes=context.encode())
        return cls(Group(state, asked), opener, entropy)

    @classmethod
    def join(
        cls,
        welcome: bytes,
        own: OwnKeyPackage,
        opener: bytes,
        entropy: Entropy,
        was_in: Callable[[bytes], bool],
    ) -> Self:
        """The group of a Welcome (rule.md 4). Raises Malformed, Forbidden and MlsError.

        `was_in` says whether this client was in a group of this id before: behind a lobby the word
        of a member who is no host counts for such alone.
        """
        group, signer = Group.join_with_signer(welcome, [own], services(entropy))
        joined = cls(group, opener, entropy)
        check_rule(opener, joined.meeting.alias, joined.rule)
        joined._check_door(signer, was_in(group.group_id))
        return joined

    @property
    def suite(self) -> Ciphersuite:
        return self._group.suite

    @property
    def group_id(self) -> bytes:
        return self._group.group_id

    @property
    def epoch(self) -> int:
        return self._group.epoch

    @property
    def leaf(self) -> LeafIndex:
        """Our own."""
        return self._group.own_leaf

    def member(self, leaf: LeafIndex) -> Member | None:
        """The member at a leaf."""
        return next((each for each in self.members if each.leaf == leaf), None)

    def is_host(self, leaf: LeafIndex) -> bool:
        """Whether the member at a leaf is a host."""
        member = self.member(leaf)
        return member is not None and member.account in self.rule.terms.hosts

    def stage(
        self,
        place: bytes,
        now: int,
        *,
        removed: Sequence[LeafIndex] = (),
        added: Sequence[KeyPackageIn] = (),
        rule: Rule | None = None,
    ) -> Staged:
        """A commit of our own; one that does nothing renews the keys.

        Raises Forbidden where the rule does not allow it, Malformed and MlsError.
        """
        changes = [] if rule is None else [context_extensions(self.meeting, rule)]
        self._judge(self.leaf, removed, [each.leaf_node for each in added], rule or self.rule)
        plan = CommitPlan(
            [GroupContextExtensions(each) for each in changes],
            by_reference=False,
            authenticated_data=place,
        )
        sent = self._group.commit(now, add=added, remove=removed, plan=plan)
        welcomes = () if sent.welcome is None else _apart(sent.welcome)
        return Staged(sent.message, self._next(sent.staged), welcomes, tuple(removed))

    def process(self, commit: bytes) -> Processed:
        """Another's commit. Raises Forbidden, Malformed and MlsError."""
        staged = self._group.receive(commit)
        if not isinstance(staged, StagedCommit):
            self._group.clear_proposals()
            raise Malformed("not a commit")
        rule, added = self._read(staged)
        removed = tuple(each.leaf for each in staged.removed)
        self._judge(LeafIndex(staged.sender.index), removed, added, rule)
        replaced = staged.removes_me and any(
            leaf.signature_key == self._group.state.signer.public for leaf in added
        )
        following = None if staged.removes_me else self._next(staged)
        committer = staged.committer.leaf
        return Processed(following, committer, removed, rule, replaced, staged.authenticated_data)

    def seal(self, content: bytes, place: bytes) -> bytes:
        """An application message."""
        return self._group.seal(content, place)

    def open(self, message: bytes) -> ApplicationMessage:
        """Another's application message. Raises Malformed and MlsError."""
        opened = self._group.receive(message)
        if not isinstance(opened, ApplicationMessage):
            self._group.clear_proposals()
            raise Malformed("not an application message")
        return opened

    def leaf_keys(self) -> KeyPair:
        """Our leaf's HPKE pair in this epoch."""
        return self._group.state.keys[NodeIndex(2 * self.leaf)]

    def _next(self, staged: StagedCommit) -> "MeetingGroup":
        if staged.after is None:
            raise Malformed("a commit of our own that removes us")
        return MeetingGroup(
            Group(staged.after, services(self._entropy)), self.opener, self._entropy
        )

    def _read(self, staged: StagedCommit) -> tuple[Rule, list[LeafNode]]:
        """The rule and the leaves that a commit brings. Raises Malformed for anything else."""
        rule, added = self.rule, []
        for proposal, _ in staged.proposals:
            match proposal:
                case Add():
                    added.append(proposal.key_package.leaf_node)
                case GroupContextExtensions():
                    meeting, rule = read_extensions(proposal.extensions)
                    if meeting != self.meeting:
                        raise Malformed("a commit that makes another meeting of it")
                case Remove():
                    pass
                case _:
                    raise Malformed("a commit with another proposal than this protocol has")
        return rule, added

    def _judge(
        self,
        committer: LeafIndex,
        removed: Sequence[LeafIndex],
        added: Sequence[LeafNode],
        after: Rule,
    ) -> None:
        check_rule(self.opener, self.meeting.alias, after)
        accounts = {each.leaf: each.account for each in self.members}
        if committer not in accounts:
            raise Malformed("a commit of no member")
        judge(
            Change(
                self.rule,
                after,
                accounts[committer],
                list(accounts.values()),
                [accounts[leaf] for leaf in removed if leaf in accounts],
                [account_of(leaf) for leaf in added],
            )
        )

    def _check_door(self, signer: LeafIndex, returning: bool) -> None:
        terms = self.rule.terms
        if terms.ended:
            raise Forbidden("a meeting that was ended")
        if any(each.account in terms.bans for each in self.members):
            raise Forbidden("a meeting with somebody who is banned")
        host = self.is_host(self.leaf) or self.is_host(signer)
        if terms.lobby and not returning and not host:
            raise Forbidden("let in by somebody who is no host")


def read_key_package(suite: Ciphersuite, data: bytes) -> tuple[KeyPackageIn, Account, str]:
    """The KeyPackage in an MLSMessage, its account and name; its signatures are checked when it is
    added. Raises Malformed and MlsError.
    """
    package = decode_message(data)
    if not isinstance(package, KeyPackageIn) or package.cipher_suite != suite.id:
        raise Malformed("not a KeyPackage of this suite")
    leaf = package.leaf_node
    return package, account_of(leaf), read_name(leaf.extensions)


def _member(index: LeafIndex, leaf: LeafNode) -> Member:
    name = read_name(leaf.extensions)
    return Member(index, account_of(leaf), name, leaf.signature_key, leaf.encryption_key)


def _apart(message: bytes) -> tuple[bytes, ...]:
    """One Welcome for each joiner, with that one's secrets alone."""
    welcome = decode_message(message)
    if not isinstance(welcome, Welcome):
        raise Malformed("not a Welcome")
    return tuple(
        encode_message(msgspec.structs.replace(welcome, secrets=(secrets,)))
        for secrets in welcome.secrets
    )
