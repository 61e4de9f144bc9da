"""What leaves for one receiver opens there, whatever its extensions and however much it is."""

from hypothesis import given
from hypothesis import strategies as st

from segel.core.crypto.srtp_gcm import GcmReceiver, GcmSender
from segel.core.media import rtcp, rtp
from segel.core.media.outbox import CAPACITY, Outbox
from segel.core.media.packet import HeaderProfile, make_form

KEY, SALT = bytes(16), bytes(12)


def datagrams(outbox: Outbox) -> list[bytes]:
    found = []
    for sealed in outbox.take():
        start = 0
        for size in sealed.sizes:
            found.append(bytes(sealed.buffer[start : start + size]))
            start += size
    return found


@given(
    payload_type=st.integers(0, 127),
    transport=st.sampled_from([0, 1, 14, 16, 200]),
    elements=st.lists(
        st.tuples(st.integers(17, 30) | st.integers(2, 13), st.binary(max_size=60)),
        max_size=3,
        unique_by=lambda element: element[0],
    ),
    payload=st.binary(max_size=1200),
    marker=st.booleans(),
)
def test_headers_read_back_as_they_were_meant(
    payload_type: int,
    transport: int,
    elements: list[tuple[int, bytes]],
    payload: bytes,
    marker: bool,
) -> None:
    outbox = Outbox(GcmSender(KEY, SALT))
    outbox.transport_sequence = 0x1FFFF
    form = make_form(HeaderProfile(payload_type, transport), marker, elements)
    outbox.append(form, 5, 77, 99, payload)
    (datagram,) = datagrams(outbox)
    packet = GcmReceiver(KEY, SALT).unprotect_rtp(datagram)
    header = rtp.parse(packet)
    assert (header.payload_type, header.marker) == (payload_type, marker)
    assert (header.sequence, header.timestamp, header.ssrc) == (5, 77, 99)
    assert packet[header.header_size :] == payload
    expected = dict(elements) | ({transport: b"\xff\xff"} if transport else {})
    assert {
        identifier: packet[start : start + size]
        for identifier, (start, size) in header.extensions.items()
    } == expected


def test_a_full_buffer_is_put_aside() -> None:
    outbox = Outbox(GcmSender(KEY, SALT))
    form = make_form(HeaderProfile(96, 1), False, [])
    count = 3 * CAPACITY // 1_000
    for index in range(count):
        outbox.append(form, index, 0, 1, index.to_bytes(2) + bytes(998))
    receiver = GcmReceiver(KEY, SALT)
    opened = [receiver.unprotect_rtp(datagram) for datagram in datagrams(outbox)]
    assert [int.from_bytes(packet[20:22]) for packet in opened] == list(range(count))
    assert outbox.packets == count
    assert outbox.take() == []


def test_sent_times_are_kept_by_transport_number() -> None:
    outbox = Outbox(GcmSender(KEY, SALT))
    form = make_form(HeaderProfile(96, 1), False, [])
    for number in range(3):
        outbox.now = float(number)
        outbox.append(form, number, 0, 1, bytes(100 * number))
    assert outbox.sent_times[:3] == [0.0, 1.0, 2.0]
    assert outbox.sent_bytes[:3] == [20, 120, 220]
    assert outbox.transport_sequence == 3


def test_control_and_plain_datagrams_keep_their_place() -> None:
    outbox = Outbox(GcmSender(KEY, SALT))
    form = make_form(HeaderProfile(96), False, [])
    outbox.append(form, 1, 0, 1, b"media")
    outbox.append_control(rtcp.encode([rtcp.PictureLoss(1, 2)]))
    outbox.append_sealed(b"plain")
    media, control, plain = datagrams(outbox)
    receiver = GcmReceiver(KEY, SALT)
    assert receiver.unprotect_rtp(media)[12:] == b"media"
    assert rtcp.parse(receiver.unprotect_rtcp(control)) == [rtcp.PictureLoss(1, 2)]
    assert plain == b"plain"
