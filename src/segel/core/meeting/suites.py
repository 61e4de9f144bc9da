"""The ciphersuites that meetings are held in (meeting.md 3)."""

from segel.core.cbor import Malformed
from segel.core.crypto.ciphersuite import HYBRID_ID, SUITES, Ciphersuite

HYBRID = SUITES[HYBRID_ID]
"""X-Wing: stays sealed where somebody keeps what goes by until quantum computers can read it."""
CLASSIC = SUITES[1]
"""X25519: smaller and faster."""


def suite_by_id(number: int) -> Ciphersuite:
    """The suite of a meeting. Raises Malformed for one that no meeting is held in."""
    for suite in (HYBRID, CLASSIC):
        if suite.id == number:
            return suite
    raise Malformed("a meeting of a suite that is not known here")
