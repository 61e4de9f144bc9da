"""The wire's decoders under any bytes."""

import contextlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segel.core.wire import codec
from segel.core.wire.answers import ServerMessage
from segel.core.wire.ids import MAX_FRAME
from segel.core.wire.requests import Call, Request
from segel.testing import wire_vectors

Message = Call | Request | ServerMessage
SEEDS = [
    codec.encode(each) for each in [*wire_vectors.requests_of(), *wire_vectors.server_messages()]
]
DECODERS: list[Callable[[bytes], Message]] = [
    codec.decode_call,
    codec.decode_request,
    codec.decode_server,
]


def spoil(seed: bytes, at: int, value: int, length: int) -> bytes:
    """The seed with one byte replaced, cut after `length` further bytes."""
    at %= len(seed)
    return seed[:at] + bytes([value]) + seed[at + 1 : at + 1 + length]


spoiled = st.builds(
    spoil, st.sampled_from(SEEDS), st.integers(0, 2**20), st.integers(0, 255), st.integers(0, 600)
)


@pytest.mark.parametrize("decode", DECODERS)
@given(data=st.binary(max_size=400) | spoiled)
def test_any_bytes(decode: Callable[[bytes], Message], data: bytes) -> None:
    """Parses or raises Malformed, never anything else; what parses is equal after encoding and
    decoding again.

    Equal as a value, not as bytes: MessagePack has several forms of one number, and fields of a
    later version are ignored. Nothing depends on that, since signatures cover a body's bytes as
    they came.
    """
    with contextlib.suppress(codec.Malformed):
        message = decode(data)
        assert decode(codec.encode(message)) == message


def test_a_frame_over_the_limit_is_malformed() -> None:
    with pytest.raises(codec.Malformed):
        codec.decode_call(bytes(MAX_FRAME + 1))
