"""A participant who seals any bytes with its own keys: the media process goes on, and so does what
the others send.
"""

from random import Random

from segel.core.crypto.srtp_profile import SrtpError
from segel.core.media import answer, rtcp, rtp, transport_feedback
from segel.core.media.transport_feedback import Feedback
from segel.server.sfu.engine import EngineRestarted, ParticipantGone, Publish, Receive
from segel.testing.media_client import MediaClient
from segel.testing.media_offer import RTX, TRANSPORT_SEQUENCE, VP8, vp8_payload

from .conftest import MEETING, Meeting

DESCRIPTOR = 7
"""The identifier under which the hostile participant offers dependency descriptors."""
DESCRIPTORS = [
    bytes.fromhex(each) for each in ("fc0064878214eaaa44104d1410201084e04fe02ce0", "fe0065")
]
ROUNDS = 1_500


def changed(chance: Random, valid: bytes) -> bytes:
    """The bytes as they are, or with some replaced, cut off or added; or noise."""
    data = bytearray(valid)
    for _ in range(chance.choice((0, 0, 1, 3))):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    kind = chance.randrange(10)
    if kind == 0:
        return bytes(data[: chance.randrange(len(data) + 1)])
    if kind == 1:
        return bytes(data) + chance.randbytes(chance.randrange(9))
    return chance.randbytes(chance.randrange(80)) if kind == 2 else bytes(data)


def media(chance: Random, ssrcs: list[int], index: int) -> bytes:
    """An RTP packet whose number is the index's."""
    extensions = [
        (TRANSPORT_SEQUENCE, changed(chance, index.to_bytes(8)[-2:])),
        (DESCRIPTOR, changed(chance, chance.choice(DESCRIPTORS))),
        (chance.randrange(1, 256), chance.randbytes(chance.randrange(4))),
    ]
    payload = vp8_payload(b"frame", key=chance.random() < 0.5)
    if chance.random() < 0.4:
        payload = chance.randrange(1 << 16).to_bytes(2) + payload
    header = rtp.pack_header(
        chance.choice((VP8, VP8, RTX, chance.randrange(128))),
        index & 0xFFFF,
        chance.randrange(1 << 32),
        chance.choice(ssrcs),
        marker=chance.random() < 0.5,
        extensions=chance.sample(extensions, chance.randrange(4)),
    )
    packet = bytearray(header + changed(chance, payload))
    if chance.random() < 0.2:
        packet[0] = 0x80 | chance.randrange(64)
    return bytes(packet)


def control(chance: Random, ssrcs: list[int]) -> bytes:
    """A compound of RTCP packets about these streams and others."""
    ssrc, other = chance.choice(ssrcs), chance.choice(ssrcs)
    numbers = tuple(chance.randrange(1 << 16) for _ in range(chance.randrange(40)))
    arrivals = tuple(chance.choice((None, 0, 250, -30_000, 32_767)) for _ in range(30))
    feedback = transport_feedback.encode(
        Feedback(
            chance.randrange(1 << 16), chance.randrange(1 << 24), chance.randrange(256), arrivals
        )
    )
    spoiled = changed(chance, feedback)
    packets: list[rtcp.RtcpPacket] = [
        rtcp.SenderReport(ssrc, chance.randrange(1 << 64), chance.randrange(1 << 32), 1, 1, ()),
        rtcp.Nack(ssrc, other, numbers),
        rtcp.PictureLoss(ssrc, other),
        rtcp.FullIntra(ssrc, ((other, chance.randrange(256)),)),
        rtcp.TransportFeedback(ssrc, other, spoiled + bytes(-len(spoiled) % 4)),
        rtcp.Goodbye((ssrc,)),
    ]
    compound = rtcp.encode(chance.sample(packets, chance.randrange(1, 6)))
    return changed(chance, compound).ljust(8, b"\0")


async def hostile_publisher(
    meeting: Meeting, stream: bytes
) -> tuple[MediaClient, list[int], bytes]:
    """One who publishes with every extension, and receives the stream."""
    client = meeting.client()
    sent, received = client.publish("video"), client.receive("video")
    meeting.tracks[client] = {sent: Publish("camera"), received: Receive(stream)}
    known = f"a=extmap:{TRANSPORT_SEQUENCE} "
    added = f"a=extmap:{DESCRIPTOR} {answer.DEPENDENCY_DESCRIPTOR}\r\n"
    answered = await meeting.engine.attach(
        MEETING, meeting.name(client), client.offer().replace(known, added + known),
        meeting.tracks[client],
    )  # fmt: skip
    await client.connect(answered.answer)
    section = client.sections[0]
    return client, [section.ssrc or 0, section.rtx_ssrc or 0, 1], answered.streams[sent]


async def test_any_sealed_bytes(meeting: Meeting) -> None:
    """What an honest one sends meanwhile arrives whole, and the process is the same at the end."""
    chance = Random(11)
    honest, sent, stream = await meeting.publisher()
    hostile, ssrcs, hostile_stream = await hostile_publisher(meeting, stream)
    watcher, mid = await meeting.watcher(stream)
    await meeting.watcher(hostile_stream)
    honest.send(sent, vp8_payload(b"first", key=True), 0)
    index = 1
    for number in range(1, ROUNDS):
        index += chance.choice((1, 1, 1, 2, 40, 3_000))
        try:
            hostile.send_sealed(media(chance, ssrcs, index), index)
        except SrtpError:
            pass  # not even its own keys seal what has no end of its header
        hostile.send_sealed_control(control(chance, ssrcs))
        if number % 50 == 0:
            count = number // 50
            honest.send(sent, vp8_payload(b"%d" % count, key=False), 3_000 * count)
            await watcher.until_received(mid, count + 1)
    assert len(watcher.received[mid]) == 1 + (ROUNDS - 1) // 50
    assert not any(isinstance(each, EngineRestarted | ParticipantGone) for each in meeting.events)
