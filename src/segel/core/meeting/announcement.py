"""What stands at the door: the epoch's knock key, under a MAC of the link (meeting.md 5)."""

from typing import NamedTuple

from segel.core import cbor
from segel.core.cbor import Malformed
from segel.core.crypto.mac import equal, hmac_sha256
from segel.core.meeting.link import LinkKeys


class Announcement(NamedTuple):
    """An announcement whose MAC was checked: somebody with the link made it."""

    generation: int
    suite: int
    knock_key: bytes


def encode_announcement(keys: LinkKeys, announcement: Announcement) -> bytes:
    """The announcement's bytes."""
    return cbor.encode([1, *announcement, _mac(keys, announcement)])


def decode_announcement(keys: LinkKeys, data: bytes) -> Announcement:
    """The announcement in the bytes. Raises Malformed, also where the MAC does not hold."""
    generation, suite, knock_key, mac = cbor.fields(data, 5)
    announcement = Announcement(
        cbor.integer(generation, 1, 2**32 - 1),
        cbor.integer(suite, 1, 0xFFFF),
        cbor.octets(knock_key),
    )
    if not equal(cbor.octets(mac, 32), _mac(keys, announcement)):
        raise Malformed("not announced by who has the link")
    return announcement


def _mac(keys: LinkKeys, announcement: Announcement) -> bytes:
    said = cbor.encode([1, *announcement])
    return hmac_sha256(keys.mac, b"segel announcement v1" + keys.alias + said)
