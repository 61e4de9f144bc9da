"""What one receiver gets of one stream: numbers without holes, layers, pauses, repair."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from segel.core.crypto.srtp_gcm import GcmReceiver, GcmSender
from segel.core.media import rtp
from segel.core.media.outbox import Outbox
from segel.core.media.packet import HeaderProfile, MediaPacket
from segel.core.media.publication import Format, Publication
from segel.core.media.subscription import NO_LAYER, REPAIR_BURST, Subscription

KEY, SALT = bytes(16), bytes(12)
SSRC, RTX_SSRC = 11, 12
BASE = 0x10000 + 65_500
"""The first index in: its numbers wrap soon."""


@dataclass(frozen=True)
class Out:
    """One packet as a receiver reads it."""

    ssrc: int
    sequence: int
    timestamp: int
    payload: bytes
    marker: bool


class Bench:
    """A subscription with its outbox, and a receiver that opens what comes out."""

    def __init__(self, kind: str = "video") -> None:
        form = Format(kind, 96, 97, 90_000, 3, 0, 0)
        self.publication = Publication(bytes(16), form, 1, 2, 0.0)
        self.subscription = Subscription(
            self.publication, SSRC, RTX_SSRC, HeaderProfile(100, 3), HeaderProfile(101, 3)
        )
        self.outbox = Outbox(GcmSender(KEY, SALT))
        self.receiver = GcmReceiver(KEY, SALT)

    def forward(
        self, index: int, *, temporal: int = 0, key: bool = False, switch: bool = False
    ) -> None:
        """Bring one packet in; its payload is its index."""
        packet = MediaPacket(BASE + index, index * 3000, True, index.to_bytes(4))
        packet.temporal, packet.begins_key_frame, packet.switch_up = temporal, key, switch
        self.subscription.forward(packet, self.outbox)

    def take(self) -> list[Out]:
        """What came out since the last call."""
        out = []
        for sealed in self.outbox.take():
            start = 0
            for size in sealed.sizes:
                packet = self.receiver.unprotect_rtp(bytes(sealed.buffer[start : start + size]))
                start += size
                header = rtp.parse(packet)
                payload = packet[header.header_size :]
                out.append(
                    Out(header.ssrc, header.sequence, header.timestamp, payload, header.marker)
                )
        return out


def indexes(out: list[Out]) -> list[int]:
    """The indexes of packets, from their payloads."""
    return [int.from_bytes(packet.payload) for packet in out]


def test_begins_with_a_key_frame_and_a_small_number() -> None:
    bench = Bench()
    bench.forward(0)
    bench.forward(1, key=True)
    bench.forward(2)
    out = bench.take()
    assert indexes(out) == [1, 2]
    assert [packet.sequence for packet in out] == [1, 2]
    assert out[0].timestamp == 3000
    assert out[0].ssrc == SSRC


def test_sound_begins_at_once() -> None:
    bench = Bench("audio")
    bench.forward(0)
    assert indexes(bench.take()) == [0]


def test_a_packet_lost_on_its_way_in_leaves_a_gap_that_it_fills_later() -> None:
    bench = Bench()
    for index in (0, 1, 3):
        bench.forward(index, key=index == 0)
    assert [packet.sequence for packet in bench.take()] == [1, 2, 4]
    bench.forward(2)
    assert [(packet.sequence, *indexes([packet])) for packet in bench.take()] == [(3, 2)]


def test_dropped_layers_leave_no_gap() -> None:
    bench = Bench()
    bench.forward(0, key=True)
    bench.subscription.target_layer = 0
    for index in range(1, 9):
        bench.forward(index, temporal=index % 2)
    out = bench.take()
    assert indexes(out) == [0, 2, 4, 6, 8]
    assert [packet.sequence for packet in out] == [1, 2, 3, 4, 5]


def test_a_late_packet_between_dropped_ones_gets_its_own_number() -> None:
    bench = Bench()
    bench.forward(0, key=True)
    bench.subscription.target_layer = 0
    for index, temporal in ((1, 1), (3, 1), (4, 0)):
        bench.forward(index, temporal=temporal)
    bench.forward(2)
    out = bench.take()
    assert [(packet.sequence, *indexes([packet])) for packet in out] == [(1, 0), (3, 4), (2, 2)]


def test_a_higher_layer_returns_only_where_it_can_be_decoded() -> None:
    bench = Bench()
    bench.forward(0, key=True)
    bench.subscription.target_layer = 0
    bench.forward(1, temporal=1)
    bench.subscription.target_layer = 1
    bench.forward(2, temporal=1)
    bench.forward(3, temporal=1, switch=True)
    bench.forward(4, temporal=1)
    assert indexes(bench.take()) == [0, 3, 4]


def test_a_pause_ends_with_a_key_frame() -> None:
    bench = Bench()
    bench.forward(0, key=True)
    bench.subscription.target_layer = NO_LAYER
    for index in range(1, 2000):
        bench.forward(index)
    bench.subscription.target_layer = 9
    bench.subscription.resume()
    bench.subscription.ask()
    assert bench.publication.wants_key_frame
    bench.forward(2000)
    bench.forward(2001, key=True)
    out = bench.take()
    assert indexes(out) == [0, 2001]
    assert [packet.sequence for packet in out] == [1, 2]


def test_sends_again_what_was_sent() -> None:
    bench = Bench()
    for index in range(5):
        bench.forward(index, key=index == 0)
    bench.take()
    bench.subscription.resend((2, 4, 900), bench.outbox)
    again = bench.take()
    assert [packet.ssrc for packet in again] == [RTX_SSRC, RTX_SSRC]
    assert [packet.sequence for packet in again] == [1, 2]
    assert [packet.payload for packet in again] == [
        (2).to_bytes(2) + (1).to_bytes(4),
        (4).to_bytes(2) + (3).to_bytes(4),
    ]


def test_repair_is_bounded() -> None:
    bench = Bench()
    for index in range(10):
        bench.forward(index, key=index == 0)
    bench.take()
    for _ in range(100):
        bench.subscription.resend(tuple(range(1, 11)), bench.outbox)
    assert len(bench.take()) == REPAIR_BURST
    bench.forward(10)
    bench.forward(11)
    bench.subscription.resend((1, 2), bench.outbox)
    assert [packet.ssrc for packet in bench.take()] == [SSRC, SSRC, RTX_SSRC]


EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["next", "next", "next", "lost", "late", "narrow", "wide"]),
        st.integers(0, 2),
    ),
    max_size=200,
)


@given(EVENTS)
def test_only_loss_leaves_gaps(events: list[tuple[str, int]]) -> None:
    """Whatever is dropped, the numbers that never come out are those of packets never brought in,
    and no number comes out twice."""
    bench = Bench()
    bench.forward(0, key=True)
    missing: list[int] = []
    index = 0
    for event, layer in events:
        if event == "late" and missing:
            bench.forward(missing.pop(0), temporal=0)
        elif event == "narrow":
            bench.subscription.target_layer = layer
        elif event == "wide":
            bench.subscription.target_layer = 9
        else:
            index += 1
            if event == "lost":
                missing.append(index)
            else:
                bench.forward(index, temporal=layer, switch=layer == 0)
    out = bench.take()
    sequences = [packet.sequence for packet in out]
    assert len(set(sequences)) == len(sequences)
    gaps = max(sequences) - len(sequences)
    assert gaps <= len(missing)
    assert sorted(sequences) == [
        packet.sequence for packet in sorted(out, key=lambda packet: indexes([packet]))
    ]
