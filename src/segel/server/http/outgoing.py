"""What waits to be sent on one socket: whole frames, written together once a loop turn.

A server's frames are not masked (RFC 6455 5.1), so a message that goes to a hundred readers is
encoded once; writing them together costs one call of the kernel a connection, whatever their
number.
"""

import asyncio
from collections.abc import Callable
from struct import pack

from segel.server.delivery.limits import MAX_OUTGOING

CLOSING = 10.0
"""Seconds a reader has to take what waits for it once its connection is being closed."""


def frame_header(length: int) -> bytes:
    """The header of one unmasked binary frame (RFC 6455 5.2)."""
    if length < 126:
        return bytes((0x82, length))
    if length < 65_536:
        return pack("!BBH", 0x82, 126, length)
    return pack("!BBQ", 0x82, 127, length)


class Outgoing:
    """The frames of one transport. `overflow` is called once when the reader is too slow."""

    def __init__(
        self,
        transport: asyncio.WriteTransport,
        loop: asyncio.AbstractEventLoop,
        overflow: Callable[[], None],
    ) -> None:
        self._transport = transport
        self._loop = loop
        self._overflow = overflow
        self._waiting: list[bytes] = []
        self._size = 0
        self._closed = False
        self._overflowing = False

    def send(self, payload: bytes) -> None:
        """Queues one message; never waits."""
        if self._closed:
            return
        if not self._waiting:
            self._loop.call_soon(self.flush)
        self._waiting += (frame_header(len(payload)), payload)
        self._size += len(payload)
        if self._size > MAX_OUTGOING:
            self._too_much()

    def flush(self) -> None:
        """Hands what waits to the transport."""
        if self._waiting and not self._transport.is_closing():
            self._transport.write(b"".join(self._waiting))
        self._waiting.clear()
        self._size = 0
        if self._transport.get_write_buffer_size() > MAX_OUTGOING:
            self._too_much()

    def _too_much(self) -> None:
        if not self._overflowing:
            self._overflowing = True
            self._overflow()

    def finish(self, payload: bytes, code: int) -> None:
        """Sends a last message and a close frame, and closes: what waits has `CLOSING` seconds."""
        if self._closed:
            return
        self.send(payload)
        self._closed = True
        self.flush()
        if not self._transport.is_closing():
            self._transport.write(pack("!BBH", 0x88, 2, code))
            self._transport.close()
            self._loop.call_later(CLOSING, self._transport.abort)

    def stop(self) -> None:
        """Sends nothing more."""
        self.flush()
        self._closed = True
