"""MLSMessage: everything that goes between clients (RFC 9420 section 6)."""

from segel.core.mls.codec import Reader, uint16
from segel.core.mls.errors import Malformed
from segel.core.mls.group_info import GroupInfoIn
from segel.core.mls.key_package import KeyPackageIn
from segel.core.mls.private_message import PrivateMessage
from segel.core.mls.public_message import PublicMessage
from segel.core.mls.registry import MLS10, WireFormat
from segel.core.mls.welcome import Welcome

MessageIn = PublicMessage | PrivateMessage | Welcome | GroupInfoIn | KeyPackageIn

_FORMATS: dict[int, type[MessageIn]] = {
    WireFormat.PUBLIC_MESSAGE: PublicMessage,
    WireFormat.PRIVATE_MESSAGE: PrivateMessage,
    WireFormat.WELCOME: Welcome,
    WireFormat.GROUP_INFO: GroupInfoIn,
    WireFormat.KEY_PACKAGE: KeyPackageIn,
}


def encode_message(message: MessageIn) -> bytes:
    """MLSMessage."""
    number = next(number for number, kind in _FORMATS.items() if isinstance(message, kind))
    return uint16(MLS10) + uint16(number) + message.encode()


def decode_message(data: bytes) -> MessageIn:
    """What an MLSMessage carries. Raises Malformed."""
    reader = Reader(data)
    if (version := reader.uint16()) != MLS10:
        raise Malformed(f"a message of version {version}")
    wire_format = reader.uint16()
    kind = _FORMATS.get(wire_format)
    if kind is None:
        raise Malformed(f"a message of format {wire_format}")
    message = kind.read(reader)
    reader.finish()
    return message
