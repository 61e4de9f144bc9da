"""One WebSocket to a server that comes back by itself (wire.md 1, meeting.md 9)."""

import asyncio
import contextlib
import os
from typing import Protocol, TypeVar

import aiohttp

from segel.client.errors import Away, RefusedCall, Unreachable
from segel.core.crypto.entropy import Entropy
from segel.core.wire import codec
from segel.core.wire.answers import Event, Goodbye, Hello, Refused, Reply, Result, ServerMessage
from segel.core.wire.ids import MAX_FRAME
from segel.core.wire.requests import Call, Ping, Request

_PING_EVERY, _PATIENCE, _CONNECT_WITHIN = 20.0, 30.0, 15.0
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 8.0
"""Seconds."""

R = TypeVar("R")


class TransportUser(Protocol):
    """Who is told what the connection does."""

    def arrived(self, hello: Hello) -> None:
        """A connection stands, and the server has spoken."""

    def away(self) -> None:
        """The connection is gone; another is on its way."""

    def event(self, event: Event) -> None:
        """Something that the server told."""


class Transport:
    """Calls and events on a connection that is made anew whenever it is lost. `run` carries it."""

    def __init__(
        self, origin: str, session: aiohttp.ClientSession, entropy: Entropy, user: TransportUser
    ) -> None:
        self._url = f"{origin}/v1/socket"
        self._session, self._entropy, self._user = session, entropy, user
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._calls: dict[int, asyncio.Future[Result]] = {}
        self._last = 0
        self._failures = 0

    async def run(self) -> None:
        """Connects, and again. Raises Unreachable where the first connection does not come about:
        who never reached a server is told so; who did, waits.
        """
        first = True
        while True:
            try:
                await self._connection()
            except (aiohttp.ClientError, OSError, TimeoutError, codec.Malformed) as error:
                if first:
                    raise Unreachable(f"{self._url}: {_why(error)}") from error
            first = False
            await asyncio.sleep(self._pause())

    async def call(self, request: Request, kind: type[R]) -> R:
        """The server's answer. Raises Away, RefusedCall."""
        result = await self._send(request)
        if not isinstance(result, kind):
            raise Unreachable(f"{type(result).__name__} is no answer to {type(request).__name__}")
        return result

    async def restart(self) -> None:
        """Drops the connection: to the server one is gone at once, and comes anew."""
        if (socket := self._socket) is not None:
            self._lost()
            await socket.close()

    async def _send(self, request: Request) -> Result:
        socket = self._socket
        if socket is None:
            raise Away("not connected")
        self._last = (self._last + 1) % 2**32
        number = self._last
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._calls[number] = answer
        try:
            async with asyncio.timeout(_PATIENCE):
                await socket.send_bytes(codec.encode(Call(number, codec.encode(request), None)))
                return await answer
        except (TimeoutError, aiohttp.ClientError, OSError):
            await socket.close()
            raise Away("the server does not answer") from None
        finally:
            self._calls.pop(number, None)

    async def _connection(self) -> None:
        """One connection, from the first word to the last."""
        async with asyncio.timeout(_CONNECT_WITHIN):
            socket = await self._session.ws_connect(self._url, max_msg_size=MAX_FRAME)
        try:
            async with asyncio.timeout(_CONNECT_WITHIN):
                hello = await self._message(socket)
            if not isinstance(hello, Hello) or hello.version != codec.VERSION:
                raise Unreachable("the server speaks another version: update Segel")
            self._socket, self._failures = socket, 0
            pinging = asyncio.create_task(self._ping())
            try:
                self._user.arrived(hello)
                while (message := await self._message(socket)) is not None:
                    self._take(message)
            finally:
                pinging.cancel()
        finally:
            self._lost()
            await socket.close()

    @staticmethod
    async def _message(socket: aiohttp.ClientWebSocketResponse) -> ServerMessage | None:
        frame = await socket.receive()
        return codec.decode_server(frame.data) if frame.type is aiohttp.WSMsgType.BINARY else None

    async def _ping(self) -> None:
        with contextlib.suppress(Unreachable):
            while True:
                await asyncio.sleep(_PING_EVERY)
                await self._send(Ping())

    def _take(self, message: ServerMessage) -> None:
        match message:
            case Reply(id=number, result=result):
                if (call := self._calls.pop(number, None)) is not None and not call.done():
                    call.set_result(result)
            case Refused(id=number, refusal=refusal):
                if (call := self._calls.pop(number, None)) is not None and not call.done():
                    call.set_exception(RefusedCall(refusal))
            case Hello() | Goodbye():
                pass
            case _:
                self._user.event(message)

    def _lost(self) -> None:
        if self._socket is None:
            return
        self._socket = None
        for call in self._calls.values():
            if not call.done():
                call.set_exception(Away("the connection was lost"))
        self._user.away()

    def _pause(self) -> float:
        """Doubling, and between half and the whole of it: many clients must not come at once."""
        whole = min(_LONGEST_WAIT, _FIRST_WAIT * 2**self._failures)
        self._failures += 1
        return float(whole * (1 + self._entropy.random(1)[0] / 256) / 2)


def _why(error: Exception) -> str:
    """In a few words: those of aiohttp hold its settings too."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return f"its certificate is not trusted: {error.certificate_error}"
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return "TLS does not come about"
    if isinstance(error, aiohttp.ClientConnectorError):
        number = error.errno or 0
        return os.strerror(number) if number > 0 else str(error.strerror)
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"there is no Segel ({error.status})"
    if isinstance(error, TimeoutError):
        return "no answer"
    return str(error) or type(error).__name__
