"""A browser's offer as values (RFC 8866, RFC 8829, RFC 9143 and their attributes).

An offer is hostile input: its size, lines and media sections are bounded, and what is copied into
an answer is a token, a number or a value of a fixed list. `segel.core.media.answer` writes ours.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from segel.core.media.errors import SdpMalformed

MAX_SIZE = 512 * 1024
"""Bytes: an offer of Chromium has about 5 kB for each video section."""

MAX_LINES = 20_000
MAX_LINE = 2_048
MAX_MEDIA = 256

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`{|}~0-9A-Za-z]{1,64}")
_ICE_UFRAG = re.compile(r"[0-9A-Za-z+/]{4,256}")
_ICE_PWD = re.compile(r"[0-9A-Za-z+/]{22,256}")
_NUMBER = re.compile(r"[0-9]{1,10}")
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
_SETUPS = ("actpass", "active", "passive", "holdconn")


@dataclass(slots=True, frozen=True)
class Codec:
    """One payload type: `name` as written (VP8, opus, rtx), `clock_rate` in Hz, `channels` 1 if
    not told, `parameters` the fmtp text, `feedback` the rtcp-fb texts (such as "nack pli")."""

    payload_type: int
    name: str
    clock_rate: int
    channels: int = 1
    parameters: str = ""
    feedback: tuple[str, ...] = ()

    def parameter(self, name: str) -> str | None:
        """The value of one fmtp parameter ("apt" of rtx), or None."""
        for part in self.parameters.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                return value
        return None


@dataclass(slots=True, frozen=True)
class Extension:
    """One header extension (RFC 8285 section 5): its id, 1 to 255 without 15, and URI."""

    identifier: int
    uri: str


@dataclass(slots=True, frozen=True)
class Transport:
    """ICE and DTLS parameters; `fingerprint` is (hash name in lower case, digest)."""

    ufrag: str
    password: str
    ice_options: tuple[str, ...]
    fingerprint: tuple[str, bytes]
    setup: str


@dataclass(slots=True, frozen=True)
class MediaSection:
    """One m-line of an offer.

    `rejected` is a port of 0 without bundle-only: the client has stopped this section. `groups`
    are the FID pairs (media SSRC, its RTX SSRC), `msid` is (stream, track).
    """

    kind: str
    protocol: str
    formats: tuple[str, ...]
    mid: str
    rejected: bool
    direction: str
    codecs: tuple[Codec, ...]
    extensions: tuple[Extension, ...]
    ssrcs: tuple[int, ...]
    groups: tuple[tuple[int, int], ...]
    cname: str | None
    msid: tuple[str, str] | None
    rids: tuple[str, ...]
    rtcp_mux: bool
    transport: Transport | None


@dataclass(slots=True, frozen=True)
class Offer:
    """A whole offer; `bundle` are the mids of its BUNDLE group in order, the first is tagged."""

    bundle: tuple[str, ...]
    media: tuple[MediaSection, ...]

    def section(self, mid: str) -> MediaSection | None:
        """The section of this mid, or None."""
        return next((section for section in self.media if section.mid == mid), None)

    @property
    def transport(self) -> Transport | None:
        """The bundle's transport: that of its tagged section (RFC 9143 section 7.2)."""
        section = self.section(self.bundle[0]) if self.bundle else None
        return section.transport if section else None


@dataclass(slots=True)
class _Lines:
    """The lines of the session or of one media section: first the m-line's value, if any."""

    media: str = ""
    attributes: list[tuple[str, str]] = field(default_factory=list)

    def first(self, name: str) -> str | None:
        return next((value for key, value in self.attributes if key == name), None)

    def all(self, name: str) -> Iterable[str]:
        return (value for key, value in self.attributes if key == name)

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self.attributes)


def parse(text: str) -> Offer:
    """The offer in a session description. Raises SdpMalformed."""
    session, sections = _split(text)
    media = tuple(_media_section(lines, session) for lines in sections)
    mids = [section.mid for section in media]
    if len(set(mids)) != len(mids):
        raise SdpMalformed("a mid is used twice")
    return Offer(_bundle(session, mids), media)


def _split(text: str) -> tuple[_Lines, list[_Lines]]:
    if len(text) > MAX_SIZE:
        raise SdpMalformed("session description is too long")
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > MAX_LINES or lines[0] != "v=0":
        raise SdpMalformed("too many lines, or not a session description")
    session = current = _Lines()
    sections: list[_Lines] = []
    for line in lines[1:]:
        if not line:
            continue
        kind, value = _line(line)
        if kind == "m":
            current = _Lines(media=value)
            sections.append(current)
        elif kind == "a":
            name, _, argument = value.partition(":")
            current.attributes.append((name, argument))
    if len(sections) > MAX_MEDIA:
        raise SdpMalformed("too many media sections")
    return session, sections


def _line(line: str) -> tuple[str, str]:
    if len(line) > MAX_LINE or len(line) < 2 or line[1] != "=" or not line.isprintable():
        raise SdpMalformed("not a line of a session description")
    return line[0], line[2:]


def _bundle(session: _Lines, mids: list[str]) -> tuple[str, ...]:
    for value in session.all("group"):
        semantics, *members = value.split(" ")
        if semantics == "BUNDLE":
            if not set(members) <= set(mids):
                raise SdpMalformed("BUNDLE names a mid that is not there")
            return tuple(members)
    return ()


def _media_section(lines: _Lines, session: _Lines) -> MediaSection:
    kind, port, protocol, formats = _media_line(lines.media)
    codecs = _codecs(lines, formats) if kind in ("audio", "video") else ()
    return MediaSection(
        kind=kind,
        protocol=protocol,
        formats=formats,
        mid=_token(lines.first("mid") or ""),
        rejected=port == 0 and not lines.has("bundle-only"),
        direction=_direction(lines, session),
        codecs=codecs,
        extensions=tuple(_extension(value) for value in lines.all("extmap")),
        ssrcs=_ssrcs(lines),
        groups=_groups(lines),
        cname=_cname(lines),
        msid=_msid(lines),
        rids=tuple(_token(value.partition(" ")[0]) for value in lines.all("rid")),
        rtcp_mux=lines.has("rtcp-mux"),
        transport=_transport(lines, session),
    )


def _media_line(value: str) -> tuple[str, int, str, tuple[str, ...]]:
    kind, *rest = value.split(" ")
    if len(rest) < 3:
        raise SdpMalformed("not an m-line")
    formats = tuple(_token(part) for part in rest[2:])
    if not re.fullmatch(r"[A-Z0-9/]{3,32}", rest[1]):
        raise SdpMalformed("not a transport protocol")
    return _token(kind), _number(rest[0], 0xFFFF), rest[1], formats


def _direction(lines: _Lines, session: _Lines) -> str:
    for scope in (lines, session):
        for name, _ in scope.attributes:
            if name in _DIRECTIONS:
                return name
    return "sendrecv"


def _codecs(lines: _Lines, formats: tuple[str, ...]) -> tuple[Codec, ...]:
    maps = dict(_keyed(lines.all("rtpmap")))
    parameters = dict(_keyed(lines.all("fmtp")))
    feedback: dict[str, list[str]] = {}
    for payload_type, value in _keyed(lines.all("rtcp-fb")):
        feedback.setdefault(payload_type, []).append(value)
    everyone = feedback.get("*", [])
    return tuple(
        _codec(
            payload_type,
            maps[payload_type],
            parameters.get(payload_type, ""),
            (*feedback.get(payload_type, ()), *everyone),
        )
        for payload_type in formats
        if payload_type in maps
    )


def _keyed(values: Iterable[str]) -> Iterable[tuple[str, str]]:
    for value in values:
        key, _, rest = value.partition(" ")
        yield key, rest


def _codec(payload_type: str, rtpmap: str, parameters: str, feedback: tuple[str, ...]) -> Codec:
    name, *rest = rtpmap.split("/")
    if not 1 <= len(rest) <= 2:
        raise SdpMalformed("not an rtpmap")
    channels = _number(rest[1], 255) if len(rest) == 2 else 1
    clock_rate = _number(rest[0], 1_000_000)
    return Codec(
        _number(payload_type, 127), _token(name), clock_rate, channels, parameters, feedback
    )


def _extension(value: str) -> Extension:
    identifier, _, rest = value.partition(" ")
    uri = rest.partition(" ")[0]
    number = _number(identifier.partition("/")[0], 0xFFFF)
    if not uri or number == 0:
        raise SdpMalformed("not an extmap")
    return Extension(number, uri)


def _ssrcs(lines: _Lines) -> tuple[int, ...]:
    numbers = (_number(value.partition(" ")[0], 0xFFFFFFFF) for value in lines.all("ssrc"))
    return tuple(dict.fromkeys(numbers))


def _groups(lines: _Lines) -> tuple[tuple[int, int], ...]:
    groups = []
    for value in lines.all("ssrc-group"):
        semantics, *members = value.split(" ")
        if semantics != "FID":
            continue
        if len(members) != 2:
            raise SdpMalformed("FID is not a pair")
        groups.append((_number(members[0], 0xFFFFFFFF), _number(members[1], 0xFFFFFFFF)))
    return tuple(groups)


def _cname(lines: _Lines) -> str | None:
    for _, value in _keyed(lines.all("ssrc")):
        if value.startswith("cname:"):
            return value.removeprefix("cname:")
    return None


def _msid(lines: _Lines) -> tuple[str, str] | None:
    value = lines.first("msid")
    if value is None:
        return None
    stream, _, track = value.partition(" ")
    return stream, track


def _transport(lines: _Lines, session: _Lines) -> Transport | None:
    def value(name: str) -> str | None:
        return lines.first(name) or session.first(name)

    ufrag, password, fingerprint = value("ice-ufrag"), value("ice-pwd"), value("fingerprint")
    if ufrag is None or password is None or fingerprint is None:
        return None
    if not _ICE_UFRAG.fullmatch(ufrag) or not _ICE_PWD.fullmatch(password):
        raise SdpMalformed("not ICE credentials")
    setup = value("setup") or "active"
    if setup not in _SETUPS:
        raise SdpMalformed("not a setup role")
    options = tuple((value("ice-options") or "").split())
    return Transport(ufrag, password, options, _fingerprint(fingerprint), setup)


def _fingerprint(value: str) -> tuple[str, bytes]:
    algorithm, _, digest = value.partition(" ")
    if not re.fullmatch(r"[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){0,63}", digest):
        raise SdpMalformed("not a fingerprint")
    return _token(algorithm).lower(), bytes.fromhex(digest.replace(":", ""))


def _token(value: str) -> str:
    if not _TOKEN.fullmatch(value):
        raise SdpMalformed("not a token")
    return value


def _number(value: str, limit: int) -> int:
    if not _NUMBER.fullmatch(value) or int(value) > limit:
        raise SdpMalformed("not a number within its limit")
    return int(value)
