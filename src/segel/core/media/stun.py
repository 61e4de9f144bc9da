"""STUN as ICE uses it (RFC 8489, RFC 8445 section 7): binding requests and their answers.

Short-term credentials only. A `Message` is untrusted until `authenticate` has passed for it.
"""

import ipaddress
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from segel.core.crypto.mac import equal, hmac_sha1
from segel.core.media.errors import StunMalformed, StunUnauthenticated

MAGIC = 0x2112A442
HEADER_SIZE = 20
MAX_MESSAGE = 1280
"""Bytes; a binding request of a browser has about 100 (RFC 8489 section 6.1 names the limit)."""

BINDING_REQUEST, BINDING_INDICATION = 0x0001, 0x0011
BINDING_SUCCESS, BINDING_ERROR = 0x0101, 0x0111

USERNAME, MESSAGE_INTEGRITY, ERROR_CODE = 0x0006, 0x0008, 0x0009
UNKNOWN_ATTRIBUTES, XOR_MAPPED_ADDRESS = 0x000A, 0x0020
PRIORITY, USE_CANDIDATE = 0x0024, 0x0025
SOFTWARE, FINGERPRINT = 0x8022, 0x8028
ICE_CONTROLLED, ICE_CONTROLLING = 0x8029, 0x802A

_UNDERSTOOD = {USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, UNKNOWN_ATTRIBUTES, XOR_MAPPED_ADDRESS}
_UNDERSTOOD |= {PRIORITY, USE_CANDIDATE}
_FINGERPRINT_XOR = 0x5354554E
_HEADER = struct.Struct("!HHI12s")
_ATTRIBUTE = struct.Struct("!HH")

Address = tuple[str, int]
"""A transport address: textual IP address and port."""


@dataclass(slots=True, frozen=True)
class Message:
    """One parsed message. `attributes` are (type, value) in order, without padding.

    `covered` are the raw bytes that MESSAGE-INTEGRITY is computed over, with the length field
    already adjusted (RFC 8489 section 14.5); None without that attribute. Attributes after
    MESSAGE-INTEGRITY other than FINGERPRINT are not kept, as nothing vouches for them.
    """

    message_type: int
    transaction: bytes
    attributes: tuple[tuple[int, bytes], ...]
    covered: bytes | None = None

    def get(self, attribute: int) -> bytes | None:
        """The value of the first attribute of this type, or None."""
        for kind, value in self.attributes:
            if kind == attribute:
                return value
        return None


def parse(data: bytes) -> Message:
    """The message in a datagram; a FINGERPRINT, if present, is checked. Raises StunMalformed."""
    if not HEADER_SIZE <= len(data) <= MAX_MESSAGE or data[0] & 0xC0:
        raise StunMalformed("not a STUN header")
    message_type, length, magic, transaction = _HEADER.unpack_from(data)
    if magic != MAGIC or length % 4 or length != len(data) - HEADER_SIZE:
        raise StunMalformed("wrong magic cookie or length")
    attributes: list[tuple[int, bytes]] = []
    covered: bytes | None = None
    offset = HEADER_SIZE
    while offset < len(data):
        kind, value, following = _parse_attribute(data, offset)
        if kind == FINGERPRINT:
            _check_fingerprint(data, offset, value)
        if covered is None or kind == FINGERPRINT:
            attributes.append((kind, value))
        if kind == MESSAGE_INTEGRITY and covered is None:
            covered = _covered(data, offset, value)
        offset = following
    return Message(message_type, transaction, tuple(attributes), covered)


def _parse_attribute(data: bytes, offset: int) -> tuple[int, bytes, int]:
    kind, length = _ATTRIBUTE.unpack_from(data, offset)
    start = offset + _ATTRIBUTE.size
    following = start + (length + 3) // 4 * 4
    if following > len(data):
        raise StunMalformed("attribute beyond the message")
    return kind, bytes(data[start : start + length]), following


def _check_fingerprint(data: bytes, offset: int, value: bytes) -> None:
    if offset + 8 != len(data) or value != _fingerprint(data[:offset]):
        raise StunMalformed("wrong fingerprint")


def _fingerprint(data: bytes) -> bytes:
    return (zlib.crc32(data) ^ _FINGERPRINT_XOR).to_bytes(4)


def _covered(data: bytes, offset: int, value: bytes) -> bytes:
    if len(value) != 20:
        raise StunMalformed("MESSAGE-INTEGRITY is not 20 bytes")
    return data[:2] + (offset + 24 - HEADER_SIZE).to_bytes(2) + data[4:offset]


def authenticate(message: Message, password: bytes) -> None:
    """Passes if MESSAGE-INTEGRITY is the password's (RFC 8489 section 9.1).

    Raises StunUnauthenticated if it is missing or wrong.
    """
    code = message.get(MESSAGE_INTEGRITY)
    if code is None or message.covered is None:
        raise StunUnauthenticated("no MESSAGE-INTEGRITY")
    if not equal(code, hmac_sha1(password, message.covered)):
        raise StunUnauthenticated("wrong MESSAGE-INTEGRITY")


def serialise(
    message_type: int,
    transaction: bytes,
    attributes: Iterable[tuple[int, bytes]],
    password: bytes | None,
) -> bytes:
    """A message with these attributes, MESSAGE-INTEGRITY if there is a password, FINGERPRINT.

    `attributes` hold neither of those two; `transaction` is 12 bytes.
    """
    body = b"".join(_attribute(kind, value) for kind, value in attributes)
    if password is not None:
        head = _HEADER.pack(message_type, len(body) + 24, MAGIC, transaction)
        body += _attribute(MESSAGE_INTEGRITY, hmac_sha1(password, head, body))
    message = _HEADER.pack(message_type, len(body) + 8, MAGIC, transaction) + body
    return message + _attribute(FINGERPRINT, _fingerprint(message))


def _attribute(kind: int, value: bytes) -> bytes:
    return _ATTRIBUTE.pack(kind, len(value)) + value + bytes(-len(value) % 4)


def binding_request(
    transaction: bytes,
    username: str,
    password: bytes,
    *,
    priority: int,
    tie_breaker: int,
    nominate: bool,
) -> bytes:
    """A controlling agent's check (RFC 8445 section 7.2.2).

    `username` is "their ufrag:our ufrag", `password` theirs, `tie_breaker` a 64-bit number.
    """
    attributes = [
        (USERNAME, username.encode()),
        (PRIORITY, priority.to_bytes(4)),
        (ICE_CONTROLLING, tie_breaker.to_bytes(8)),
    ]
    if nominate:
        attributes.append((USE_CANDIDATE, b""))
    return serialise(BINDING_REQUEST, transaction, attributes, password)


def binding_success(transaction: bytes, address: Address, password: bytes) -> bytes:
    """The answer that tells the asker from which address its request came."""
    value = xor_address(address, transaction)
    return serialise(BINDING_SUCCESS, transaction, [(XOR_MAPPED_ADDRESS, value)], password)


def binding_error(
    transaction: bytes,
    code: int,
    reason: str,
    password: bytes | None = None,
    unknown: Iterable[int] = (),
) -> bytes:
    """An error answer (RFC 8489 section 14.8); `code` is 300 to 699.

    `unknown` are the attributes of a 420 that were not understood. Without a password the answer
    carries no proof, as for a request that carried none (RFC 8489 section 9.1.3).
    """
    value = bytes((0, 0, code // 100, code % 100)) + reason.encode()
    attributes = [(ERROR_CODE, value)]
    types = b"".join(kind.to_bytes(2) for kind in unknown)
    if types:
        attributes.append((UNKNOWN_ATTRIBUTES, types))
    return serialise(BINDING_ERROR, transaction, attributes, password)


def xor_address(address: Address, transaction: bytes) -> bytes:
    """The value of XOR-MAPPED-ADDRESS (RFC 8489 section 14.2): 8 bytes for IPv4, 20 for IPv6.

    The zone of a link-local address is left out.
    """
    host = ipaddress.ip_address(address[0].partition("%")[0]).packed
    family = 1 if len(host) == 4 else 2
    port = address[1] ^ (MAGIC >> 16)
    return bytes((0, family)) + port.to_bytes(2) + _xor(host, transaction)


def mapped_address(message: Message) -> Address:
    """The address in XOR-MAPPED-ADDRESS. Raises StunMalformed if it is absent or wrong."""
    value = message.get(XOR_MAPPED_ADDRESS)
    if value is None or (len(value), value[1:2]) not in ((8, b"\1"), (20, b"\2")):
        raise StunMalformed("no XOR-MAPPED-ADDRESS")
    port = int.from_bytes(value[2:4]) ^ (MAGIC >> 16)
    return str(ipaddress.ip_address(_xor(value[4:], message.transaction))), port


def _xor(host: bytes, transaction: bytes) -> bytes:
    mask = MAGIC.to_bytes(4) + transaction
    return bytes(byte ^ other for byte, other in zip(host, mask, strict=False))


def error_code(message: Message) -> int:
    """The number in ERROR-CODE, 300 to 699. Raises StunMalformed if it is absent or wrong."""
    value = message.get(ERROR_CODE)
    if value is None or len(value) < 4 or not 3 <= value[2] & 7 <= 6 or value[3] > 99:
        raise StunMalformed("no ERROR-CODE")
    return 100 * (value[2] & 7) + value[3]


def unknown_required(message: Message) -> tuple[int, ...]:
    """Types of attributes that must be understood and are not (RFC 8489 section 6.3.1)."""
    return tuple(
        kind for kind, _ in message.attributes if kind < 0x8000 and kind not in _UNDERSTOOD
    )
