"""Random histories of a group with members of two implementations: all must agree at every step.

What ts-mls 2.0.0-rc.10 cannot do is done by our members in the same group: it does not propose an
Update, for it does not keep the new key; and it cannot take away all of the GroupContext's
extensions, so there is always one.
"""

import random
from collections.abc import Callable

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls.extension import Extension, Extensions
from segel.core.mls.proposal import Add, GroupContextExtensions, Proposal, Remove, UsePsk
from segel.core.mls.psk import PreSharedKeyId
from segel.core.mls.tree_math import LeafIndex
from segel.testing.entropy import Seeded

from .party import EXTENSIONS, Member, OwnMember, Sent, parse_key_package
from .ts_member import TsMember, TsMembers

LARGEST = 10
"""Members that a group has at most."""


class History:
    """A group and what happens to it, as a seed says."""

    def __init__(self, seed: int, suite_id: int, ts: TsMembers) -> None:
        self.steps: list[str] = []
        self._suite_id = suite_id
        self._ts = ts
        self._seed = seed
        self._random = random.Random(seed)
        self._entropy = Seeded(seed)
        self._psks: dict[bytes, bytes] = {}
        self._people = 0
        self.members: list[Member] = [self._newcomer()]
        self.members[0].create(b"group %d" % seed, self._extensions())

    def run(self, steps: int) -> None:
        """Does so many things. Raises AssertionError with the seed and all steps until then."""
        try:
            for _ in range(steps):
                self._step()
                self._agree()
        except Exception as error:
            told = "\n".join(f"  {number}: {step}" for number, step in enumerate(self.steps))
            where = f"seed {self._seed}, suite {self._suite_id:#x}"
            raise AssertionError(f"{where}, step {len(self.steps) - 1}:\n{told}") from error
        for member in self.members:
            if isinstance(member, TsMember):
                member.forget()

    def _step(self) -> None:
        deeds: list[Callable[[], None]] = [
            self._add, self._join_outside, self._messages, self._psk, self._extend, self._refresh,
        ]  # fmt: skip
        if len(self.members) > 1:
            deeds += [self._remove, self._remove, self._update, self._by_reference, self._resync]
        deed = self._random.choice(deeds)
        if deed in (self._add, self._join_outside) and len(self.members) >= LARGEST:
            deed = self._remove
        self.steps.append(deed.__name__.lstrip("_"))
        deed()

    def _agree(self) -> None:
        views = {member.name: member.view() for member in self.members}
        assert len(set(views.values())) == 1, views

    def _add(self) -> None:
        newcomers = [self._newcomer() for _ in range(self._random.randint(1, 3))]
        adds: list[Proposal] = [self._add_of(each) for each in newcomers]
        self._commit(self._anyone(), adds, newcomers)

    def _remove(self) -> None:
        committer = self._anyone()
        gone = self._random.choice([each for each in self.members if each is not committer])
        self._commit(committer, [Remove(LeafIndex(gone.leaf))])

    def _update(self) -> None:
        own = [each for each in self.members if isinstance(each, OwnMember)]
        if not own:
            return
        updating = self._random.choice(own)
        self._tell(updating, updating.propose_update(public=self._coin()))
        self._commit(self._anyone_but(updating), [])

    def _by_reference(self) -> None:
        proposer = self._anyone()
        newcomer = self._newcomer()
        kind = self._random.choice(("add", "remove", "psk", "extensions"))
        committer = self._anyone_but(proposer)
        proposal: Proposal = self._psk_use()
        newcomers = []
        if kind == "add":
            proposal, newcomers = self._add_of(newcomer), [newcomer]
        elif kind == "remove":
            others = [each for each in self.members if each is not committer]
            proposal = Remove(LeafIndex(self._random.choice(others).leaf))
        elif kind == "extensions":
            proposal = GroupContextExtensions(self._extensions())
        self._note(kind)
        self._tell(proposer, proposer.propose(proposal, public=self._coin()))
        extra: list[Proposal] = [self._psk_use()] if kind != "psk" and self._coin() else []
        self._commit(committer, extra, newcomers)

    def _psk(self) -> None:
        self._commit(self._anyone(), [self._psk_use() for _ in range(self._random.randint(1, 2))])

    def _extend(self) -> None:
        self._commit(self._anyone(), [GroupContextExtensions(self._extensions())])

    def _refresh(self) -> None:
        self._commit(self._anyone(), [])

    def _join_outside(self) -> None:
        self._join(self._newcomer(), None)

    def _resync(self) -> None:
        lost = self._anyone()
        leaf = lost.leaf
        self.members.remove(lost)
        self._join(lost, leaf)

    def _join(self, joining: Member, replaced: int | None) -> None:
        host = self._anyone()
        self._note(f"{joining.name} by {host.name}")
        message = joining.join_from_outside(host.group_info(), replaced)
        self._deliver(message, self.members)
        self.members.append(joining)

    def _messages(self) -> None:
        """A few are said; every member gets them in another order."""
        said = []
        for _ in range(self._random.randint(1, 5)):
            sender, data = self._anyone(), self._random.randbytes(self._random.randint(0, 300))
            said.append((sender, data, sender.seal(data)))
        self._note(", ".join(sender.name for sender, _, _ in said))
        for member in self.members:
            for sender, data, message in self._random.sample(said, len(said)):
                if sender is not member:
                    assert member.receive(message) == data

    def _commit(
        self, committer: Member, proposals: list[Proposal], newcomers: list[Member] | None = None
    ) -> None:
        kinds = ", ".join(type(each).__name__ for each in proposals)
        self._note(f"{committer.name} commits {kinds or 'nothing more'}")
        sent = committer.commit(proposals, public=self._coin())
        self._deliver(sent.message, [each for each in self.members if each is not committer])
        self._welcome(sent, newcomers or [])

    def _welcome(self, sent: Sent, newcomers: list[Member]) -> None:
        for newcomer in newcomers:
            assert sent.welcome is not None
            newcomer.join(sent.welcome)
            self.members.append(newcomer)

    def _tell(self, sender: Member, message: bytes) -> None:
        self._note(f"{sender.name} proposes")
        self._deliver(message, [each for each in self.members if each is not sender])

    def _deliver(self, message: bytes, members: list[Member]) -> None:
        for member in members:
            assert member.receive(message) is None
        self.members = [each for each in self.members if not each.out]

    def _newcomer(self) -> Member:
        self._people += 1
        name = f"{self._seed}-{self._people}"
        if self._coin():
            return OwnMember(f"own-{name}", self._suite_id, self._entropy, self._psks)
        return TsMember(self._ts, f"ts-{name}", self._suite_id)

    def _add_of(self, newcomer: Member) -> Add:
        return Add(parse_key_package(newcomer.key_package()))

    def _psk_use(self) -> UsePsk:
        psk_id, secret = self._random.randbytes(8), self._random.randbytes(32)
        self._psks[psk_id] = secret
        self._ts.keep_psk(psk_id, secret)
        nonce = self._random.randbytes(SUITES[self._suite_id].hash_size)
        return UsePsk(PreSharedKeyId.external(psk_id, nonce))

    def _extensions(self) -> Extensions:
        types = self._random.sample(EXTENSIONS, self._random.randint(1, len(EXTENSIONS)))
        return tuple(Extension(kind, self._random.randbytes(5)) for kind in types)

    def _anyone(self) -> Member:
        return self._random.choice(self.members)

    def _anyone_but(self, member: Member) -> Member:
        return self._random.choice([each for each in self.members if each is not member])

    def _coin(self) -> bool:
        return self._random.random() < 0.5

    def _note(self, text: str) -> None:
        self.steps[-1] += f"; {text}"
