"""Random runs of one group: whatever is sent, lost, reordered, doubled and refused,

- all members of an epoch agree;
- who is removed opens nothing later, and who is new opens nothing earlier;
- nothing but MlsError is raised, and what fails leaves the state byte for byte as it was;
- a group that was stored and read again does the same.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from segel.core.mls.create_commit import CommitPlan, OutgoingCommit
from segel.core.mls.errors import Missing, MlsError
from segel.core.mls.extension import Extension, Extensions
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.external_proposal import propose_to_join
from segel.core.mls.group import ApplicationMessage, Group
from segel.core.mls.key_package import OwnKeyPackage
from segel.core.mls.proposal import Add, Custom, GroupContextExtensions, Proposal, Remove, UsePsk
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.registry import PskUsage
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import NewLeaf
from segel.core.mls.tree_math import LeafIndex
from segel.testing.entropy import Seeded

from .meeting import CUSTOM_PROPOSAL, EXTENSIONS, NOW, PSKS, SUITE, Client, Sent

LARGEST = 12
someone = st.integers(0, LARGEST - 1)
"""Whoever it is, counted round among those who may."""
kinds = st.sampled_from(("add", "remove", "psk", "extensions", "custom"))


class Meeting(RuleBasedStateMachine):
    """The group; `log` has the commit that was taken in each epoch."""

    def __init__(self) -> None:
        super().__init__()
        self.entropy = Seeded(0)
        self.people = 0
        self.members: list[Client] = []
        self.gone: list[Client] = []
        self.log: list[Sent] = []
        self.authenticators: list[bytes] = []
        self.proposals: list[Sent] = []
        self.said: list[Sent] = []
        self.proposed: list[tuple[Client, OwnKeyPackage]] = []
        self.opened: set[tuple[Client, int]] = set()

    @initialize()
    def found(self) -> None:
        founder = self.newcomer()
        founder.group = Group.create(SUITE, b"group", founder.key_package(), founder.services)
        self.members.append(founder)
        self.authenticators.append(founder.group.epoch_authenticator)

    @property
    def head(self) -> int:
        return len(self.log)

    def newcomer(self) -> Client:
        self.people += 1
        return Client(f"client {self.people}", self.entropy)

    def pick(self, number: int) -> Client:
        return self.members[number % len(self.members)]

    def catch_up(self, client: Client) -> None:
        """Whatever was lost: everything comes again in its order, and the client is at the head."""
        while client in self.members and client.group.epoch < self.head:
            epoch = client.group.epoch
            for sent in self.proposals:
                if sent.epoch == epoch and sent.sender is not client:
                    self.offer(client, sent.message)
            self.take(client, self.log[epoch].message)

    def offer(self, client: Client, message: bytes) -> None:
        """A message that may be refused, because it came before or its time is over."""
        try:
            client.receive(message)
        except MlsError:
            pass

    def take(self, client: Client, commit: bytes) -> None:
        staged = client.receive(commit)
        assert isinstance(staged, StagedCommit)
        if staged.removes_me:
            self.members.remove(client)
            self.gone.append(client)
            return
        client.group.merge(staged)
        assert client.group.epoch_authenticator == self.authenticators[client.group.epoch]

    def proposal(self, kind: str, number: int) -> tuple[Proposal, Client | None, OwnKeyPackage]:
        """A proposal, with the newcomer and its KeyPackage where it adds somebody."""
        client = self.newcomer()
        own = client.key_package()
        if kind == "add" and len(self.members) < LARGEST:
            return Add(own.key_package), client, own
        if kind == "remove":
            return Remove(self.pick(number).group.own_leaf), None, own
        if kind == "extensions":
            return GroupContextExtensions(_extensions(number)), None, own
        if kind == "custom":
            return Custom(CUSTOM_PROPOSAL, bytes(number)), None, own
        return UsePsk(self.external_psk(number)), None, own

    def external_psk(self, number: int) -> PreSharedKeyId:
        nonce = self.entropy.random(SUITE.hash_size)
        return PreSharedKeyId.external(sorted(PSKS)[number % len(PSKS)], nonce)

    def accept(self, client: Client, sent: OutgoingCommit) -> None:
        """The Delivery Service takes a commit: its sender goes on."""
        self.log.append(Sent(sent.message, client, client.group.epoch))
        self.authenticators.append(sent.staged.epoch_authenticator)
        client.attempt(lambda group: group.merge(sent.staged))

    def welcome(self, sent: OutgoingCommit, newcomers: list[tuple[Client, OwnKeyPackage]]) -> None:
        for client, own in newcomers:
            assert sent.welcome is not None
            client.group = Group.join(sent.welcome, [own], client.services)
            client.joined_at = client.group.epoch
            self.members.append(client)

    @precondition(lambda self: len(self.members) < LARGEST - 2)
    @rule(number=someone, count=st.integers(1, 3))
    def add(self, number: int, count: int) -> None:
        """Several come at once."""
        self.commit(number, ["add"] * count, 0, path=False, public=False, refer=False)

    @rule(number=someone, asked=st.lists(kinds, max_size=3), target_leaf=someone,
          path=st.booleans(), public=st.booleans(), refer=st.booleans())  # fmt: skip
    def commit(
        self, number: int, asked: list[str], target_leaf: int, path: bool, public: bool, refer: bool
    ) -> None:
        client = self.pick(number)
        self.catch_up(client)
        if client not in self.members:
            return
        made = [self.proposal(kind, target_leaf + index) for index, kind in enumerate(asked)]
        plan = CommitPlan([proposal for proposal, _, _ in made], refer, path)
        if (sent := self.commit_of(client, plan, public)) is None:
            return
        self.accept(client, sent)
        self.welcome(sent, [(each, own) for _, each, own in made if each is not None])
        self.join_proposed(sent)

    def commit_of(self, client: Client, plan: CommitPlan, public: bool) -> OutgoingCommit | None:
        """A commit, or None where these proposals must not stand together."""
        client.public(public)
        try:
            return client.attempt(lambda group: group.commit(NOW, plan=plan))
        except MlsError:
            return None

    def join_proposed(self, sent: OutgoingCommit) -> None:
        """Those whose Add was committed by reference have their Welcome too."""
        for client, own in self.proposed:
            if sent.welcome is None:
                return
            try:
                client.group = Group.join(sent.welcome, [own], client.services)
            except MlsError:
                continue
            client.joined_at = client.group.epoch
            self.members.append(client)
            self.proposed = [each for each in self.proposed if each[0] is not client]

    @rule(number=someone, kind=kinds, leaf=someone, public=st.booleans())
    def propose(self, number: int, kind: str, leaf: int, public: bool) -> None:
        client = self.pick(number)
        proposal, newcomer, own = self.proposal(kind, leaf)
        client.public(public)
        try:
            message = client.attempt(lambda group: group.propose(proposal))
        except MlsError:
            return
        self.proposals.append(Sent(message, client, client.group.epoch))
        if newcomer is not None:
            self.proposed.append((newcomer, own))

    @rule(first=someone, second=someone, kind=kinds, leaf=someone)
    def lose_proposal(self, first: int, second: int, kind: str, leaf: int) -> None:
        """A proposal is committed; somebody has the commit and not the proposal."""
        for client in list(self.members):
            self.catch_up(client)
        committer, unaware = self.pick(first), self.pick(second)
        self.propose(first, kind, leaf, public=False)
        self.settle(committer)
        if unaware in self.members and unaware.group.epoch < self.head:
            self.deliver_commit(self.members.index(unaware), 0, due=True)

    @rule(number=someone, public=st.booleans())
    def propose_update(self, number: int, public: bool) -> None:
        client = self.pick(number)
        client.public(public)
        message = client.attempt(lambda group: group.propose_update())
        self.proposals.append(Sent(message, client, client.group.epoch))

    @precondition(lambda self: len(self.members) < LARGEST)
    @rule()
    def ask_to_join(self) -> None:
        newcomer = self.newcomer()
        own = newcomer.key_package()
        message = propose_to_join(SUITE, self.members[0].group.group_id, self.head, own)
        self.proposals.append(Sent(message, newcomer, self.head))
        self.proposed.append((newcomer, own))

    @rule(winner=someone, loser=someone, leaf=someone)
    def race(self, winner: int, loser: int, leaf: int) -> None:
        """Two commit in one epoch. The second is told no, and takes the first's."""
        first, second = self.pick(winner), self.pick(loser)
        for client in (first, second):
            self.catch_up(client)
        if first is second or not {first, second} <= set(self.members):
            return
        lost = self.commit_of(
            second, CommitPlan([Remove(self.pick(leaf).group.own_leaf)]), public=False
        )
        won = self.commit_of(first, CommitPlan(by_reference=False), public=False)
        assert won is not None
        self.accept(first, won)
        self.catch_up(second)
        if lost is not None:
            with pytest.raises(MlsError):
                second.attempt(lambda group: group.merge(lost.staged))
            first.refuses(lost.message)

    @rule(number=someone)
    def commit_resumption(self, number: int) -> None:
        """A secret of this very epoch, as a PSK of the next."""
        client = self.pick(number)
        self.catch_up(client)
        if client not in self.members:
            return
        nonce, group_id = self.entropy.random(SUITE.hash_size), client.group.group_id
        psk_id = PreSharedKeyId.resumption(PskUsage.APPLICATION, group_id, self.head, nonce)
        sent = self.commit_of(client, CommitPlan([UsePsk(psk_id)], by_reference=False), False)
        assert sent is not None
        self.accept(client, sent)

    @precondition(lambda self: len(self.members) < LARGEST)
    @rule(host=someone, psk=st.booleans())
    def join_from_outside(self, host: int, psk: bool) -> None:
        psks = (self.external_psk(host),) if psk else ()
        newcomer = self.newcomer()
        self.join_by(newcomer, self.pick(host), None, psks)

    @rule(host=someone, lost=someone)
    def resync(self, host: int, lost: int) -> None:
        """A member comes back by an external commit that removes its old leaf."""
        inside, outside = self.pick(host), self.pick(lost)
        self.catch_up(inside)
        here = {member.signature_key for _, member in inside.group.members()}
        if inside is outside or outside.signer.public not in here or inside not in self.members:
            return
        self.members.remove(outside)
        self.join_by(outside, inside, outside.group.own_leaf, ())

    def join_by(
        self,
        joining: Client,
        host: Client,
        replaced: LeafIndex | None,
        psks: tuple[PreSharedKeyId, ...],
    ) -> None:
        self.catch_up(host)
        if host not in self.members:
            return
        how = ExternalJoin(NewLeaf(joining.signer, joining.about), replaced, psks)
        message, group = Group.join_externally(host.group.group_info(), how, joining.services)
        joining.group, joining.joined_at = group, group.epoch
        self.log.append(Sent(message, joining, self.head))
        self.authenticators.append(group.epoch_authenticator)
        self.members.append(joining)

    @rule(number=someone)
    def say(self, number: int) -> None:
        """Somebody speaks, in whatever epoch it is; what was proposed must be committed first."""
        client = self.pick(number)
        if client.group.state.proposals:
            self.settle(client)
        if client not in self.members:
            return
        message = client.attempt(lambda group: group.seal(b"%d" % len(self.said)))
        self.said.append(Sent(message, client, client.group.epoch))

    def settle(self, client: Client) -> None:
        """A commit of what was proposed, or of nothing where it does not go together."""
        self.catch_up(client)
        if client not in self.members or not client.group.state.proposals:
            return
        sent = self.commit_of(client, CommitPlan(), public=False)
        sent = sent or self.commit_of(client, CommitPlan(by_reference=False), public=False)
        assert sent is not None
        self.accept(client, sent)
        self.join_proposed(sent)

    @rule(
        speakers=st.lists(someone, min_size=1, max_size=4),
        heard=st.lists(st.tuples(someone, st.integers(0, 7)), max_size=12),
    )
    def converse(self, speakers: list[int], heard: list[tuple[int, int]]) -> None:
        """Everybody comes to the head; some speak, and are heard in any order, twice or not."""
        self.settle(self.pick(speakers[0]))
        for client in list(self.members):
            self.catch_up(client)
        for number in speakers:
            self.say(number)
        for number, index in heard:
            self.deliver_said(number, index)

    @precondition(lambda self: self.said)
    @rule(number=someone, index=st.integers(0, 7))
    def hear(self, number: int, index: int) -> None:
        self.deliver_said(number, index)

    def deliver_said(self, number: int, index: int) -> None:
        """Something that was said, from the last one back; it opens once, in its epoch."""
        client, index = self.pick(number), len(self.said) - 1 - index % len(self.said)
        sent = self.said[index]
        opens = client.group.epoch == sent.epoch and sent.sender is not client
        if not opens or (client, index) in self.opened:
            client.refuses(sent.message)
            return
        received = client.receive(sent.message)
        assert isinstance(received, ApplicationMessage)
        assert received.data == b"%d" % index
        self.opened.add((client, index))

    @precondition(lambda self: self.proposals)
    @rule(number=someone, index=st.integers(0, 99))
    def deliver_proposal(self, number: int, index: int) -> None:
        self.offer(self.pick(number), self.proposals[index % len(self.proposals)].message)

    @precondition(lambda self: self.log)
    @rule(number=someone, index=st.integers(0, 99), due=st.booleans())
    def deliver_commit(self, number: int, index: int, due: bool) -> None:
        """The commit that is due, or one of any epoch; what it names may be missing."""
        client, epoch = self.pick(number), index % len(self.log)
        if due and client.group.epoch < self.head:
            epoch = client.group.epoch
        if client.group.epoch != epoch:
            client.refuses(self.log[epoch].message)
            return
        try:
            self.take(client, self.log[epoch].message)
        except Missing:
            pass

    @rule(number=someone)
    def deliver_all(self, number: int) -> None:
        self.catch_up(self.pick(number))

    @precondition(lambda self: self.said or self.log or self.proposals)
    @rule(number=someone, index=st.integers(0, 99), place=st.integers(0, 9999))
    def tamper(self, number: int, index: int, place: int) -> None:
        """One bit is another."""
        sent = [*self.log, *self.said, *self.proposals]
        message = bytearray(sent[index % len(sent)].message)
        message[place % len(message)] ^= 1 << place % 8
        client = self.pick(number)
        with pytest.raises(MlsError):
            client.receive(bytes(message))

    @rule(number=someone)
    def store(self, number: int) -> None:
        self.pick(number).reload()

    @precondition(lambda self: self.gone)
    @rule(number=someone)
    def eavesdrop(self, number: int) -> None:
        """Who was removed tries everything that came after."""
        client = self.gone[number % len(self.gone)]
        for sent in (*self.said, *self.log, *self.proposals):
            if sent.epoch > client.group.epoch:
                client.refuses(sent.message)

    @invariant()
    def members_agree(self) -> None:
        for client in self.members:
            assert client.group.epoch_authenticator == self.authenticators[client.group.epoch]

    def teardown(self) -> None:
        """In the end all come to the same tree, and hear what those who are gone do not."""
        if not self.members:
            return
        self.converse([0], [])
        assert len({client.group.ratchet_tree() for client in self.members}) == 1
        sent = self.said[-1]
        for client in self.members:
            if client is not sent.sender:
                assert isinstance(client.receive(sent.message), ApplicationMessage)
        for client in self.gone:
            client.refuses(sent.message)


def _extensions(number: int) -> Extensions:
    return tuple(Extension(kind, bytes([number])) for kind in EXTENSIONS[: number % 3])


HEALTH = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
TestMeeting = Meeting.TestCase
TestMeeting.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=HEALTH
)


class LongMeeting(Meeting):
    """The same, for as long as somebody has patience."""


TestLongMeeting = pytest.mark.slow(LongMeeting.TestCase)
TestLongMeeting.settings = settings(
    max_examples=1500, stateful_step_count=60, deadline=None, suppress_health_check=HEALTH
)
