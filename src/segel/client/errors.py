"""What can go wrong, by who must act.

SegelError
├── UsageError        the caller: asks for what the moment does not allow
│   └── NotHost           only a host may
├── BadLink           whoever gave the link
├── NotLetIn          whoever is in the meeting, or its link: `reason`
├── MeetingOver       nobody: one is not in the meeting any more: `reason`
├── Unreachable       the network, or the server's operator
│   ├── Away              the connection is gone: done or not, nobody knows
│   └── RefusedCall       the server says no: `refusal`
├── NotSent           the message stands still, and is told so
├── FileError         `problem`
└── VaultError        the owner of the vault
    ├── VaultInUse        another process has it open
    ├── WrongKey          the passphrase or the key is another
    └── BadVault          it is no vault, or a later version's
"""

from typing import Literal

from segel.core.wire.answers import Refusal

Denied = Literal[
    "refused", "banned", "locked", "closed", "full", "expired", "unknown-meeting", "invitation"
]
"""Why one is not let in (rule.md 3): the last three are said by the link or the server."""

Over = Literal["left", "removed", "kicked", "ended", "replaced", "refused-commit"]
"""How being in a meeting ended. *replaced*: the same account came in from elsewhere."""

FileProblem = Literal[
    "gone", "bad", "too_large", "quota", "storage_full", "changed", "lost", "refused"
]
"""gone: the server has it no more. bad: it is not what its sender sealed. changed: the file became
another while it was read. lost: the server went back behind what it had promised.
"""


class SegelError(Exception):
    """Anything that this package raises."""


class UsageError(SegelError):
    """The caller asks for what the moment does not allow."""


class NotHost(UsageError):
    """Only a host may do this."""


class BadLink(SegelError):
    """It is no link of a meeting, or what stands under it is not the link's."""


class NotLetIn(SegelError):
    """The way into the meeting ends here."""

    def __init__(self, reason: Denied, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class MeetingOver(SegelError):
    """One is not in the meeting any more."""

    def __init__(self, reason: Over | Denied, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class Unreachable(SegelError):
    """The server cannot be reached, or speaks another version."""


class Away(Unreachable):
    """The connection is away; what was asked may have been done or not."""


class RefusedCall(Unreachable):
    """The server did not carry a request out; `refusal.code` is of wire.md 5."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(f"{refusal.code}: {refusal.detail}")
        self.refusal = refusal


class NotSent(SegelError):
    """The server does not store the message; it is not tried again by itself."""


class FileError(SegelError):
    """A file that does not go up or down."""

    def __init__(self, problem: FileProblem, detail: str) -> None:
        super().__init__(detail)
        self.problem = problem


class VaultError(SegelError):
    """The vault cannot be opened."""


class VaultInUse(VaultError):
    """Another process has the vault open."""


class WrongKey(VaultError):
    """The passphrase, or the key, is another."""


class BadVault(VaultError):
    """The file is no vault, or one of a later version, or was changed."""
