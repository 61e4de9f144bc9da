"""What can go wrong, by who must act.

MlsError
├── UsageError        the caller: asks for what the group's state does not allow
├── Rejected          the sender: what came breaks the protocol
│   ├── Malformed         it is no structure of RFC 9420
│   └── Refused           it breaks a requirement, which it names
└── Unprocessable     nobody is at fault: this member cannot open it, now or any more
    ├── WrongGroup        it is for another group, or for another member
    ├── WrongEpoch        it is of an epoch that is past, or not reached
    ├── Missing           it refers to a proposal, a key or a PSK that this member does not have
    ├── Spent             its key was used or erased
    └── Full              more proposals wait than this member keeps

After any of them the state is what it was.
"""


class MlsError(Exception):
    """Anything that this package raises."""


class UsageError(MlsError):
    """The caller asks for what the state does not allow. Nothing came from outside."""


class Rejected(MlsError):
    """What came must be thrown away."""


class Malformed(Rejected):
    """The bytes are no structure of RFC 9420."""


class Refused(Rejected):
    """What came breaks a requirement; `requirement` is its id (docs/requirements/mls.md)."""

    def __init__(self, requirement: str, text: str) -> None:
        super().__init__(f"{requirement}: {text}")
        self.requirement = requirement


class Unprocessable(MlsError):
    """What came may be right, but this member cannot open it."""


class WrongGroup(Unprocessable):
    """It is meant for another group or another member."""


class WrongEpoch(Unprocessable):
    """It was sealed in another epoch than the group's."""


class Missing(Unprocessable):
    """It refers to something that this member does not have."""


class Spent(Unprocessable):
    """Its key was used already, or is too old, and is erased."""


class Full(Unprocessable):
    """More proposals wait for a commit than this member keeps."""
