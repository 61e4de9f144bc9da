"""A client of the wire for tests and benches: it speaks the protocol and holds epoch keys, without
MLS.
"""

import asyncio
import os
import ssl
from hashlib import sha256
from types import TracebackType
from typing import TypeVar

import aiohttp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from segel.core.wire import codec, hashes, requests, signing
from segel.core.wire.answers import (
    Appended,
    Entered,
    Event,
    Goodbye,
    Hello,
    Opened,
    Refusal,
    Refused,
    Reply,
    Result,
    ServerMessage,
)
from segel.core.wire.ids import MAX_FRAME

E = TypeVar("E")
TIMEOUT = 20.0
"""Seconds after which a missing answer or event is a failure."""


def of(kind: type[E], value: object) -> E:
    """The value, which must be of this kind. Raises AssertionError."""
    if not isinstance(value, kind):
        raise AssertionError(f"no {kind.__name__}: {value}")
    return value


class RefusedError(Exception):
    """The server refused the request."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class Key:
    """An Ed25519 key pair."""

    def __init__(self, seed: bytes | None = None) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed or os.urandom(32))
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature."""
        return self._key.sign(message)


class Epoch:
    """A node of a group with its epoch key."""

    def __init__(self, group: bytes, node: bytes, key: Key) -> None:
        self.group, self.node, self.key = group, node, key

    def next(self, commit: bytes, key: Key) -> "Epoch":
        """The epoch that a commit makes."""
        node = hashes.child_node(self.node, sha256(commit).digest(), key.public)
        return Epoch(self.group, node, key)


class NewMeeting:
    """A meeting that is about to be opened."""

    def __init__(
        self, generation: int = 1, alias: bytes | None = None, opener: Key | None = None
    ) -> None:
        self.alias, self.opener = alias or os.urandom(32), opener or Key()
        key, group = Key(), os.urandom(32)
        self.epoch = Epoch(group, hashes.root_node(group, key.public), key)
        self.generation = generation

    def request(
        self, ttl_days: requests.TtlDays = 1, invitation: bytes | None = None
    ) -> requests.OpenGeneration:
        """The request that opens it."""
        epoch = self.epoch
        signed = signing.opening(
            self.alias, self.generation, epoch.group, epoch.key.public, ttl_days
        )
        return requests.OpenGeneration(
            self.alias,
            self.generation,
            epoch.group,
            epoch.key.public,
            ttl_days,
            self.opener.public,
            self.opener.sign(signed),
            b"announcement 1",
            invitation,
        )


class WireClient:
    """One connection. Use as `async with WireClient(url) as client`.

    `trusted` is what a server's certificate is checked with, where the system's is not meant.
    """

    def __init__(
        self, url: str, origin: str | None = None, trusted: ssl.SSLContext | None = None
    ) -> None:
        self._url, self._trusted = url, trusted or True
        self._headers = {} if origin is None else {"Origin": origin}
        self._session = aiohttp.ClientSession()
        self._calls: dict[int, asyncio.Future[Result]] = {}
        self._next = 0
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.refused: asyncio.Queue[Refusal] = asyncio.Queue()
        """Refusals with id 0: of frames that were no calls."""
        self.closed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        """The close code, once the socket is closed."""
        self.goodbye: Goodbye | None = None

    async def __aenter__(self) -> "WireClient":
        try:
            self.ws = await self._session.ws_connect(
                f"{self._url}/v1/socket",
                headers=self._headers,
                max_msg_size=MAX_FRAME,
                ssl=self._trusted,
            )
            hello = codec.decode_server(await self.ws.receive_bytes(timeout=TIMEOUT))
        except BaseException:
            await self._session.close()
            raise
        self.hello = of(Hello, hello)
        self.log_id = hashes.log_id(self.hello.server_key)
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.ws.close()
        await self._reader
        await self._session.close()

    def send(
        self, request: requests.Request, proof: requests.Proof | None = None
    ) -> "asyncio.Future[Result]":
        """Sends a call; the future has its result, or RefusedError."""
        self._next += 1
        call = requests.Call(self._next, codec.encode(request), proof)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._calls[self._next] = future
        self._sending = asyncio.ensure_future(self.ws.send_bytes(codec.encode(call)))
        return future

    async def ask(self, request: requests.Request, proof: requests.Proof | None = None) -> Result:
        """The result of a call. Raises RefusedError, TimeoutError."""
        return await asyncio.wait_for(self.send(request, proof), TIMEOUT)

    async def expect(self, kind: type[E]) -> E:
        """The next event, which must be of this kind."""
        return of(kind, await asyncio.wait_for(self.events.get(), TIMEOUT))

    async def open(self, meeting: NewMeeting) -> Opened:
        """Opens a meeting."""
        return of(Opened, await self.ask(meeting.request()))

    async def enter(self, epoch: Epoch, after: int = 0) -> Entered:
        """Enters an epoch."""
        signed = signing.connection(self.log_id, self.hello.challenge, epoch.group, epoch.node)
        ask = requests.Enter(epoch.group, epoch.node, after, epoch.key.sign(signed))
        return of(Entered, await self.ask(ask))

    async def append(self, epoch: Epoch, body: bytes) -> Appended:
        """Appends a message."""
        return of(Appended, await self.ask(requests.Append(epoch.group, epoch.node, body)))

    async def commit(self, epoch: Epoch, commit: bytes, key: Key) -> Epoch:
        """Makes the next epoch."""
        ask = requests.Commit(epoch.group, epoch.node, commit, key.public, None)
        of(Appended, await self.ask(ask))
        return epoch.next(commit, key)

    async def _read(self) -> None:
        async for message in self.ws:
            self._take(codec.decode_server(message.data))
        self.closed.set_result(self.ws.close_code)
        for future in self._calls.values():
            future.cancel()

    def _take(self, message: ServerMessage) -> None:
        match message:
            case Reply(id=number, result=result):
                self._calls.pop(number).set_result(result)
            case Refused(id=0, refusal=refusal):
                self.refused.put_nowait(refusal)
            case Refused(id=number, refusal=refusal):
                self._calls.pop(number).set_exception(RefusedError(refusal))
            case Goodbye():
                self.goodbye = message
            case Hello():
                raise AssertionError("a second Hello")
            case _:
                self.events.put_nowait(message)


def proof(
    log_id: bytes, epoch: Epoch, request: requests.Request, expiry: int, key: Key | None = None
) -> requests.Proof:
    """A proof of the epoch's key (or of another) for one request."""
    nonce = os.urandom(16)
    body = codec.encode(request)
    signed = signing.request(log_id, epoch.group, epoch.node, nonce, expiry, body)
    return requests.Proof(epoch.group, epoch.node, nonce, expiry, (key or epoch.key).sign(signed))
