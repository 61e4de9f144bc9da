"""Whether a relay is reached at an address: a binding request that is nobody's (media.md 2).

The answer is shorter than the question, so that nobody is flooded by way of a relay.
"""

from segel.core.media import stun
from segel.core.media.errors import StunMalformed
from segel.core.media.stun import Address, Message

USERNAME = b"segel:reached"
"""No participant's: a relay draws theirs at random, and longer before the colon."""

PASSWORD = b"is anybody there"
"""No secret: it makes the two sides sure of the protocol, and the question long."""


def question(transaction: bytes) -> bytes:
    """What is sent; `transaction` is 12 random bytes."""
    return stun.serialise(stun.BINDING_REQUEST, transaction, [(stun.USERNAME, USERNAME)], PASSWORD)


def answer(message: Message, source: Address) -> bytes | None:
    """The relay's answer to a question; None where the message is another one.

    Raises StunUnauthenticated.
    """
    if message.message_type != stun.BINDING_REQUEST or message.get(stun.USERNAME) != USERNAME:
        return None
    stun.authenticate(message, PASSWORD)
    return stun.binding_success(message.transaction, source, PASSWORD)


def seen_from(datagram: bytes, transaction: bytes) -> Address:
    """Where the relay saw the question come from. Raises StunMalformed, StunUnauthenticated."""
    message = stun.parse(datagram)
    if message.message_type != stun.BINDING_SUCCESS or message.transaction != transaction:
        raise StunMalformed("no answer to this question")
    stun.authenticate(message, PASSWORD)
    return stun.mapped_address(message)
