"""A media client without a browser: real ICE, DTLS and SRTP, made-up media.

It is for tests and load: it sends and receives RTP through a real relay, repairs loss as a browser
does, and can lose packets itself, the same ones for the same seed.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import cast

from segel.core.crypto.srtp import SrtpReceiver, SrtpSender, new_receiver, new_sender
from segel.core.crypto.srtp_profile import SrtpError
from segel.core.media import ice, rtcp, rtp, rtx, sdp, stun, transport_feedback
from segel.core.media.reception import Reception
from segel.core.media.stun import Address
from segel.core.media.twcc import ArrivalRecorder
from segel.server.sfu.dtls import Certificate, DtlsAssociation
from segel.testing.media_offer import (
    OPUS,
    RTX,
    TRANSPORT_SEQUENCE,
    VP8,
    OfferedSection,
    candidate,
    write_offer,
)

CONTROL_INTERVAL = 0.02
"""Seconds between two looks at what to ask for and to report."""

CHECK_INTERVAL = 0.05
"""Seconds between two checks of the path until one is answered, and then 50 times as much."""

RING = 4096
"""Sent packets that can be sent again."""


@dataclass(frozen=True, slots=True)
class Received:
    """One packet that arrived, in order of arrival; `repaired` if by retransmission."""

    sequence: int
    timestamp: int
    payload: bytes
    repaired: bool


@dataclass(slots=True)
class _Outgoing:
    """One published stream's books."""

    section: OfferedSection
    index: int = 1
    rtx_index: int = 1
    sent: dict[int, bytes] = field(default_factory=dict)


class MediaClient(asyncio.DatagramProtocol):
    """One participant. `publish` and `receive` name sections; then `offer`, then `connect`."""

    def __init__(self, certificate: Certificate, seed: int = 1) -> None:
        self._certificate = certificate
        self._random = Random(seed)
        self.loss_up = self.loss_down = 0.0
        """Shares of media packets that this client loses when it sends and receives."""
        self.nominates = True
        """Whether its checks nominate the path; browsers begin DTLS on one that is not yet."""
        self.sections: list[OfferedSection] = []
        self.received: dict[str, list[Received]] = defaultdict(list)
        """By mid."""
        self.key_frame_requests: list[float] = []
        """When the relay asked for one."""
        self.retransmitted = 0
        self.last_sealed = b""
        """The last media packet as it was, or would have been, on the network."""
        self.gone = False
        """The relay has ended the DTLS association."""
        self._restart()
        self._outgoing: dict[str, _Outgoing] = {}
        self._receptions: dict[int, tuple[str, Reception]] = {}
        self._rtx: dict[int, int] = {}
        self._arrivals = ArrivalRecorder()
        self._transport_sequence = 0
        self._dtls: DtlsAssociation | None = None
        self._sender: SrtpSender | None = None
        self._receiver: SrtpReceiver | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._changed = asyncio.Event()

    def _restart(self) -> None:
        self._ufrag, self._password = secrets.token_hex(4), secrets.token_hex(16)
        self._remote: sdp.Transport | None = None
        self._address: Address | None = None
        self.checked = False
        """The relay has answered a check with the current credentials."""

    def publish(self, kind: str) -> str:
        """Add a section that sends; its mid."""
        section = OfferedSection(
            str(len(self.sections)), kind, "sendonly", _ssrc(), _ssrc() if kind == "video" else None
        )
        self.sections.append(section)
        self._outgoing[section.mid] = _Outgoing(section)
        return section.mid

    def receive(self, kind: str) -> str:
        """Add a section that receives; its mid."""
        section = OfferedSection(str(len(self.sections)), kind, "recvonly", None, None)
        self.sections.append(section)
        return section.mid

    def offer(self, *, restart_ice: bool = False) -> str:
        """The offer of all sections."""
        if restart_ice:
            self._restart()
        return write_offer(
            self.sections, self._ufrag, self._password, self._certificate.fingerprint
        )

    async def connect(self, answer: str, patience: float = 5.0) -> None:
        """Take the first answer and connect: returns once media can flow; TimeoutError."""
        self.accept(answer)
        await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", 0)
        )
        self._tasks = [
            asyncio.create_task(self._check()),
            asyncio.create_task(self._control()),
        ]
        await self.until(lambda: self._sender is not None, patience)

    def accept(self, answer: str) -> None:
        """Take an answer: where the relay is, and under which SSRCs it sends."""
        described = sdp.parse(answer)
        self._remote = described.transport
        self._address = candidate(answer)
        if self._dtls is None and self._remote is not None:
            self._dtls = DtlsAssociation(
                self._certificate.context(), "client", self._remote.fingerprint[1]
            )
        for section in described.media:
            if section.direction != "sendonly":
                continue
            for ssrc, rtx_ssrc in section.groups:
                self._rtx[rtx_ssrc] = ssrc
            for ssrc in section.ssrcs:
                if ssrc not in self._receptions and ssrc not in self._rtx:
                    rate = 90_000 if section.kind == "video" else 48_000
                    self._receptions[ssrc] = section.mid, Reception(rate)

    def send(self, mid: str, payload: bytes, timestamp: int, *, marker: bool = True) -> None:
        """Send one packet of a published stream."""
        outgoing = self._outgoing[mid]
        index = outgoing.index
        outgoing.index += 1
        packet = self._packet(outgoing, index, payload, timestamp, marker=marker)
        outgoing.sent[index & 0xFFFF] = packet
        outgoing.sent.pop((index - RING) & 0xFFFF, None)
        self._send_rtp(packet, index)

    def ask_for_key_frame(self, mid: str) -> None:
        """Send a picture loss indication on a received stream."""
        ssrc = next(s for s, (section, _) in self._receptions.items() if section == mid)
        self._send_rtcp([rtcp.PictureLoss(1, ssrc)])

    async def until(self, predicate: Callable[[], bool], patience: float = 5.0) -> None:
        """Wait until something is so; TimeoutError."""
        async with asyncio.timeout(patience):
            while not predicate():
                self._changed.clear()
                await self._changed.wait()

    async def until_received(self, mid: str, count: int, patience: float = 5.0) -> None:
        """Wait until this many packets of a section arrived; TimeoutError."""
        await self.until(lambda: len(self.received[mid]) >= count, patience)

    def send_raw(self, datagram: bytes) -> None:
        """Send any bytes from this client's address."""
        if self._transport is not None and self._address is not None:
            self._transport.sendto(datagram, self._address)

    def send_sealed(self, packet: bytes, index: int) -> None:
        """Seal any RTP packet with this client's keys, and send it; SrtpError."""
        self._send_rtp(packet, index)

    def send_sealed_control(self, compound: bytes) -> None:
        """Seal any bytes as RTCP with this client's keys, and send them."""
        if self._sender is not None:
            self.send_raw(self._sender.protect_rtcp(compound))

    def silence(self) -> None:
        """Stop checking the path, as if the client had vanished."""
        for task in self._tasks:
            task.cancel()

    async def close(self, *, quiet: bool = False) -> None:
        """Say goodbye (unless `quiet`) and close the socket."""
        self.silence()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._dtls is not None and not quiet:
            for datagram in self._dtls.close():
                self.send_raw(datagram)
        if self._transport is not None:
            self._transport.close()
            await asyncio.sleep(0)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the socket is open."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """asyncio: the relay sent something."""
        match ice.classify(data):
            case ice.STUN:
                self._take_stun(data)
            case ice.DTLS:
                self._take_dtls(data)
            case ice.RTP:
                self._take_rtp(data)
            case ice.RTCP:
                self._take_rtcp(data)
        self._changed.set()

    async def _check(self) -> None:
        """Check the path and give consent, for ever (RFC 8445, RFC 7675)."""
        while True:
            if self._remote is not None:
                self.send_raw(
                    stun.binding_request(
                        secrets.token_bytes(12),
                        f"{self._remote.ufrag}:{self._ufrag}",
                        self._remote.password.encode(),
                        priority=1,
                        tie_breaker=1,
                        nominate=self.nominates,
                    )
                )
            await asyncio.sleep(CHECK_INTERVAL * (50 if self.checked else 1))

    def _take_stun(self, data: bytes) -> None:
        message = stun.parse(data)
        if message.message_type != stun.BINDING_SUCCESS or self._remote is None:
            return
        stun.authenticate(message, self._remote.password.encode())
        first = not self.checked
        self.checked = True
        if first and self._dtls is not None and self._sender is None:
            for datagram in self._dtls.start():
                self.send_raw(datagram)

    def _take_dtls(self, data: bytes) -> None:
        if self._dtls is None:
            return
        for datagram in self._dtls.receive(data):
            self.send_raw(datagram)
        self.gone = self._dtls.closed
        keys = self._dtls.keys
        if keys is not None and self._sender is None:
            self._receiver = new_receiver(keys.profile, keys.remote_key, keys.remote_salt)
            self._sender = new_sender(keys.profile, keys.local_key, keys.local_salt)

    def _take_rtp(self, data: bytes) -> None:
        if self._receiver is None or self._random.random() < self.loss_down:
            return
        try:
            packet = self._receiver.unprotect_rtp(data)
        except SrtpError:
            return
        header = rtp.parse(packet)
        self._note(header, packet)
        original = self._rtx.get(header.ssrc)
        if original is not None:
            unwrapped = rtx.unwrap(packet, header, VP8, original)
            if unwrapped is None:
                return
            packet, header = bytes(unwrapped), rtp.parse(unwrapped)
        if header.ssrc in self._receptions:
            self._keep(packet, header, repaired=original is not None)

    def _note(self, header: rtp.RtpHeader, packet: bytes) -> None:
        found = header.extensions.get(TRANSPORT_SEQUENCE)
        if found is not None:
            now = asyncio.get_running_loop().time()
            self._arrivals.record(packet[found[0]] << 8 | packet[found[0] + 1], int(now * 1e6))

    def _keep(self, packet: bytes, header: rtp.RtpHeader, *, repaired: bool) -> None:
        mid, reception = self._receptions[header.ssrc]
        index = reception.extend(header.sequence)
        now = asyncio.get_running_loop().time()
        new = reception.recover(index) if repaired else reception.take(index, header.timestamp, now)
        if new:
            payload = packet[header.header_size :]
            self.received[mid].append(
                Received(header.sequence, header.timestamp, payload, repaired)
            )

    def _take_rtcp(self, data: bytes) -> None:
        if self._receiver is None:
            return
        now = asyncio.get_running_loop().time()
        for packet in rtcp.parse(self._receiver.unprotect_rtcp(data)):
            if isinstance(packet, rtcp.PictureLoss):
                self.key_frame_requests.append(now)
            elif isinstance(packet, rtcp.Nack):
                self._send_again(packet)

    def _send_again(self, nack: rtcp.Nack) -> None:
        for outgoing in self._outgoing.values():
            if outgoing.section.ssrc != nack.media or outgoing.section.rtx_ssrc is None:
                continue
            for sequence in nack.lost:
                packet = outgoing.sent.get(sequence)
                if packet is None:
                    continue
                index = outgoing.rtx_index
                outgoing.rtx_index += 1
                wrapped = rtx.wrap(
                    packet, rtp.parse(packet), RTX, outgoing.section.rtx_ssrc, index & 0xFFFF
                )
                self.retransmitted += 1
                self._send_rtp(bytes(wrapped), index)

    def _packet(
        self, outgoing: _Outgoing, index: int, payload: bytes, timestamp: int, *, marker: bool
    ) -> bytes:
        section = outgoing.section
        self._transport_sequence = (self._transport_sequence + 1) & 0xFFFF
        header = rtp.pack_header(
            VP8 if section.kind == "video" else OPUS,
            index & 0xFFFF,
            timestamp,
            section.ssrc or 0,
            marker=marker,
            extensions=[(TRANSPORT_SEQUENCE, self._transport_sequence.to_bytes(2))],
        )
        return bytes(header) + payload

    def _send_rtp(self, packet: bytes, index: int) -> None:
        if self._sender is None:
            return
        self.last_sealed = self._sender.protect_rtp(packet, index)
        if self._random.random() >= self.loss_up:
            self.send_raw(self.last_sealed)

    def _send_rtcp(self, packets: list[rtcp.RtcpPacket]) -> None:
        if self._sender is not None:
            self.send_raw(self._sender.protect_rtcp(rtcp.encode(packets)))

    async def _control(self) -> None:
        """Ask for what is missing, report arrivals, run the timer of DTLS."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(CONTROL_INTERVAL)
            now = loop.time()
            timeout = self._dtls.timeout() if self._dtls else None
            if self._dtls is not None and timeout is not None and timeout <= 0:
                for datagram in self._dtls.handle_timeout():
                    self.send_raw(datagram)
            packets: list[rtcp.RtcpPacket] = []
            for ssrc, (_, reception) in self._receptions.items():
                lost = reception.wanted(now, 0.02)
                if lost:
                    packets.append(rtcp.Nack(1, ssrc, tuple(lost)))
            if self._arrivals.due(int(now * 1e6)):
                for feedback in self._arrivals.take(int(now * 1e6)):
                    packets.append(
                        rtcp.TransportFeedback(1, 0, transport_feedback.encode(feedback))
                    )
            if packets:
                self._send_rtcp(packets)


def _ssrc() -> int:
    return secrets.randbelow(0xFFFFFFFE) + 1
