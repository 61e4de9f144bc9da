"""A group, its members at their own pace, and a Delivery Service that keeps everything."""

from collections.abc import Callable
from typing import TypeVar

from segel.core.crypto.ciphersuite import SUITES
from segel.core.mls.credential import Credential
from segel.core.mls.errors import MlsError
from segel.core.mls.group import ApplicationMessage, Group, Received
from segel.core.mls.key_package import OwnKeyPackage, make_key_package
from segel.core.mls.leaf_node import Capabilities, LeafNodeContent, Lifetime
from segel.core.mls.registry import CredentialType
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit
from segel.testing.entropy import Seeded

NOW = 1_800_000_000
SUITE = SUITES[1]
EXTENSIONS = (0xF0B0, 0xF0B1)
CUSTOM_PROPOSAL = 0xF0C0
PSKS = {b"first": bytes(32), b"second": bytes([1]) * 32}


T = TypeVar("T")


class Client:
    """Somebody who is, was or will be a member."""

    def __init__(self, name: str, entropy: Seeded) -> None:
        self.name = name
        self.signer = SUITE.signature.generate(entropy)
        self.about = LeafNodeContent(
            Credential.basic(name.encode()),
            Capabilities(
                ciphersuites=(SUITE.id,),
                extensions=EXTENSIONS,
                proposals=(CUSTOM_PROPOSAL,),
                credentials=(CredentialType.BASIC,),
            ),
        )
        self.services = Services(
            entropy,
            validate=lambda credential, key: True,
            psk=lambda psk_id: PSKS.get(psk_id.psk_id),
            longest_lifetime=2**40,
        )
        self.group: Group
        self.joined_at = 0

    def __repr__(self) -> str:
        return self.name

    def key_package(self) -> OwnKeyPackage:
        """A fresh one."""
        entropy = self.services.entropy
        return make_key_package(SUITE, self.signer, self.about, Lifetime(0, 2**40), entropy)

    def public(self, public: bool) -> Group:
        """The group, to send handshakes as PublicMessages or as PrivateMessages."""
        self.services = self.services._replace(private_handshakes=not public)
        self.reload()
        return self.group

    def reload(self) -> None:
        """Stores the group and reads it again."""
        stored = self.group.to_bytes()
        self.group = Group.from_bytes(stored, self.services)
        assert self.group.to_bytes() == stored

    def attempt(self, deed: Callable[[Group], T]) -> T:
        """Does something to the group. What fails must fail as declared, and change nothing."""
        before = self.group.to_bytes()
        try:
            return deed(self.group)
        except MlsError:
            assert self.group.to_bytes() == before, "what failed changed the state"
            raise

    def receive(self, message: bytes) -> Received:
        """Takes a message, and has a copy from storage take it alike. Raises MlsError."""
        copy = Group.from_bytes(self.group.to_bytes(), self.services)
        try:
            received = self.attempt(lambda group: group.receive(message))
        except MlsError as error:
            try:
                copy.receive(message)
            except type(error):
                raise error from None
            raise AssertionError("a stored group took what the group refused") from error
        assert type(copy.receive(message)) is type(received)
        assert copy.to_bytes() == self.group.to_bytes()
        return received

    def refuses(self, message: bytes) -> None:
        """The message must tell this client nothing, and change nothing."""
        try:
            received = self.receive(message)
        except MlsError:
            return
        assert not isinstance(received, ApplicationMessage | StagedCommit), f"{self} opened it"


class Sent:
    """A message that the Delivery Service has, with who had sent it and in which epoch."""

    def __init__(self, message: bytes, sender: Client, epoch: int) -> None:
        self.message = message
        self.sender = sender
        self.epoch = epoch
