"""StagedCommit: a commit that was made or verified, and is not in force before it is merged."""

import msgspec

from segel.core.mls import key_schedule
from segel.core.mls.credential import Credential
from segel.core.mls.errors import UsageError
from segel.core.mls.framing import Sender
from segel.core.mls.proposal_checks import CommittedProposal
from segel.core.mls.state import GroupState
from segel.core.mls.tree_math import LeafIndex


class Change(msgspec.Struct, frozen=True):
    """A member and its credential, as a commit adds, updates or removes it."""

    leaf: LeafIndex
    credential: Credential


class StagedCommit(msgspec.Struct, frozen=True):
    """What a commit does, to be looked at before it is merged or dropped."""

    sender: Sender
    committer: Change
    """Who made it, with the leaf that it has afterwards."""
    proposals: tuple[CommittedProposal, ...]
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    updated: tuple[Change, ...]
    authenticated_data: bytes
    before: bytes
    """interim_transcript_hash of the epoch that it follows: it can be merged there alone."""
    after: GroupState | None
    """The next epoch; None where the commit removes this member."""

    @property
    def removes_me(self) -> bool:
        """Whether this member is out: it has no next epoch."""
        return self.after is None

    def export(self, label: bytes, context: bytes, size: int) -> bytes:
        """MLS-Exporter of the next epoch (section 8.5). Raises UsageError."""
        if self.after is None:
            raise UsageError("who is removed has no secrets of the next epoch")
        suite, exporter = self.after.suite, self.after.secrets.exporter
        return key_schedule.export(suite, exporter, label, context, size)

    @property
    def epoch_authenticator(self) -> bytes:
        """What members of the next epoch compare (section 8.7). Raises UsageError."""
        if self.after is None:
            raise UsageError("who is removed has no secrets of the next epoch")
        return self.after.secrets.authenticator
