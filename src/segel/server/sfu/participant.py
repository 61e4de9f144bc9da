"""One participant's transport: ICE, DTLS and SRTP on one path, and the streams that go over it."""

import secrets

from OpenSSL import SSL

from segel.core.crypto.srtp import SrtpReceiver, new_receiver, new_sender
from segel.core.media.ice import Credentials, IceAgent
from segel.core.media.link import Link
from segel.core.media.outbox import Outbox
from segel.core.media.publication import Publication
from segel.core.media.sdp import Transport
from segel.core.media.stun import Address
from segel.core.media.subscription import Subscription
from segel.core.media.twcc import ArrivalRecorder
from segel.server.sfu.dtls import DtlsAssociation
from segel.server.sfu.negotiation import Streams

SILENCE = 1.5
"""Seconds without a packet from a participant that mean a cut: who sends or receives anything
sends feedback more often."""


def fresh_credentials() -> Credentials:
    """A user fragment of 8 and a password of 32 characters, of the ICE alphabet."""
    return Credentials(secrets.token_hex(4), secrets.token_hex(16))


class Participant:
    """What the relay holds of one participant. `outbox`, `link` and `receiver` are there
    after DTLS."""

    def __init__(
        self, meeting: bytes, identifier: bytes, context: SSL.Context, remote: Transport, now: float
    ) -> None:
        self.meeting = meeting
        self.identifier = identifier
        self.remote = remote
        self.ice = IceAgent(fresh_credentials(), remote.ufrag, now)
        self.checked: Address | None = None
        """Where the last good check came from; not yet nominated, perhaps."""
        self.dtls = DtlsAssociation(context, "server", remote.fingerprint[1])
        self.outbox: Outbox | None = None
        self.link: Link | None = None
        self.receiver: SrtpReceiver | None = None
        self.streams = Streams()
        self.limits: dict[bytes, int] = {}
        """By stream: the highest temporal layer that is wished for."""
        self.arrivals = ArrivalRecorder()
        self.publications: dict[int, Publication] = {}
        """By SSRC, and by the SSRC of retransmissions."""
        self.subscriptions: dict[int, Subscription] = {}
        """By the SSRC that the relay gave."""
        self.watching: dict[bytes, Subscription] = {}
        """By stream."""
        self.session = secrets.randbelow(1 << 62)
        self.version = 0
        self._heard = now
        self.next_report = now

    @property
    def address(self) -> Address | None:
        """The nominated path."""
        return self.ice.selected

    def open_media(self, now: float) -> bool:
        """Begin SRTP once DTLS has its keys; True at that moment."""
        keys = self.dtls.keys
        if keys is None or self.outbox is not None:
            return False
        self.receiver = new_receiver(keys.profile, keys.remote_key, keys.remote_salt)
        self.outbox = Outbox(new_sender(keys.profile, keys.local_key, keys.local_salt))
        self.link = Link(self.outbox, now)
        return True

    def heard(self, now: float, *, moved: bool = False) -> None:
        """Something proven came from the participant, by another path if `moved`.

        After a cut, pictures in either direction begin anew with a key frame: else they would
        stand still until their decoders find out what was lost.
        """
        if moved or now - self._heard > SILENCE:
            self._want_pictures()
        self._heard = now

    def _want_pictures(self) -> None:
        subscribed = (s.publication for s in self.subscriptions.values())
        for publication in (*subscribed, *self.streams.published.values()):
            publication.wants_key_frame = True

    def take_streams(self, streams: Streams) -> None:
        """Send and receive these streams from now on."""
        self.streams = streams
        received = {s.publication.stream for s in streams.received.values()}
        self.limits = {each: limit for each, limit in self.limits.items() if each in received}
        self.subscriptions = {s.ssrc: s for s in streams.received.values()}
        self.watching = {s.publication.stream: s for s in streams.received.values()}
        self.publications = {}
        for publication in streams.published.values():
            self.learn(publication)

    def learn(self, publication: Publication) -> None:
        """Find the publication by its SSRCs, as far as they are known."""
        for ssrc in (publication.ssrc, publication.rtx_ssrc):
            if ssrc is not None:
                self.publications[ssrc] = publication

    def find(self, ssrc: int, payload_type: int) -> Publication | None:
        """Whose packet it is: by SSRC, or by the only section whose SSRC the offer did not tell."""
        known = self.publications.get(ssrc)
        if known is not None:
            return known
        waiting = [
            publication
            for publication in self.streams.published.values()
            if publication.ssrc is None and publication.format.payload_type == payload_type
        ]
        if len(waiting) != 1:
            return None
        waiting[0].ssrc = ssrc
        self.learn(waiting[0])
        return waiting[0]
