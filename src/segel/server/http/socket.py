"""`/v1/socket`: one client's calls and events (wire.md 1)."""

import asyncio
import os
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from segel.core.wire import codec
from segel.core.wire.answers import Goodbye, Hello, Refusal, Refused
from segel.core.wire.ids import MAX_BODY
from segel.core.wire.requests import Call
from segel.server.delivery import calls
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context
from segel.server.delivery.limits import IDLE, Budget
from segel.server.http.outgoing import Outgoing
from segel.server.log import Log
from segel.server.refusals import DETAILS

MAX_MALFORMED = 3
"""Frames that do not parse before the socket is closed."""

RETRY_AFTER = 500
"""Milliseconds after which a client may come back."""


def same_origin(request: web.Request) -> bool:
    """Programs send no Origin; a page may connect only to the server that it came from."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc == request.host
    except ValueError:
        return False


class Socket:
    """One WebSocket: reads frames, starts calls, sends answers."""

    def __init__(
        self,
        on: Context,
        log: Log,
        ws: web.WebSocketResponse,
        transport: asyncio.WriteTransport,
        budget: Budget,
    ) -> None:
        self._on = on
        self._log = log
        self._ws = ws
        self._loop = asyncio.get_running_loop()
        self._outgoing = Outgoing(transport, self._loop, lambda: self.say_goodbye("slow"))
        self._connection = Connection(os.urandom(32), self._outgoing.send, budget)
        self._tasks: set[asyncio.Task[None]] = set()
        self._malformed = 0
        self._heard = self._loop.time()

    async def run(self) -> None:
        """Serves the socket until it is closed."""
        now = int(self._on.now())
        key = self._on.server_key.public
        hello = Hello(codec.VERSION, key, self._connection.challenge, now, MAX_BODY)
        self._connection.tell(hello)
        self._watch = self._loop.call_later(IDLE, self._check_silence)
        try:
            await self._read()
        finally:
            self._watch.cancel()
            self._outgoing.stop()
            calls.end(self._on, self._connection)

    def say_goodbye(self, reason: Literal["shutdown", "slow", "idle"]) -> None:
        """Closes the socket after a Goodbye."""
        goodbye = Goodbye(reason, RETRY_AFTER)
        self._outgoing.finish(codec.encode(goodbye), WSCloseCode.GOING_AWAY)

    async def _read(self) -> None:
        async for message in self._ws:
            self._heard = self._loop.time()
            if message.type is not WSMsgType.BINARY:
                await self._close(WSCloseCode.UNSUPPORTED_DATA)
            elif not self._frame(message.data):
                await self._close(WSCloseCode.POLICY_VIOLATION)

    def _frame(self, data: bytes) -> bool:
        """Starts the call in a frame; False once too many were none."""
        try:
            call = codec.decode_call(data)
        except codec.Malformed:
            self._malformed += 1
            refusal = Refusal("malformed", DETAILS["malformed"], None, None)
            self._connection.tell(Refused(0, refusal))
            return self._malformed < MAX_MALFORMED
        task = self._loop.create_task(self._answer(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return True

    async def _answer(self, call: Call) -> None:
        try:
            self._connection.tell(await calls.answer(self._on, self._connection, call))
        except (
            Exception
        ) as error:  # the socket lives on, and the client learns that it was not its fault
            self._log.write("error", "call_failed", error=type(error).__name__)
            self._connection.tell(
                Refused(call.id, Refusal("internal", DETAILS["internal"], None, None))
            )

    async def _close(self, code: int) -> None:
        self._outgoing.flush()
        await self._ws.close(code=code)

    def _check_silence(self) -> None:
        if self._loop.time() - self._heard >= IDLE:
            self.say_goodbye("idle")
        else:
            self._watch = self._loop.call_at(self._heard + IDLE, self._check_silence)
