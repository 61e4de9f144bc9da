"""Group: one member's view of a group. Begin here.

    group = Group.create(suite, group_id, own, services)
    sent = group.commit(now, add=[key_package])       # sent.message, sent.welcome
    group.merge(sent.staged)                          # once the Delivery Service took it
    other = Group.join(sent.welcome, [their_own], their_services)
    said = other.receive(group.seal(b"hello"))        # ApplicationMessage

A facade without algorithms: each long story has its own file. What fails changes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Self

from segel.core.crypto.ciphersuite import Ciphersuite
from segel.core.mls import external_join, key_schedule, proposal_cache, storage, succession
from segel.core.mls.commit import Commit
from segel.core.mls.create_commit import CommitPlan, OutgoingCommit, create_commit
from segel.core.mls.create_group import create_state
from segel.core.mls.errors import Malformed, UsageError
from segel.core.mls.extension import Extensions
from segel.core.mls.external_join import ExternalJoin
from segel.core.mls.framing import Application
from segel.core.mls.join import join
from segel.core.mls.key_package import KeyPackageIn, OwnKeyPackage
from segel.core.mls.leaf_node import LeafNode
from segel.core.mls.message import decode_message, encode_message
from segel.core.mls.message_checks import unprotect
from segel.core.mls.outgoing import check_active, own_group_info, send, sign
from segel.core.mls.private_message import PrivateMessage
from segel.core.mls.process_commit import process_commit
from segel.core.mls.proposal import Add, Proposal, Remove
from segel.core.mls.proposal_cache import CachedProposal
from segel.core.mls.public_message import PublicMessage
from segel.core.mls.registry import WireFormat
from segel.core.mls.services import Services
from segel.core.mls.staged_commit import StagedCommit
from segel.core.mls.state import GroupState, NewLeaf
from segel.core.mls.tree_math import LeafIndex


class ApplicationMessage(NamedTuple):
    """What a member said, and what it said beside it for all to read."""

    sender: LeafIndex
    data: bytes
    authenticated_data: bytes


Received = ApplicationMessage | CachedProposal | StagedCommit
"""What a message was: application data, a proposal that is kept, or a commit to merge or drop."""


class Group:
    """A group in its current epoch, as one of its members has it.

    Every method may raise UsageError; those that take something from outside raise Rejected for
    what is wrong and Unprocessable for what this member cannot open (errors.py).
    """

    def __init__(self, state: GroupState, services: Services) -> None:
        self._state = state
        self._services = services

    @classmethod
    def create(
        cls,
        suite: Ciphersuite,
        group_id: bytes,
        own: OwnKeyPackage,
        services: Services,
        extensions: Extensions = (),
    ) -> Self:
        """A group of oneself alone, in epoch 0 (section 11)."""
        return cls(create_state(suite, group_id, own, services, extensions), services)

    @classmethod
    def join(
        cls,
        welcome: bytes,
        own: Sequence[OwnKeyPackage],
        services: Services,
        *,
        tree: bytes | None = None,
    ) -> Self:
        """The group that a Welcome leads into (section 12.4.3.1).

        `own` are the KeyPackages that it may be for; the one that served must not serve again.
        `tree` is the ratchet tree, where the Welcome does not bring it.
        """
        return cls(join(welcome, own, services, tree).state, services)

    @classmethod
    def join_with_signer(
        cls,
        welcome: bytes,
        own: Sequence[OwnKeyPackage],
        services: Services,
        *,
        tree: bytes | None = None,
    ) -> tuple[Self, LeafIndex]:
        """As `join`, with the leaf of who signed the GroupInfo: who let one in."""
        joined = join(welcome, own, services, tree)
        return cls(joined.state, services), joined.signer

    @classmethod
    def join_successor(
        cls,
        old: "Group",
        welcome: bytes,
        own: Sequence[OwnKeyPackage],
        services: Services,
        *,
        tree: bytes | None = None,
    ) -> Self:
        """The group that continues another by a ReInit or a branch (sections 11.2 and 11.3)."""
        joined = succession.join_successor(old._state, welcome, own, services, tree)
        return cls(joined.state, services)

    @classmethod
    def join_externally(
        cls,
        group_info: bytes,
        how: ExternalJoin,
        services: Services,
        *,
        tree: bytes | None = None,
    ) -> tuple[bytes, Self]:
        """The external commit to send, and the group once it was taken (section 12.4.3.2)."""
        message, state = external_join.join_externally(group_info, how, services, tree)
        return message, cls(state, services)

    @classmethod
    def from_bytes(cls, data: bytes, services: Services) -> Self:
        """The group that `to_bytes` gave."""
        return cls(storage.decode_state(data), services)

    def to_bytes(self) -> bytes:
        """The state with all its secrets, at any point between two calls."""
        return storage.encode_state(self._state)

    @property
    def suite(self) -> Ciphersuite:
        return self._state.suite

    @property
    def group_id(self) -> bytes:
        return self._state.context.group_id

    @property
    def epoch(self) -> int:
        return self._state.context.epoch

    @property
    def extensions(self) -> Extensions:
        """The GroupContext's extensions."""
        return self._state.context.extensions

    @property
    def own_leaf(self) -> LeafIndex:
        return self._state.own

    @property
    def epoch_authenticator(self) -> bytes:
        """The same for all members of an epoch, and for nobody else (section 8.7)."""
        return self._state.secrets.authenticator

    @property
    def ended(self) -> bool:
        """Whether a ReInit ended the group: it goes on in another."""
        return self._state.reinit is not None

    @property
    def state(self) -> GroupState:
        """The epoch as it is, to look into."""
        return self._state

    def members(self) -> Iterator[tuple[LeafIndex, LeafNode]]:
        """The members and their leaves, from the left."""
        return self._state.tree.members()

    def export(self, label: bytes, context: bytes, size: int) -> bytes:
        """MLS-Exporter (section 8.5): `size` bytes that all members of the epoch share."""
        exporter = self._state.secrets.exporter
        return key_schedule.export(self.suite, exporter, label, context, size)

    def ratchet_tree(self) -> bytes:
        """The tree, for those to whom a Welcome or a GroupInfo does not bring it."""
        return self._state.tree.encode()

    def group_info(self, *, with_tree: bool = True) -> bytes:
        """A GroupInfo with the key for external commits, as an MLSMessage."""
        check_active(self._state)
        info = own_group_info(self._state, with_tree=with_tree, joinable=True)
        return encode_message(info)

    def seal(self, data: bytes, authenticated_data: bytes = b"") -> bytes:
        """Application data as a PrivateMessage. Proposals that came must be committed first."""
        check_active(self._state)
        if self._state.proposals:
            raise UsageError("proposals wait: commit them before application data (section 12.4)")
        form = WireFormat.PRIVATE_MESSAGE
        content = sign(self._state, form, Application(data), authenticated_data)
        return send(self._state, self._services, content)

    def propose(self, proposal: Proposal, authenticated_data: bytes = b"") -> bytes:
        """The message of a proposal. It is kept for the next commit, also of one's own."""
        check_active(self._state)
        return proposal_cache.propose(self._state, self._services, proposal, authenticated_data)

    def propose_update(self, leaf: NewLeaf | None = None, authenticated_data: bytes = b"") -> bytes:
        """The message of an Update of one's own leaf, for somebody else to commit."""
        check_active(self._state)
        return proposal_cache.propose_update(self._state, self._services, leaf, authenticated_data)

    def clear_proposals(self) -> None:
        """Forgets the proposals of this epoch: a commit that names them can then not be taken."""
        self._state.proposals.clear()
        self._state.own_updates.clear()

    def commit(
        self,
        now: int,
        *,
        add: Sequence[KeyPackageIn] = (),
        remove: Sequence[LeafIndex] = (),
        plan: CommitPlan | None = None,
    ) -> OutgoingCommit:
        """A commit of the proposals that came and of these. `now` is in seconds since 1970.

        Nothing is in force before its `staged` is merged.
        """
        check_active(self._state)
        plan = plan or CommitPlan()
        by_value = (*map(Remove, remove), *map(Add, add), *plan.by_value)
        return create_commit(self._state, self._services, plan._replace(by_value=by_value), now)

    def receive(self, message: bytes) -> Received:
        """What a message of this group is. A commit is staged, and not in force."""
        parsed = decode_message(message)
        if not isinstance(parsed, PublicMessage | PrivateMessage):
            raise Malformed("not a message to a group")
        content, taken = unprotect(self._services, self._state, parsed)
        said = content.framed.content
        if isinstance(said, Commit):
            return process_commit(self._state, self._services, content)
        if isinstance(said, Application):
            sender = LeafIndex(content.framed.sender.index)
            received: Received = ApplicationMessage(
                sender, said.data, content.framed.authenticated_data
            )
        else:
            received = proposal_cache.cache_proposal(self._state, self._services, content)
        if taken is not None:
            self._state.secret_tree.spend(taken)
        return received

    def merge(self, staged: StagedCommit) -> None:
        """Makes a staged commit the current epoch: its secrets go."""
        if staged.before != self._state.interim:
            raise UsageError("the commit was staged in another epoch")
        if staged.after is None:
            raise UsageError("the commit removes this member: delete the group")
        self._state = staged.after

    def reinitialise(
        self, own: OwnKeyPackage, others: Sequence[KeyPackageIn], services: Services, now: int
    ) -> tuple["Group", OutgoingCommit]:
        """The group that a committed ReInit asks for, and its first commit (section 11.2)."""
        state, sent = succession.reinitialise(self._state, own, others, services, now)
        return Group(state, services), sent

    def branch(
        self,
        group_id: bytes,
        own: OwnKeyPackage,
        others: Sequence[KeyPackageIn],
        services: Services,
        now: int,
    ) -> tuple["Group", OutgoingCommit]:
        """A group of some of the members, and its first commit (section 11.3)."""
        state, sent = succession.branch(self._state, group_id, own, others, services, now)
        return Group(state, services), sent
