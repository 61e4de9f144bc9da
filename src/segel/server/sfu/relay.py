"""The relay: meetings of participants behind one UDP port. It forwards what it cannot open."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field

from OpenSSL import SSL

from segel.core.media import answer, ice, reachability, sdp, stun
from segel.core.media.allocation import SMALL_LAYER, allocate
from segel.core.media.errors import Malformed, OfferRefused, StunUnauthenticated
from segel.core.media.outbox import Sealed
from segel.core.media.stun import Address
from segel.core.media.subscription import ALL_LAYERS, NO_LAYER
from segel.server.sfu import forwarding, port
from segel.server.sfu.directory import Directory, Meeting
from segel.server.sfu.dtls import Certificate, DtlsError
from segel.server.sfu.messages import (
    Answered,
    Attach,
    CloseMeeting,
    Command,
    Detach,
    GoneReason,
    ParticipantGone,
    Refused,
    Reoffer,
    Report,
    Stats,
    StreamAdded,
    StreamRemoved,
    Subscribe,
    Wish,
)
from segel.server.sfu.negotiation import Streams, negotiate
from segel.server.sfu.participant import Participant, fresh_credentials


@dataclass(slots=True)
class Totals:
    """Counted since the start, for `Stats`."""

    packets_in: int = 0
    bytes_in: int = 0
    refused: int = 0
    packets_out: int = 0
    bytes_out: int = 0
    dropped: int = 0


@dataclass(slots=True)
class Relay:
    """Everything of one media process. Commands and datagrams in; `report` takes what it says."""

    sock: socket.socket
    addresses: tuple[Address, ...]
    report: Callable[[Report], None]
    certificate: Certificate = field(default_factory=Certificate)
    directory: Directory = field(default_factory=Directory)
    totals: Totals = field(default_factory=Totals)
    _context: SSL.Context = field(init=False)
    _in_runs: bool = field(init=False)

    def __post_init__(self) -> None:
        self._context = self.certificate.context()
        self._in_runs = port.segments(self.sock)

    def execute(self, command: Command, now: float) -> None:
        """Carry out one command of the HTTP process."""
        match command:
            case Attach() | Reoffer():
                try:
                    self.report(self._answer(command, now))
                except (Malformed, OfferRefused) as error:
                    self.report(Refused(command.request, str(error)))
            case Subscribe():
                self._subscribe(command)
            case Detach():
                self._remove(self.directory.find(command.meeting, command.participant))
            case CloseMeeting():
                for participant in list(self._meeting(command.meeting).values()):
                    self._remove(participant, quiet=True)

    def read(self, now: float) -> None:
        """Take what waits at the port, and send what it caused."""
        touched: set[bytes] = set()
        for datagram, source in port.drain(self.sock):
            self.totals.packets_in += 1
            self.totals.bytes_in += len(datagram)
            kind = ice.classify(datagram)
            if kind == ice.STUN:
                self._take_stun(datagram, source, now)
                continue
            participant = self.directory.by_address(source)
            if participant is None:
                self.totals.refused += 1
                continue
            touched.add(participant.meeting)
            self._take(kind, participant, datagram, now)
        for meeting in touched:
            self._flush(self._meeting(meeting))

    def tick(self, now: float) -> None:
        """What is due without a packet: feedback, retries of DTLS, lost consent. Every 20 ms."""
        for participant in self.directory.everybody():
            self._tick(participant, now)
        for meeting in self.directory.meetings.values():
            self._flush(meeting)

    def stats(self) -> Stats:
        """Totals, and how much there is now."""
        everybody = self.directory.everybody()
        totals = self.totals
        return Stats(
            meetings=len(self.directory.meetings), participants=len(everybody),
            streams=sum(len(p.streams.published) for p in everybody),
            packets_in=totals.packets_in, packets_out=totals.packets_out,
            bytes_in=totals.bytes_in, bytes_out=totals.bytes_out, packets_refused=totals.refused,
            packets_dropped=totals.dropped,
        )  # fmt: skip

    def close(self) -> None:
        """Say goodbye to everybody."""
        for participant in self.directory.everybody():
            self._remove(participant, quiet=True)

    def _meeting(self, meeting: bytes) -> Meeting:
        return self.directory.meetings.get(meeting, {})

    def _subscribe(self, command: Subscribe) -> None:
        participant = self.directory.find(command.meeting, command.participant)
        if participant is not None:
            participant.limits |= {wish.stream: _limit(wish) for wish in command.wishes}
            self._allocate(participant)

    def _answer(self, command: Attach | Reoffer, now: float) -> Answered:
        offer = sdp.parse(command.offer)
        answer.require(offer)
        transport = offer.transport
        if transport is None:
            raise OfferRefused("no transport")
        before = self.directory.find(command.meeting, command.participant)
        participant = before if isinstance(command, Reoffer) else None
        if participant is None:
            participant = Participant(
                command.meeting, command.participant, self._context, transport, now
            )
        elif transport.fingerprint != participant.remote.fingerprint:
            raise OfferRefused("another certificate needs another session")
        known = self.directory.published_to(command.meeting, command.participant)
        negotiated = negotiate(offer, command.tracks, participant.streams, known, now)
        restarted = transport.ufrag != participant.remote.ufrag
        local = fresh_credentials() if restarted else participant.ice.local
        written = answer.write(
            offer,
            answer.LocalTransport(
                local.ufrag, local.password, self.certificate.fingerprint, self.addresses
            ),
            negotiated.uses,
            participant.session,
            participant.version + 1,
        )
        # Nothing of the relay's state has changed up to here, so that a refusal changes nothing.
        if before is not None and before is not participant:
            self._remove(before)
        if restarted:
            participant.ice.restart(local, transport.ufrag, now)
            participant.remote = transport
        participant.version += 1
        self.directory.add(participant, local.ufrag)
        self._take_streams(participant, negotiated.streams)
        published = negotiated.streams.published
        return Answered(command.request, written, {m: p.stream for m, p in published.items()})

    def _take_streams(self, participant: Participant, streams: Streams) -> None:
        before = {p.stream: p for p in participant.streams.published.values()}
        after = {p.stream: p for p in streams.published.values()}
        participant.take_streams(streams)
        self._allocate(participant)
        for stream in before.keys() - after.keys():
            self.report(StreamRemoved(participant.meeting, participant.identifier, stream))
        for stream in after.keys() - before.keys():
            kind = after[stream].format.kind
            self.report(StreamAdded(participant.meeting, participant.identifier, stream, kind))

    def _allocate(self, participant: Participant) -> None:
        if participant.link is not None:
            bitrate = participant.link.bitrate
            allocate(participant.streams.received.values(), participant.limits, bitrate)

    def _take_stun(self, datagram: bytes, source: Address, now: float) -> None:
        try:
            message = stun.parse(datagram)
            reached = reachability.answer(message, source)
            if reached is not None:
                return self._send_plain([reached], source)
            participant = self.directory.by_ufrag(ice.local_ufrag(message))
            if participant is None:
                raise StunUnauthenticated("nobody's")
            reply = participant.ice.receive(message, source, now)
        except (Malformed, StunUnauthenticated):
            self.totals.refused += 1
            return
        participant.heard(now, moved=bool(reply.events))
        participant.checked = source
        self.directory.add_path(participant, source)
        self._send_plain([reply.datagram], source)

    def _take(self, kind: int, participant: Participant, datagram: bytes, now: float) -> None:
        try:
            if kind == ice.RTP:
                others = self._meeting(participant.meeting).values()
                forwarding.take_rtp(participant, datagram, now, others)
            elif kind == ice.RTCP:
                self._take_rtcp(participant, datagram, now)
            elif kind == ice.DTLS:
                self._take_dtls(participant, datagram, now)
            participant.heard(now)
        except forwarding.Refused:
            self.totals.refused += 1

    def _take_rtcp(self, participant: Participant, datagram: bytes, now: float) -> None:
        for ssrc, ntp, timestamp in forwarding.take_rtcp(participant, datagram, now):
            publication = participant.publications.get(ssrc)
            if publication is None:
                continue
            for other in self._meeting(participant.meeting).values():
                forwarding.forward_report(other, publication.stream, ntp, timestamp, now)

    def _take_dtls(self, participant: Participant, datagram: bytes, now: float) -> None:
        try:
            written = participant.dtls.receive(datagram)
        except DtlsError:
            self._lose(participant, "failed")
            return
        self._send_flight(participant, written)
        if participant.dtls.closed:
            self._lose(participant, "closed")
        elif participant.open_media(now):
            self._allocate(participant)

    def _tick(self, participant: Participant, now: float) -> None:
        if participant.ice.handle_timeout(now):
            self._lose(participant, "silent")
            return
        timeout = participant.dtls.timeout()
        if timeout is not None and timeout <= 0:
            try:
                self._send_flight(participant, participant.dtls.handle_timeout())
            except DtlsError:
                self._lose(participant, "failed")
                return
        forwarding.control(participant, now)

    def _lose(self, participant: Participant, reason: GoneReason) -> None:
        if self._remove(participant):
            gone = ParticipantGone(participant.meeting, participant.identifier, reason)
            self.report(gone)

    def _remove(self, participant: Participant | None, *, quiet: bool = False) -> bool:
        if participant is None or not self.directory.remove(participant):
            return False
        self._send_flight(participant, participant.dtls.close())
        for publication in participant.streams.published.values():
            if not quiet:
                self.report(StreamRemoved(*_key(participant), publication.stream))
        return True

    def _flush(self, meeting: dict[bytes, Participant]) -> None:
        for participant in meeting.values():
            outbox, address = participant.outbox, participant.address
            if outbox is None or address is None:
                continue
            for sealed in outbox.take():
                self.totals.packets_out += len(sealed.sizes)
                self.totals.bytes_out += sum(sealed.sizes)
                self.totals.dropped += port.send(self.sock, sealed, address, in_runs=self._in_runs)

    def _send_flight(self, participant: Participant, flight: list[bytes]) -> None:
        # DTLS begins before a path is nominated, and a flight not sent is repeated only after 1 s.
        address = participant.address or participant.checked
        if address is not None:
            self._send_plain(flight, address)

    def _send_plain(self, datagrams: list[bytes], address: Address) -> None:
        for datagram in datagrams:
            sealed = Sealed(memoryview(datagram), [len(datagram)])
            self.totals.dropped += port.send(self.sock, sealed, address, in_runs=False)


def _limit(wish: Wish) -> int:
    if not wish.visible:
        return NO_LAYER
    return SMALL_LAYER if wish.small else ALL_LAYERS


def _key(participant: Participant) -> tuple[bytes, bytes]:
    return participant.meeting, participant.identifier
