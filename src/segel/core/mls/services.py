"""What a group asks of whoever uses it."""

from collections.abc import Callable
from typing import NamedTuple

from segel.core.crypto.entropy import Entropy
from segel.core.crypto.padding import padme
from segel.core.mls.credential import Credential, CredentialValidator, SuccessorValidator
from segel.core.mls.private_message import Padding
from segel.core.mls.psk import PreSharedKeyId

DAY = 24 * 3600


def same_credential(before: Credential, after: Credential) -> bool:
    """The strictest successor: nobody's credential ever changes."""
    return before == after


def no_psk(psk_id: PreSharedKeyId) -> None:
    """Holds no PSK."""
    return


class Services(NamedTuple):
    """Randomness, judgement of credentials, PSKs and limits; the same in every epoch."""

    entropy: Entropy
    validate: CredentialValidator
    succeeds: SuccessorValidator = same_credential
    psk: Callable[[PreSharedKeyId], bytes | None] = no_psk
    """An external PSK's secret, or another group's resumption PSK; None where it is not held."""
    pad: Padding = padme
    longest_lifetime: int = 120 * DAY
    """Seconds that a KeyPackage may be good for altogether (section 7.2)."""
    private_handshakes: bool = True
    """Whether one's own proposals and commits are sent as PrivateMessages."""
    resumption_epochs: int = 16
    """Past epochs whose resumption PSK is kept."""
