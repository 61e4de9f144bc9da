"""The meeting's link and what is derived from its secret (docs/protocol/meeting.md 1)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import NamedTuple
from urllib.parse import urlsplit

from segel.core.cbor import Malformed
from segel.core.crypto.kdf import hkdf_expand, hkdf_extract
from segel.core.crypto.keys import KeyPair
from segel.core.crypto.signature import Ed25519

OPEN_GENERATION = 0x01
"""Whoever has the link may open the meeting's next generation; nobody is host."""
LOBBY = 0x02
"""The meeting begins with a lobby."""
UNTIL = 0x04
"""The link has a time after which it lets nobody in."""

SECRET_SIZE = 16
_VERSION = 1
_KNOWN = OPEN_GENERATION | LOBBY | UNTIL


class Link(NamedTuple):
    """What a link says."""

    origin: str
    policy: int
    secret: bytes
    until: int | None
    """Seconds of Unix time; None without UNTIL."""
    opener: bytes | None
    """The opener's public key; None with OPEN_GENERATION, where the secret gives it."""

    @property
    def hosted(self) -> bool:
        """Whether the meeting has hosts."""
        return self.opener is not None


class LinkKeys(NamedTuple):
    """What a link's secret gives."""

    alias: bytes
    """The meeting's name on the server."""
    mac: bytes
    proof: bytes
    opener_public: bytes
    opener: KeyPair | None
    """For hosts, and for everybody with OPEN_GENERATION."""


def format_link(link: Link) -> str:
    """The link as people pass it on."""
    until = b"" if link.until is None else link.until.to_bytes(4)
    data = bytes([_VERSION, link.policy]) + link.secret + until + (link.opener or b"")
    return f"{link.origin}/m#{urlsafe_b64encode(data).rstrip(b'=').decode()}"


def parse_link(text: str) -> Link:
    """The link in a text, in its one form. Raises Malformed."""
    address, _, fragment = text.partition("#")
    parts = urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        raise Malformed("not a link")
    data = _decoded(fragment)
    if len(data) < 2 + SECRET_SIZE:
        raise Malformed("the link is cut off")
    version, policy = data[0], data[1]
    if version != _VERSION or policy & ~_KNOWN:
        raise Malformed("a link of another version")
    if policy & OPEN_GENERATION and policy & LOBBY:
        raise Malformed("a lobby without a host")
    rest = data[2 + SECRET_SIZE :]
    until = int.from_bytes(rest[:4]) if policy & UNTIL else None
    opener = rest[4:] if policy & UNTIL else rest
    if len(rest) != (4 if policy & UNTIL else 0) + (0 if policy & OPEN_GENERATION else 32):
        raise Malformed("the link is cut off")
    secret = data[2 : 2 + SECRET_SIZE]
    link = Link(f"{parts.scheme}://{parts.netloc}", policy, secret, until, opener or None)
    if format_link(link) != text:
        raise Malformed("not a meeting's link")
    return link


def link_keys(link: Link) -> LinkKeys:
    """Everything that the link's secret gives."""
    secret = link.secret + (b"" if link.until is None else link.until.to_bytes(4))
    prk = hkdf_extract("sha256", b"segel link v1", secret)

    def part(name: bytes) -> bytes:
        return hkdf_expand("sha256", prk, name, 32)

    opener = None if link.opener is not None else Ed25519().pair(part(b"opener"))
    public = opener.public if opener is not None else link.opener or b""
    return LinkKeys(part(b"alias"), part(b"announcement"), part(b"proof"), public, opener)


def _decoded(fragment: str) -> bytes:
    try:
        return urlsafe_b64decode(fragment + "=" * (-len(fragment) % 4))
    except ValueError:
        raise Malformed("the link is cut off") from None
