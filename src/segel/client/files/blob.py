"""A blob at a server, asked for by HTTP (blobs.md)."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from io import BytesIO
from typing import NamedTuple

import aiohttp

_FIRST_WAIT, _LONGEST_WAIT, _LONGEST_ASKED = 0.25, 8.0, 60.0
_SILENT_FOR = 60.0
"""Seconds."""


class Blob(NamedTuple):
    """A blob with the secret that it is asked for by: the read capability, or the write token."""

    session: aiohttp.ClientSession
    origin: str
    name: bytes
    secret: bytes

    def ask(
        self, method: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> "aiohttp.client._RequestContextManager":
        """One request. A redirect would lead to what nobody asked for: there is none."""
        return self.session.request(
            method,
            f"{self.origin}/v1/blobs/{_text(self.name)}",
            headers={**headers, "Authorization": f"Bearer {_text(self.secret)}"},
            data=None if body is None else BytesIO(body),
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=15, sock_read=_SILENT_FOR),
        )

    async def discard(self) -> None:
        """Has the server forget it; whatever comes of it, its days will end it."""
        try:
            async with self.ask("DELETE", {}):
                pass
        except (aiohttp.ClientError, OSError, TimeoutError):
            return


class Patience:
    """Waits that double until something went well."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        """It went on: the next wait is short."""
        self._failures = 0

    async def wait(self, least: float = 0.0) -> None:
        """Waits, at least so many seconds."""
        pause = max(least, min(_LONGEST_WAIT, _FIRST_WAIT * 2**self._failures))
        self._failures += 1
        await asyncio.sleep(pause)


def retry_after(answer: aiohttp.ClientResponse) -> float:
    """Seconds that the answer asks to wait."""
    asked = answer.headers.get("Retry-After", "0")
    return min(_LONGEST_ASKED, float(asked)) if asked.isdecimal() else 0.0


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
