"""What the relay does with media: open a packet once, put it into each receiver's outbox."""

from collections.abc import Iterable

from segel.core.crypto.srtp_profile import SrtpError
from segel.core.media import rtcp, rtp, rtx, transport_feedback
from segel.core.media.allocation import allocate
from segel.core.media.errors import Malformed
from segel.core.media.packet import MediaPacket
from segel.core.media.publication import Publication
from segel.core.media.subscription import Subscription
from segel.core.media.transport_feedback import Feedback
from segel.server.sfu.participant import Participant

REPORT_INTERVAL = 1.0
"""Seconds between two receiver reports."""

ROUND_TRIP = 0.1
"""Seconds after which a retransmission that was asked for is taken for lost as well."""


MAX_MEDIA = 1_280
"""Bytes of a datagram of media. Browsers stay below 1 250; what a receiver's extensions add must
still fit a path's MTU, and libsrtp's buffer."""

MAX_CONTROL = 1_200
"""Bytes of one compound of RTCP."""


class Refused(Exception):
    """A datagram that is not from the participant whose path it came on."""


def take_rtp(
    sender: Participant, datagram: bytes, now: float, others: Iterable[Participant]
) -> None:
    """Forward one SRTP packet. Raises Refused."""
    if sender.receiver is None or len(datagram) > MAX_MEDIA:
        raise Refused
    try:
        packet = sender.receiver.unprotect_rtp(datagram)
        header = rtp.parse(packet)
    except (SrtpError, Malformed):
        raise Refused from None
    publication = sender.find(header.ssrc, header.payload_type)
    if publication is None:
        return
    _note_arrival(sender, header, packet, publication.format.transport_sequence, now)
    if header.ssrc == publication.rtx_ssrc:
        media = _recover(publication, packet, header, now)
    else:
        media = publication.receive(header, packet, now)
    if media is None:
        return
    for other in others:
        outbox = other.outbox
        if outbox is None or other.address is None:
            continue
        subscription = other.watching.get(publication.stream)
        if subscription is not None:
            outbox.now = now
            subscription.forward(media, outbox)


def _note_arrival(
    sender: Participant, header: rtp.RtpHeader, packet: bytes, identifier: int, now: float
) -> None:
    found = header.extensions.get(identifier)
    if found is not None and found[1] == 2:
        sender.arrivals.record(packet[found[0]] << 8 | packet[found[0] + 1], int(now * 1e6))


def _recover(
    publication: Publication, packet: bytes, header: rtp.RtpHeader, now: float
) -> MediaPacket | None:
    if publication.ssrc is None:
        return None
    try:
        original = rtx.unwrap(packet, header, publication.format.payload_type, publication.ssrc)
        if original is None:
            return None
        plain = bytes(original)
        return publication.recover(rtp.parse(plain), plain, now)
    except Malformed:
        return None


def take_rtcp(sender: Participant, datagram: bytes, now: float) -> list[tuple[int, int, int]]:
    """Act on one SRTCP packet. Raises Refused.

    Returns what its sender reports say: (SSRC, NTP time, RTP time).
    """
    if sender.receiver is None or sender.outbox is None:
        raise Refused
    try:
        packets = rtcp.parse(sender.receiver.unprotect_rtcp(datagram))
    except (SrtpError, Malformed):
        raise Refused from None
    reports: list[tuple[int, int, int]] = []
    sender.outbox.now = now
    for packet in packets:
        match packet:
            case rtcp.SenderReport():
                _take_report(sender, packet, now)
                reports.append((packet.ssrc, packet.ntp, packet.timestamp))
            case rtcp.Nack():
                subscription = sender.subscriptions.get(packet.media)
                if subscription is not None:
                    subscription.resend(packet.lost, sender.outbox)
            case rtcp.PictureLoss():
                _want_key_frame(sender.subscriptions.get(packet.media))
            case rtcp.FullIntra():
                for ssrc, _ in packet.requests:
                    _want_key_frame(sender.subscriptions.get(ssrc))
            case rtcp.TransportFeedback():
                _take_feedback(sender, packet.body, now)
            case _:
                pass
    return reports


def _take_report(sender: Participant, report: rtcp.SenderReport, now: float) -> None:
    publication = sender.publications.get(report.ssrc)
    if publication is not None:
        publication.last_report = (report.ntp >> 16) & 0xFFFFFFFF, now


def _want_key_frame(subscription: Subscription | None) -> None:
    if subscription is not None:
        subscription.publication.wants_key_frame = True


def _take_feedback(sender: Participant, body: bytes, now: float) -> None:
    try:
        feedback: Feedback = transport_feedback.parse(body)
    except Malformed:
        return
    if sender.link is None:
        return
    sender.link.take(feedback, now)
    allocate(sender.streams.received.values(), sender.limits, sender.link.bitrate)


def control(participant: Participant, now: float) -> None:
    """Put what the participant must hear as a sender into its outbox, and ask for what it lacks.

    Called every 20 ms or so.
    """
    outbox = participant.outbox
    if outbox is None:
        return
    if participant.address is not None:
        for subscription in participant.subscriptions.values():
            subscription.ask()
    packets: list[rtcp.RtcpPacket] = []
    published = participant.streams.published.values()
    for publication in published:
        packets += publication.feedback(now, ROUND_TRIP)
    micros = int(now * 1e6)
    if participant.arrivals.due(micros):
        ssrc = next((p.ssrc for p in published if p.ssrc is not None), 1)
        for feedback in participant.arrivals.take(micros):
            packets.append(rtcp.TransportFeedback(1, ssrc, transport_feedback.encode(feedback)))
    if now >= participant.next_report:
        participant.next_report = now + REPORT_INTERVAL
        blocks = [block for p in published if (block := p.report(now)) is not None]
        packets.insert(0, rtcp.ReceiverReport(1, tuple(blocks)))
    outbox.now = now
    for compound in _compounds(packets):
        outbox.append_control(compound)


def _compounds(packets: list[rtcp.RtcpPacket]) -> list[bytes]:
    """The packets in as few compounds as their size allows (RFC 5506 lets each stand alone)."""
    compounds: list[bytes] = []
    for packet in packets:
        encoded = rtcp.encode([packet])
        if compounds and len(compounds[-1]) + len(encoded) <= MAX_CONTROL:
            compounds[-1] += encoded
        else:
            compounds.append(encoded)
    return compounds


def forward_report(
    receiver: Participant, stream: bytes, ntp: int, timestamp: int, now: float
) -> None:
    """Tell a receiver how the stream's media clock stands to its publisher's wall clock."""
    subscription = receiver.watching.get(stream)
    if subscription is None or receiver.outbox is None or receiver.address is None:
        return
    report = subscription.report(ntp, timestamp)
    if report is not None:
        receiver.outbox.now = now
        name = rtcp.SourceDescription(subscription.ssrc, f"segel-{stream.hex()[:8]}")
        receiver.outbox.append_control(rtcp.encode([report, name]))
