"""Bytes to messages and back: MessagePack arrays, the tag first (docs/protocol/wire.md 1)."""

from typing import TypeVar

import msgspec

from segel.core.wire.answers import Refusal, Result, ServerMessage
from segel.core.wire.ids import MAX_FRAME
from segel.core.wire.requests import Call, Request

VERSION = 1
"""The protocol's version, told in `Hello`."""

T = TypeVar("T")

_encoder = msgspec.msgpack.Encoder()
_call = msgspec.msgpack.Decoder(Call)
_request: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_server: msgspec.msgpack.Decoder[ServerMessage] = msgspec.msgpack.Decoder(ServerMessage)


class Malformed(Exception):
    """The peer sent bytes that are no message of this protocol."""


def encode(message: Call | Request | ServerMessage | Result | Refusal) -> bytes:
    """The message's bytes."""
    return _encoder.encode(message)


def decode_call(data: bytes) -> Call:
    """The call in a client's frame. Raises Malformed."""
    return _decode(_call, data)


def decode_request(data: bytes) -> Request:
    """The request in a call's body. Raises Malformed."""
    return _decode(_request, data)


def decode_server(data: bytes) -> ServerMessage:
    """The message in a server's frame. Raises Malformed."""
    return _decode(_server, data)


def _decode(decoder: msgspec.msgpack.Decoder[T], data: bytes) -> T:
    if len(data) > MAX_FRAME:
        raise Malformed(f"{len(data)} bytes: more than a frame's {MAX_FRAME}")
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Malformed(str(error)) from None
