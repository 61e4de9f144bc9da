"""Offers as Chromium 156 and Firefox 153 make them, our answers, and hostile text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.media import answer, sdp
from segel.core.media.answer import LocalTransport, Publish, Receive
from segel.core.media.errors import OfferRefused, SdpMalformed

FOLDER = Path(__file__).parents[3] / "vectors/media"


def load(name: str) -> str:
    return (FOLDER / f"{name}.sdp").read_bytes().decode()


CHROMIUM, FIREFOX = load("chromium-156"), load("firefox-153")
LOCAL = LocalTransport("ours", "p" * 24, bytes(range(32)), [("192.0.2.1", 7882)])
USES: dict[str, answer.Use] = {
    "0": Publish(),
    "1": Publish(),
    "3": Receive(5, 6, "name", "stream", "track"),
}


def lines(text: str, mid: str) -> list[str]:
    """The lines of one section of a session description."""
    sections = text.split("m=")[1:]
    return next(s for s in sections if f"a=mid:{mid}\r\n" in s).split("\r\n")


@pytest.mark.parametrize("text", [CHROMIUM, FIREFOX], ids=["chromium", "firefox"])
def test_reads_the_sections(text: str) -> None:
    offer = sdp.parse(text)
    assert offer.bundle == ("0", "1", "2", "3", "4")
    assert [section.kind for section in offer.media] == [
        "audio",
        "video",
        "audio",
        "video",
        "application",
    ]
    directions = [section.direction for section in offer.media[:4]]
    assert directions == ["sendonly", "sendonly", "recvonly", "recvonly"]
    assert not any(section.rejected for section in offer.media)
    transport = offer.transport
    assert transport is not None
    assert (transport.setup, transport.ice_options) == ("actpass", ("trickle",))
    assert (transport.fingerprint[0], len(transport.fingerprint[1])) == ("sha-256", 32)


def test_reads_chromium() -> None:
    video = sdp.parse(CHROMIUM).media[1]
    assert video.ssrcs == (2251784751, 447310795)
    assert video.groups == ((2251784751, 447310795),)
    assert video.cname == "hHcED7lqOtrWSw6P"
    assert video.msid == ("-", "300659ac-05c7-42a1-8320-35b00e5df730")
    chosen = answer.select(video)
    assert chosen is not None
    assert chosen.codec.payload_type == 96
    assert chosen.rtx is not None
    assert chosen.rtx.payload_type == 97
    assert chosen.extensions == {
        answer.TRANSPORT_WIDE_CC: 3,
        answer.MID: 4,
        answer.DEPENDENCY_DESCRIPTOR: 12,
    }


def test_reads_firefox() -> None:
    audio, video = sdp.parse(FIREFOX).media[:2]
    assert video.ssrcs == (2629589932, 268847772)
    chosen, opus = answer.select(video), answer.select(audio)
    assert chosen is not None
    assert opus is not None
    assert (chosen.codec.payload_type, opus.codec.payload_type) == (120, 109)
    assert chosen.rtx is not None
    assert chosen.rtx.payload_type == 124
    assert chosen.extensions == {answer.TRANSPORT_WIDE_CC: 7, answer.MID: 3}
    assert opus.extensions[answer.AUDIO_LEVEL] == 1
    assert opus.codec.parameter("stereo") == "1"


@pytest.mark.parametrize("text", [CHROMIUM, FIREFOX], ids=["chromium", "firefox"])
def test_our_answer_reads_as_meant(text: str) -> None:
    offer = sdp.parse(text)
    written = answer.write(offer, LOCAL, USES, 1, 1)
    ours = sdp.parse(written)
    assert ours.bundle == ("0", "1", "2", "3")
    directions = [section.direction for section in ours.media]
    assert directions == ["recvonly", "recvonly", "inactive", "sendonly", "inactive"]
    assert [section.rejected for section in ours.media] == [False] * 4 + [True]
    names = {codec.name for section in ours.media for codec in section.codecs}
    assert names == {"opus", "VP8", "rtx"}
    transport = ours.transport
    assert transport is not None
    assert (transport.ufrag, transport.password) == (LOCAL.ufrag, LOCAL.password)
    assert (transport.setup, transport.fingerprint[1]) == ("passive", LOCAL.fingerprint)
    sending = ours.media[3]
    assert (sending.ssrcs, sending.groups) == ((5, 6), ((5, 6),))
    assert (sending.cname, sending.msid) == ("name", ("stream", "track"))
    assert "a=ice-lite\r\n" in written
    assert written.count("a=candidate:") == 1
    assert "stereo" not in written
    assert "abs-send-time" not in written


def test_answers_each_codec_with_what_was_offered_for_it() -> None:
    written = lines(answer.write(sdp.parse(CHROMIUM), LOCAL, USES, 1, 1), "1")
    assert written[0] == "video 9 UDP/TLS/RTP/SAVPF 96 97"
    feedback = [line for line in written if line.startswith("a=rtcp-fb")]
    assert feedback == [
        "a=rtcp-fb:96 nack",
        "a=rtcp-fb:96 nack pli",
        "a=rtcp-fb:96 ccm fir",
        "a=rtcp-fb:96 transport-cc",
    ]
    assert "a=fmtp:97 apt=96" in written


def test_audio_keeps_forward_error_correction() -> None:
    written = lines(answer.write(sdp.parse(CHROMIUM), LOCAL, USES, 1, 1), "0")
    assert "a=fmtp:111 minptime=10;useinbandfec=1" in written


@pytest.mark.parametrize(
    "uses", [{"3": Publish()}, {"1": Receive(5, None, "name", "stream", "track")}]
)
def test_refuses_a_use_against_the_offered_direction(uses: dict[str, answer.Use]) -> None:
    with pytest.raises(OfferRefused):
        answer.write(sdp.parse(CHROMIUM), LOCAL, uses, 1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a=group:BUNDLE 0 1 2 3 4", "a=group:BUNDLE 0 1 2 3"),
        ("a=group:BUNDLE 0 1 2 3 4", "a=group:LS 0"),
        ("a=fingerprint:sha-256", "a=fingerprint:sha-384"),
        ("a=setup:actpass", "a=setup:passive"),
        ("a=rtcp-mux\r\n", ""),
        ("a=ice-ufrag:UAqc\r\n", ""),
    ],
)
def test_refuses_an_offer_without(old: str, new: str) -> None:
    assert old in CHROMIUM
    offer = sdp.parse(CHROMIUM.replace(old, new))
    with pytest.raises(OfferRefused):
        answer.write(offer, LOCAL, {}, 1, 1)


def test_a_stopped_section_is_rejected_again() -> None:
    text = CHROMIUM.replace("m=audio 9", "m=audio 0", 1).replace("BUNDLE 0 1", "BUNDLE 1")
    ours = sdp.parse(answer.write(sdp.parse(text), LOCAL, {"1": Publish()}, 1, 2))
    assert ours.media[0].rejected
    assert ours.bundle == ("1", "2", "3")
    assert ours.transport is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\r\n",
        "v=0\r\nnonsense",
        "v=0\r\na=" + "x" * sdp.MAX_LINE,
        "v=0\r\n" + "a=x\r\n" * sdp.MAX_LINES,
        "v=0\r\n" + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:%d\r\n" * 2,
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
        "v=0\r\nm=audio 70000 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=rtpmap:0 opus\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=extmap:0 urn:x\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\na=ssrc:5000000000 x\r\n",
        "v=0\r\na=group:BUNDLE 0\r\n",
        CHROMIUM.replace("UAqc", "U c"),
        CHROMIUM.replace("C9:2A", "C9-2A"),
        CHROMIUM.replace("FID 2251784751", "FID 1 2251784751"),
        CHROMIUM.replace("a=mid:1", "a=mid:0"),
        CHROMIUM + "a=x\0\r\n",
        "v=0\r\n" + ("a=" + "x" * 1000 + "\r\n") * (sdp.MAX_SIZE // 1000),
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(SdpMalformed):
        sdp.parse(text)


def test_bounds_the_number_of_sections() -> None:
    sections = "".join(
        f"m=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:{mid}\r\n" for mid in range(sdp.MAX_MEDIA + 1)
    )
    with pytest.raises(SdpMalformed):
        sdp.parse("v=0\r\n" + sections)


@st.composite
def hostile_offers(draw: st.DrawFn) -> str:
    """A browser's offer with lines dropped, doubled, swapped or with changed text."""
    text = draw(st.sampled_from((CHROMIUM, FIREFOX))).split("\r\n")
    for _ in range(draw(st.integers(1, 5))):
        index = draw(st.integers(0, len(text) - 1))
        change = draw(st.sampled_from(("drop", "double", "replace", "cut", "move")))
        line = text[index]
        if change == "drop":
            text[index] = ""
        elif change == "double":
            text.insert(index, line)
        elif change == "replace":
            at = draw(st.integers(0, len(line)))
            text[index] = line[:at] + draw(st.text(max_size=6)) + line[at + 1 :]
        elif change == "cut":
            text[index] = line[: draw(st.integers(0, len(line)))]
        else:
            text.insert(draw(st.integers(0, len(text))), line)
    return "\r\n".join(text)


@given(hostile_offers() | st.text(max_size=200))
def test_fuzz_offer(text: str) -> None:
    """Parses or raises SdpMalformed, never anything else; what parses is answered or refused."""
    try:
        offer = sdp.parse(text)
        written = answer.write(offer, LOCAL, USES, 1, 1)
    except (SdpMalformed, OfferRefused):
        return
    ours = sdp.parse(written)
    assert [section.mid for section in ours.media] == [section.mid for section in offer.media]
