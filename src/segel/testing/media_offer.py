"""The offers of clients that are no browsers: one Opus or VP8 stream a section, nothing else."""

from dataclasses import dataclass

from segel.core.media import answer
from segel.core.media.errors import SdpMalformed
from segel.core.media.stun import Address

OPUS, VP8, RTX = 111, 96, 97
"""Payload types."""

TRANSPORT_SEQUENCE, MID, AUDIO_LEVEL = 3, 4, 5
"""Header extension identifiers."""


@dataclass(frozen=True, slots=True)
class OfferedSection:
    """One section; `direction` is sendonly, recvonly or inactive, SSRCs are for what is sent."""

    mid: str
    kind: str
    direction: str
    ssrc: int | None
    rtx_ssrc: int | None


def write_offer(
    sections: list[OfferedSection], ufrag: str, password: str, fingerprint: bytes
) -> str:
    """The offer; `fingerprint` is the 32 bytes of SHA-256."""
    lines = [
        "v=0",
        "o=- 1 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        f"a=group:BUNDLE {' '.join(section.mid for section in sections)}",
    ]
    for section in sections:
        lines += _media(section)
        lines += [
            f"a=ice-ufrag:{ufrag}",
            f"a=ice-pwd:{password}",
            f"a=fingerprint:sha-256 {fingerprint.hex(':').upper()}",
            "a=setup:actpass",
        ]
        lines += _sources(section)
    return "\r\n".join(lines) + "\r\n"


def _media(section: OfferedSection) -> list[str]:
    video = section.kind == "video"
    types = f"{VP8} {RTX}" if video else f"{OPUS}"
    lines = [
        f"m={section.kind} 9 UDP/TLS/RTP/SAVPF {types}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        f"a={section.direction}",
        "a=rtcp-mux",
        f"a=extmap:{TRANSPORT_SEQUENCE} {answer.TRANSPORT_WIDE_CC}",
        f"a=extmap:{MID} {answer.MID}",
    ]
    if not video:
        return [
            *lines,
            f"a=extmap:{AUDIO_LEVEL} {answer.AUDIO_LEVEL}",
            f"a=rtpmap:{OPUS} opus/48000/2",
            f"a=rtcp-fb:{OPUS} transport-cc",
        ]
    feedback = ("nack", "nack pli", "ccm fir", "transport-cc")
    lines += [f"a=rtpmap:{VP8} VP8/90000", f"a=rtpmap:{RTX} rtx/90000", f"a=fmtp:{RTX} apt={VP8}"]
    return lines + [f"a=rtcp-fb:{VP8} {kind}" for kind in feedback]


def _sources(section: OfferedSection) -> list[str]:
    if section.ssrc is None:
        return []
    lines = [f"a=ssrc:{section.ssrc} cname:client"]
    if section.rtx_ssrc is not None:
        lines.insert(0, f"a=ssrc-group:FID {section.ssrc} {section.rtx_ssrc}")
        lines.append(f"a=ssrc:{section.rtx_ssrc} cname:client")
    return lines


def candidate(text: str) -> Address:
    """The address of the first candidate of an answer. Raises SdpMalformed."""
    for line in text.splitlines():
        if line.startswith("a=candidate:"):
            words = line.split()
            return words[4], int(words[5])
    raise SdpMalformed("no candidate")


def vp8_payload(body: bytes, *, key: bool) -> bytes:
    """A packet that begins a VP8 frame: RFC 7741's shortest descriptor, then the frame's tag."""
    return b"\x10" + (b"\x00" if key else b"\x01") + body
