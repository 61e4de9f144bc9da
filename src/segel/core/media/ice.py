"""An ICE-lite agent for one participant (RFC 8445 sections 2.5 and 7.3, RFC 7675).

A lite agent only answers: the browser is controlling, checks the path and nominates it. Bytes and
`now` go in, an answer and events come out.
"""

from dataclasses import dataclass
from typing import Final

from segel.core.media import stun
from segel.core.media.errors import StunMalformed, StunUnauthenticated
from segel.core.media.stun import Address, Message

CONSENT_SECONDS: Final = 30.0
"""Without an authenticated request for this long, sending stops (RFC 7675 section 5.1)."""

UNKNOWN, STUN, DTLS, RTP, RTCP = range(5)


def classify(datagram: bytes | bytearray | memoryview) -> int:
    """What a datagram on the shared port is (RFC 7983 section 7, RFC 5761 section 4).

    One of UNKNOWN, STUN, DTLS, RTP, RTCP, by its first two bytes.
    """
    if len(datagram) < 2:
        return UNKNOWN
    first = datagram[0]
    if 128 <= first <= 191:
        return RTCP if 192 <= datagram[1] <= 223 else RTP
    if 20 <= first <= 63:
        return DTLS
    return STUN if first <= 3 else UNKNOWN


@dataclass(slots=True, frozen=True)
class Selected:
    """The browser nominated this path: media goes to `address` from now on."""

    address: Address


@dataclass(slots=True, frozen=True)
class ConsentExpired:
    """The participant has been silent for too long: send nothing more to it."""


Event = Selected | ConsentExpired


@dataclass(slots=True, frozen=True)
class Credentials:
    """One side's short-term credentials (RFC 8445 section 5.3): from the SDP, ASCII."""

    ufrag: str
    password: str


@dataclass(slots=True, frozen=True)
class Answer:
    """What a request leads to: a datagram for the address it came from, and events."""

    datagram: bytes
    events: tuple[Event, ...] = ()


def local_ufrag(message: Message) -> str:
    """Whose agent a request is for: the part of its USERNAME before the colon.

    Raises StunMalformed if there is no such USERNAME. Nothing is authenticated yet.
    """
    username = message.get(stun.USERNAME)
    if username is None or b":" not in username:
        raise StunMalformed("no USERNAME")
    try:
        return username.partition(b":")[0].decode("ascii")
    except UnicodeDecodeError:
        raise StunMalformed("USERNAME is not ASCII") from None


class IceAgent:
    """The lite agent of one participant; `selected` is where its media goes, None before."""

    __slots__ = ("_consent_until", "_local", "_remote_ufrag", "selected")

    def __init__(self, local: Credentials, remote_ufrag: str, now: float) -> None:
        self._local = local
        self._remote_ufrag = remote_ufrag
        self._consent_until: float | None = now + CONSENT_SECONDS
        self.selected: Address | None = None

    @property
    def local(self) -> Credentials:
        """The credentials that requests must use now."""
        return self._local

    @property
    def deadline(self) -> float | None:
        """When `handle_timeout` is due, in the unit of `now` (seconds); None after expiry."""
        return self._consent_until

    def restart(self, local: Credentials, remote_ufrag: str, now: float) -> None:
        """New credentials (RFC 8445 section 9): the old path carries media until a new one is
        nominated, but only requests with the new credentials are answered and renew consent."""
        self._local = local
        self._remote_ufrag = remote_ufrag
        self._consent_until = now + CONSENT_SECONDS

    def receive(self, message: Message, source: Address, now: float) -> Answer:
        """Answers a binding request.

        Raises StunMalformed for anything but a request and StunUnauthenticated for one that is
        not from the owner of the credentials; neither deserves an answer: a browser's check is
        always authenticated, and an answer to others would only reflect traffic.
        """
        if message.message_type != stun.BINDING_REQUEST:
            raise StunMalformed("not a binding request")
        self._authenticate(message)
        unknown = stun.unknown_required(message)
        if unknown:
            return self._error(message, 420, "Unknown Attribute", unknown)
        if message.get(stun.ICE_CONTROLLED) is not None:
            # RFC 8445 7.3.1.1: a lite agent is always controlled towards a full one.
            return self._error(message, 487, "Role Conflict")
        self._consent_until = now + CONSENT_SECONDS
        password = self._local.password.encode()
        datagram = stun.binding_success(message.transaction, source, password)
        return Answer(datagram, self._nominate(message, source))

    def _authenticate(self, message: Message) -> None:
        expected = f"{self._local.ufrag}:{self._remote_ufrag}".encode()
        if message.get(stun.USERNAME) != expected:
            raise StunUnauthenticated("wrong USERNAME")
        stun.authenticate(message, self._local.password.encode())

    def _error(
        self, message: Message, code: int, reason: str, unknown: tuple[int, ...] = ()
    ) -> Answer:
        password = self._local.password.encode()
        return Answer(stun.binding_error(message.transaction, code, reason, password, unknown))

    def _nominate(self, message: Message, source: Address) -> tuple[Event, ...]:
        if message.get(stun.USE_CANDIDATE) is None or source == self.selected:
            return ()
        self.selected = source
        return (Selected(source),)

    def handle_timeout(self, now: float) -> tuple[Event, ...]:
        """Expires consent if its time is over; ConsentExpired comes once."""
        if self._consent_until is None or now < self._consent_until:
            return ()
        self._consent_until = None
        self.selected = None
        return (ConsentExpired(),)
