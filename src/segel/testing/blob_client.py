"""A client of blobs for tests and benches (docs/protocol/blobs.md)."""

import io
import os
import ssl
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from types import TracebackType

import aiohttp
from multidict import CIMultiDictProxy

from segel.core.wire import hashes, requests
from segel.core.wire.answers import BlobCreated
from segel.testing.wire_client import Epoch, WireClient, of


def text(data: bytes) -> str:
    """Unpadded base64url."""
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(slots=True, frozen=True)
class Secrets:
    """A blob's two secrets."""

    capability: bytes = field(default_factory=lambda: os.urandom(32))
    token: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def name(self) -> bytes:
        """The blob's name."""
        return hashes.blob_name(self.capability)

    def request(self, epoch: Epoch, size: int) -> requests.CreateBlob:
        """The request that makes room for it."""
        hashed = sha256(self.token).digest()
        return requests.CreateBlob(epoch.group, epoch.node, self.name, hashed, size)


@dataclass(slots=True, frozen=True)
class Got:
    """An answer with its whole body."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def offset(self) -> int:
        """Upload-Offset."""
        return int(self.headers["Upload-Offset"])


async def create(client: WireClient, epoch: Epoch, size: int) -> Secrets:
    """Makes room for a new blob."""
    secrets = Secrets()
    of(BlobCreated, await client.ask(secrets.request(epoch, size)))
    return secrets


class BlobClient:
    """Sends and fetches over one HTTP session. Use as `async with BlobClient(url) as client`.

    `trusted` is what a server's certificate is checked with, where the system's is not meant.
    """

    def __init__(self, url: str, trusted: ssl.SSLContext | None = None) -> None:
        self._url, self._trusted = url, trusted or True

    async def __aenter__(self) -> "BlobClient":
        connector = aiohttp.TCPConnector(ssl=self._trusted)
        self.session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.session.close()

    def address(self, name: bytes) -> str:
        """Where the blob is."""
        return f"{self._url}/v1/blobs/{text(name)}"

    async def ask(
        self, method: str, name: bytes, secret: bytes, body: object = None, **headers: str
    ) -> Got:
        """One request. Underscores in the names of headers stand for hyphens."""
        named = {each.replace("_", "-"): value for each, value in headers.items()}
        named.setdefault("Authorization", f"Bearer {text(secret)}")
        async with self.session.request(
            method, self.address(name), data=body, headers=named
        ) as got:
            return Got(got.status, got.headers, await got.read())

    async def put(self, secrets: Secrets, offset: int, body: object) -> Got:
        """Uploads bytes, or what gives them in pieces, from an offset on."""
        body = io.BytesIO(body) if isinstance(body, bytes) else body
        return await self.ask("PUT", secrets.name, secrets.token, body, Upload_Offset=str(offset))

    async def offset(self, secrets: Secrets) -> int:
        """How much of the blob is durable."""
        return (await self.ask("HEAD", secrets.name, secrets.token)).offset

    async def get(self, secrets: Secrets, **headers: str) -> Got:
        """Downloads the blob, or a range of it."""
        return await self.ask("GET", secrets.name, secrets.capability, **headers)

    async def delete(self, secrets: Secrets) -> Got:
        """Deletes the blob."""
        return await self.ask("DELETE", secrets.name, secrets.token)
