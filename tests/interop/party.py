"""Members of MLS groups that tests drive alike, whichever implementation each of them is.

A history says what happens; who does it may be this engine or another (ts_member.py).
"""

from typing import NamedTuple, Protocol

from segel.core.crypto.ciphersuite import SUITES
from segel.core.crypto.entropy import Entropy
from segel.core.mls.create_commit import CommitPlan
from segel.core.mls.credential import Credential
from segel.core.mls.extension import Extensions
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.group import ApplicationMessage, Group
from segel.core.mls.key_package import KeyPackageIn, OwnKeyPackage, make_key_package
from segel.core.mls.leaf_node import Capabilities, LeafNodeContent, Lifetime
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.proposal import Proposal
from segel.core.mls.registry import CredentialType
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import NewLeaf
from segel.core.mls.tree_math import LeafIndex

NOW = 1_800_000_000
LIFETIME = Lifetime(0, 2**40)
EXTENSIONS = (0xF0B0, 0xF0B1, 0xF0B2)
"""Types of extensions that every member supports beside the default ones."""


class View(NamedTuple):
    """What all members of an epoch must agree on."""

    epoch: int
    authenticator: str
    exported: str


class Sent(NamedTuple):
    """A commit and its Welcome."""

    message: bytes
    welcome: bytes | None


class Member(Protocol):
    """A member of one group. Commits of its own are in force at once."""

    name: str

    @property
    def leaf(self) -> int:
        """Its leaf."""
        ...

    @property
    def out(self) -> bool:
        """Whether it has seen its own removal."""
        ...

    def view(self) -> View:
        """The epoch as this member has it."""
        ...

    def key_package(self) -> bytes:
        """A fresh KeyPackage under its one signature key, as an MLSMessage."""
        ...

    def create(self, group_id: bytes, extensions: Extensions) -> None:
        """Founds the group."""
        ...

    def join(self, welcome: bytes) -> None:
        """Joins by the Welcome for its last KeyPackage."""
        ...

    def join_from_outside(self, info: bytes, replaced: int | None) -> bytes:
        """Joins by an external commit, which it gives back."""
        ...

    def group_info(self) -> bytes:
        """A GroupInfo to join by from outside."""
        ...

    def commit(self, proposals: list[Proposal], *, public: bool) -> Sent:
        """Commits these and all proposals that came."""
        ...

    def propose(self, proposal: Proposal, *, public: bool) -> bytes:
        """Proposes, for a commit by reference."""
        ...

    def seal(self, data: bytes) -> bytes:
        """An application message."""
        ...

    def receive(self, message: bytes) -> bytes | None:
        """Takes a message: what was said, or None for a handshake."""
        ...


class OwnMember:
    """A member as this engine has it: stored and read again before each thing that it does."""

    def __init__(
        self, name: str, suite_id: int, entropy: Entropy, psks: dict[bytes, bytes]
    ) -> None:
        self.name = name
        self.suite = SUITES[suite_id]
        self.signer = self.suite.signature.generate(entropy)
        self.about = LeafNodeContent(
            Credential.basic(name.encode()),
            Capabilities(
                ciphersuites=(suite_id,),
                extensions=EXTENSIONS,
                credentials=(CredentialType.BASIC,),
            ),
        )
        self.services = Services(
            entropy,
            validate=lambda credential, key: True,
            longest_lifetime=2**40,
            psk=lambda psk_id: psks.get(psk_id.psk_id),
        )
        self.out = False
        self._own: OwnKeyPackage | None = None
        self._group: Group | None = None

    @property
    def group(self) -> Group:
        """Its group, from the bytes that would be stored."""
        assert self._group is not None
        self._group = Group.from_bytes(self._group.to_bytes(), self.services)
        return self._group

    @property
    def leaf(self) -> int:
        return self.group.own_leaf

    def view(self) -> View:
        group = self.group
        exported = group.export(b"interop", b"context", 32)
        return View(group.epoch, group.epoch_authenticator.hex(), exported.hex())

    def key_package(self) -> bytes:
        return encode_message(self._fresh().key_package)

    def create(self, group_id: bytes, extensions: Extensions) -> None:
        self._group = Group.create(self.suite, group_id, self._fresh(), self.services, extensions)

    def join(self, welcome: bytes) -> None:
        assert self._own is not None
        self._group = Group.join(welcome, [self._own], self.services)

    def join_from_outside(self, info: bytes, replaced: int | None) -> bytes:
        leaf = None if replaced is None else LeafIndex(replaced)
        how = ExternalJoin(NewLeaf(self.signer, self.about), leaf)
        message, self._group = Group.join_externally(info, how, self.services)
        return message

    def group_info(self) -> bytes:
        return self.group.group_info()

    def commit(self, proposals: list[Proposal], *, public: bool) -> Sent:
        group = self._speaking(public)
        sent = group.commit(NOW, plan=CommitPlan(by_value=proposals))
        group.merge(sent.staged)
        return Sent(sent.message, sent.welcome)

    def propose(self, proposal: Proposal, *, public: bool) -> bytes:
        return self._speaking(public).propose(proposal)

    def propose_update(self, *, public: bool) -> bytes:
        """Proposes a new key for its own leaf."""
        return self._speaking(public).propose_update()

    def seal(self, data: bytes) -> bytes:
        return self.group.seal(data)

    def receive(self, message: bytes) -> bytes | None:
        group = self.group
        received = group.receive(message)
        if isinstance(received, ApplicationMessage):
            return received.data
        if isinstance(received, StagedCommit):
            self.out = received.removes_me
            if not self.out:
                group.merge(received)
        return None

    def _fresh(self) -> OwnKeyPackage:
        entropy = self.services.entropy
        self._own = make_key_package(self.suite, self.signer, self.about, LIFETIME, entropy)
        return self._own

    def _speaking(self, public: bool) -> Group:
        self.services = self.services._replace(private_handshakes=not public)
        return self.group


def parse_key_package(message: bytes) -> KeyPackageIn:
    """The KeyPackage in an MLSMessage."""
    package = decode_message(message)
    assert isinstance(package, KeyPackageIn)
    return package
