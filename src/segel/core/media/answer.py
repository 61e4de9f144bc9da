"""Our answer to a browser's offer (RFC 9429 section 5.3): ICE-lite, one port, Opus and VP8 only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from segel.core.media.errors import OfferRefused
from segel.core.media.sdp import Codec, MediaSection, Offer
from segel.core.media.stun import Address

TRANSPORT_WIDE_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
DEPENDENCY_DESCRIPTOR = (
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"
)

KEPT_EXTENSIONS = {
    "audio": (TRANSPORT_WIDE_CC, MID, AUDIO_LEVEL),
    "video": (TRANSPORT_WIDE_CC, MID, DEPENDENCY_DESCRIPTOR),
}
KEPT_FEEDBACK = ("nack", "nack pli", "ccm fir", "transport-cc")
_CODECS = {"audio": ("opus", 48_000, 2), "video": ("vp8", 90_000, 1)}


@dataclass(slots=True, frozen=True)
class Selection:
    """What the two sides share for one section: `extensions` maps a kept URI to its id."""

    kind: str
    codec: Codec
    rtx: Codec | None
    extensions: Mapping[str, int]


@dataclass(slots=True, frozen=True)
class LocalTransport:
    """Our side: `fingerprint` is the 32 bytes of SHA-256 of the DTLS certificate, `addresses` are
    the announced host candidates, the preferred one first."""

    ufrag: str
    password: str
    fingerprint: bytes
    addresses: Sequence[Address]


@dataclass(slots=True, frozen=True)
class Publish:
    """The client sends in this section and we receive."""


@dataclass(slots=True, frozen=True)
class Receive:
    """We send in this section. `rtx_ssrc` is for video; `stream` and `track` are the msid, which
    the browser shows as MediaStream and track ids; all are tokens of ours."""

    ssrc: int
    rtx_ssrc: int | None
    cname: str
    stream: str
    track: str


Use = Publish | Receive
"""What a section is used for; a section without a use is answered inactive."""


def require(offer: Offer) -> None:
    """Passes if the offer can be answered at all.

    Raises OfferRefused, saying what is missing: a BUNDLE group with every section in it, one ICE
    and DTLS transport with a sha-256 fingerprint, a client that can be the DTLS client, rtcp-mux.
    """
    transport = offer.transport
    if transport is None:
        raise OfferRefused("no BUNDLE group with ICE credentials and a fingerprint")
    if transport.fingerprint[0] != "sha-256" or len(transport.fingerprint[1]) != 32:
        raise OfferRefused("the fingerprint is not SHA-256")
    if transport.setup not in ("actpass", "active"):
        raise OfferRefused("the client must be able to be the DTLS client")
    for section in offer.media:
        if section.rejected:
            continue
        if section.mid not in offer.bundle:
            raise OfferRefused("a section is outside the BUNDLE group")
        if section.kind in _CODECS and not section.rtcp_mux:
            raise OfferRefused("a section is without rtcp-mux")


def select(section: MediaSection) -> Selection | None:
    """The codec, its RTX and the extensions shared in a section; None if it is not for us."""
    wanted = _CODECS.get(section.kind)
    if wanted is None or section.rejected or section.protocol != "UDP/TLS/RTP/SAVPF":
        return None
    codec = next((c for c in section.codecs if _key(c) == wanted), None)
    if codec is None:
        return None
    kept = KEPT_EXTENSIONS[section.kind]
    extensions = {e.uri: e.identifier for e in section.extensions if e.uri in kept}
    # RFC 8285 4.3: ids above 255 never appear on the wire, and 15 is reserved.
    usable = {uri: number for uri, number in extensions.items() if number < 256 and number != 15}
    return Selection(section.kind, codec, _rtx(section, codec), usable)


def _key(codec: Codec) -> tuple[str, int, int]:
    return codec.name.lower(), codec.clock_rate, codec.channels


def _rtx(section: MediaSection, codec: Codec) -> Codec | None:
    apt = str(codec.payload_type)
    return next(
        (c for c in section.codecs if c.name.lower() == "rtx" and c.parameter("apt") == apt), None
    )


def write(
    offer: Offer, local: LocalTransport, uses: Mapping[str, Use], session: int, version: int
) -> str:
    """The answer; `uses` maps a mid to its use, `session` and `version` are of the o-line.

    Raises OfferRefused if the offer cannot be answered (see `require`), or if a use contradicts
    the direction that the client offers.
    """
    require(offer)
    selections = {section.mid: select(section) for section in offer.media}
    bundle = [mid for mid in offer.bundle if selections[mid] is not None]
    lines = [
        "v=0",
        f"o=- {session} {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=ice-lite",
        f"a=group:BUNDLE {' '.join(bundle)}",
        "a=extmap-allow-mixed",
        "a=msid-semantic: WMS *",
    ]
    for section in offer.media:
        selection = selections[section.mid]
        if selection is None:
            lines += _rejected(section)
            continue
        lines += _section(section, selection, uses.get(section.mid))
        lines += _transport(local, with_candidates=section.mid == bundle[0])
    return "\r\n".join(lines) + "\r\n"


def _rejected(section: MediaSection) -> list[str]:
    formats = " ".join(section.formats)
    return [
        f"m={section.kind} 0 {section.protocol} {formats}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        "a=inactive",
    ]


def _section(section: MediaSection, selection: Selection, use: Use | None) -> list[str]:
    codecs = [selection.codec] + ([selection.rtx] if selection.rtx else [])
    types = " ".join(str(codec.payload_type) for codec in codecs)
    lines = [
        f"m={section.kind} 9 {section.protocol} {types}",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{section.mid}",
        f"a={_direction(section, use)}",
        "a=rtcp-mux",
        "a=rtcp-rsize",
    ]
    lines += [f"a=extmap:{number} {uri}" for uri, number in selection.extensions.items()]
    for codec in codecs:
        lines += _codec(codec)
    if isinstance(use, Receive):
        lines += _source(use, with_rtx=selection.rtx is not None)
    return lines


def _direction(section: MediaSection, use: Use | None) -> str:
    if use is None:
        return "inactive"
    wanted = ("sendonly", "sendrecv") if isinstance(use, Publish) else ("recvonly", "sendrecv")
    if section.direction not in wanted:
        raise OfferRefused(f"section {section.mid} is offered {section.direction}")
    return "recvonly" if isinstance(use, Publish) else "sendonly"


def _codec(codec: Codec) -> list[str]:
    name = codec.name.lower()
    number = codec.payload_type
    if name == "opus":
        lines = [f"a=rtpmap:{number} opus/48000/2", f"a=fmtp:{number} minptime=10;useinbandfec=1"]
    elif name == "vp8":
        lines = [f"a=rtpmap:{number} VP8/90000"]
    else:
        apt = codec.parameter("apt")
        lines = [f"a=rtpmap:{number} rtx/90000", f"a=fmtp:{number} apt={apt}"]
    return lines + [
        f"a=rtcp-fb:{number} {kept}" for kept in KEPT_FEEDBACK if kept in codec.feedback
    ]


def _source(use: Receive, *, with_rtx: bool) -> list[str]:
    lines = [f"a=msid:{use.stream} {use.track}"]
    ssrcs = [use.ssrc]
    if with_rtx and use.rtx_ssrc is not None:
        ssrcs.append(use.rtx_ssrc)
        lines.append(f"a=ssrc-group:FID {use.ssrc} {use.rtx_ssrc}")
    for ssrc in ssrcs:
        lines.append(f"a=ssrc:{ssrc} cname:{use.cname}")
        lines.append(f"a=ssrc:{ssrc} msid:{use.stream} {use.track}")
    return lines


def _transport(local: LocalTransport, *, with_candidates: bool) -> list[str]:
    lines = [
        f"a=ice-ufrag:{local.ufrag}",
        f"a=ice-pwd:{local.password}",
        f"a=fingerprint:sha-256 {local.fingerprint.hex(':').upper()}",
        "a=setup:passive",
    ]
    if with_candidates:
        lines += [_candidate(i, address) for i, address in enumerate(local.addresses)]
        lines.append("a=end-of-candidates")
    return lines


def _candidate(index: int, address: Address) -> str:
    # RFC 8445 5.1.2.1: host type preference 126, component 1.
    priority = (126 << 24) | ((65_535 - index) << 8) | 255
    return f"a=candidate:{index + 1} 1 udp {priority} {address[0]} {address[1]} typ host"
