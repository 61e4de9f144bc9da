"""The byte strings that name things on the wire: exact lengths, checked at decoding
(docs/protocol/wire.md 2).
"""

from typing import Annotated

from msgspec import Meta

MAX_BODY = 1_310_720
"""Greatest size in bytes of a commit, a message or an inbox item: room for 500 kB commits and 1
MB texts, padded.
"""
MAX_FRAME = MAX_BODY + 65_536
"""Greatest size in bytes of one WebSocket message or of one HTTP request body."""
MAX_WHISPER = 16_384
"""Greatest size in bytes of a message that is relayed and never stored."""
MAX_KNOCK = 32_768
"""Greatest size in bytes of a sealed knock, and of an announcement."""
MAX_SDP = 131_072
"""Greatest size in characters of a session description."""

Bytes16 = Annotated[bytes, Meta(min_length=16, max_length=16)]
Bytes32 = Annotated[bytes, Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, Meta(min_length=64, max_length=64)]
"""An Ed25519 signature over what wire.md 3 says."""

GroupId = Bytes32
"""The group."""
NodeId = Bytes32
"""The node: one epoch of the group (wire.md 2)."""
Head = Bytes32
"""The hash of the log up to and with this row (wire.md 2)."""
EpochKey = Bytes32
"""The Ed25519 public key of the epoch (delivery.md 2)."""
Alias = Bytes32
"""The meeting, by its link (meeting.md 1)."""
InboxId = Bytes32
"""The inbox (wire.md 2)."""
StreamId = Bytes16
"""The stream: a random name that the server gave to it."""
KnockId = Bytes16
"""The knock: a random name that the server gave to it."""
BlobName = Bytes32
"""The blob, by its read capability (wire.md 2)."""

Body = Annotated[bytes, Meta(min_length=1, max_length=MAX_BODY)]
WhisperBody = Annotated[bytes, Meta(min_length=1, max_length=MAX_WHISPER)]
KnockBody = Annotated[bytes, Meta(min_length=1, max_length=MAX_KNOCK)]
Sdp = Annotated[str, Meta(min_length=1, max_length=MAX_SDP)]
Position = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A place in the log: 0 before the first row, then 1, 2 and so on."""
Mid = Annotated[str, Meta(min_length=1, max_length=16)]
