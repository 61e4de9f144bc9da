"""A real media process, and clients that attach to it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from segel.server.log import Log
from segel.server.sfu.dtls import Certificate
from segel.server.sfu.engine import Event, Publish, Receive, SfuConfig, SfuEngine, Track
from segel.testing.media_client import MediaClient

MEETING = b"meeting".ljust(16, b"\0")
CERTIFICATE = Certificate()


@dataclass
class Meeting:
    """One meeting on a real media process."""

    engine: SfuEngine = field(init=False)
    events: list[Event] = field(default_factory=list)
    clients: list[MediaClient] = field(default_factory=list)
    tracks: dict[MediaClient, dict[str, Track]] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def keep(self, event: Event) -> None:
        """The engine's event handler."""
        self.events.append(event)
        self.changed.set()

    async def until_told(self, event: Event) -> None:
        """Wait for an event; TimeoutError."""
        async with asyncio.timeout(10):
            while event not in self.events:
                self.changed.clear()
                await self.changed.wait()

    def name(self, client: MediaClient) -> bytes:
        """The client's identifier."""
        return self.clients.index(client).to_bytes(16)

    def client(self) -> MediaClient:
        """A client that has not attached yet."""
        client = MediaClient(CERTIFICATE, seed=len(self.clients) + 1)
        self.clients.append(client)
        self.tracks[client] = {}
        return client

    async def attach(self, client: MediaClient, tracks: dict[str, Track]) -> dict[str, bytes]:
        """Attach and connect; the published streams by mid."""
        self.tracks[client] = dict(tracks)
        answered = await self.engine.attach(MEETING, self.name(client), client.offer(), tracks)
        await client.connect(answered.answer)
        return answered.streams

    async def publisher(self) -> tuple[MediaClient, str, bytes]:
        """A connected client that publishes video: the client, its mid, its stream."""
        client = self.client()
        mid = client.publish("video")
        streams = await self.attach(client, {mid: Publish("camera")})
        return client, mid, streams[mid]

    async def watcher(self, stream: bytes) -> tuple[MediaClient, str]:
        """A connected client that receives the video stream: the client and its mid."""
        client = self.client()
        mid = client.receive("video")
        await self.attach(client, {mid: Receive(stream)})
        return client, mid


@pytest.fixture
async def meeting() -> AsyncIterator[Meeting]:
    """An empty meeting; everything is ended afterwards."""
    meeting = Meeting()
    meeting.engine = await SfuEngine.start(SfuConfig(port=0), meeting.keep, Log("error"))
    yield meeting
    for client in meeting.clients:
        await client.close()
    await meeting.engine.close()
