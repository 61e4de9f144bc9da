"""`/v1/blobs/NAME`: sealed files come, go out and are deleted (blobs.md 3 to 6)."""

import asyncio
import contextlib
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from types import MappingProxyType

from aiohttp import web

from segel.core.wire import hashes
from segel.server.http import ranges, upload
from segel.server.http.headers import expected
from segel.server.http.socket import same_origin
from segel.server.http.transfers import TooMany, Transfers
from segel.server.http.upload import PIECE, Gone, TooLong, Upload, disk
from segel.server.refusals import Refuse
from segel.server.storage.blob_files import BlobFile
from segel.server.storage.blobs import Blob
from segel.server.storage.store import Store

HEADERS = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": "attachment",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""Besides those of every response: what is in a blob never becomes a page of this server."""

NAME = re.compile(r"[A-Za-z0-9_-]{43}")
BEARER = re.compile(r"bearer ([A-Za-z0-9_-]{22}|[A-Za-z0-9_-]{43})", re.IGNORECASE)
OFFSET = re.compile(r"[0-9]{1,16}")
TOKEN_SIZE, CAPABILITY_SIZE = 16, 32

BROKEN = (ConnectionError, web.RequestPayloadError)
"""What aiohttp raises where a connection ends within a body, or the body is none."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Not(Exception):
    """The request is not carried out: `response` says why."""

    def __init__(self, status: int, headers: Mapping[str, str] = MappingProxyType({})) -> None:
        super().__init__(status)
        self.response = _answer(status, headers)


class BlobRoutes:
    """The four methods. Whoever may not do something is told what is told of a blob that is not
    there.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._transfers = Transfers()

    def add_to(self, app: web.Application) -> None:
        """Adds the routes."""
        path, get = "/v1/blobs/{name}", self._answered(self._get)
        app.router.add_put(path, self._answered(self._put), expect_handler=expected)
        app.router.add_head(path, self._answered(self._head), expect_handler=expected)
        app.router.add_get(path, get, allow_head=False, expect_handler=expected)
        app.router.add_delete(path, self._answered(self._delete), expect_handler=expected)

    def _answered(self, handler: Handler) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            if not same_origin(request):
                return _answer(403)
            try:
                with self._transfers.slot(request.remote):
                    return await handler(request)
            except TooMany:
                return _answer(429, {"Retry-After": "5"})
            except _Not as refused:
                return refused.response
            except Refuse as refused:
                if refused.refusal.code == "storage_full":
                    return _answer(507, {"Retry-After": "30"})
                return _answer(500)

        return answer

    async def _put(self, request: web.Request) -> web.Response:
        asked = request.headers.get("Upload-Offset", "")
        if not OFFSET.fullmatch(asked):
            raise _Not(400)
        async with self._written(request) as blob:
            if int(asked) != blob.stored:
                return _progress(409, blob.stored, blob.size)
            if (request.content_length or 0) > blob.size - blob.stored:
                return _progress(413, blob.stored, blob.size)
            file = await self._open(blob)
            try:
                coming = Upload(self._store, blob, file)
                status = await _receive(coming, request)
                return _progress(status, await coming.settle(), blob.size)
            except Gone:
                raise _Not(404) from None
            finally:
                await asyncio.shield(self._store.blob_files.run(file.close))

    async def _head(self, request: web.Request) -> web.StreamResponse:
        name, secret = _named(request)
        if len(secret) == TOKEN_SIZE:
            async with self._written(request) as blob:
                return _progress(204, blob.stored, blob.size)
        blob = await self._readable(name, secret)
        response = web.StreamResponse(headers=HEADERS | {"Accept-Ranges": "bytes"})
        response.content_length = blob.size
        await response.prepare(request)
        return response

    async def _get(self, request: web.Request) -> web.StreamResponse:
        blob = await self._readable(*_named(request))
        response = web.StreamResponse(headers=HEADERS | {"Accept-Ranges": "bytes"})
        begin, end = 0, blob.size
        if "Range" in request.headers and "If-Range" not in request.headers:
            begin, end = _range(request, blob.size)
            response.set_status(206)
            response.headers["Content-Range"] = f"bytes {begin}-{end - 1}/{blob.size}"
        response.content_length = end - begin
        try:
            file = await self._store.blob_files.run(self._store.blob_files.open_to_read, blob)
        except OSError:
            raise _Not(404) from None
        try:
            await response.prepare(request)
            await self._send(response, file, begin, end)
        except (TimeoutError, OSError):  # too slow, gone, or the disk fails: nothing can be said
            if request.transport is not None:
                request.transport.abort()
        finally:
            await asyncio.shield(self._store.blob_files.run(file.close))
        return response

    async def _send(
        self, response: web.StreamResponse, file: BlobFile, begin: int, end: int
    ) -> None:
        """While one piece is sent, the next one is read. Raises TimeoutError, OSError."""
        reading = self._store.blob_files.run(file.read, begin, min(PIECE, end - begin))
        while begin < end:
            piece = await reading
            if not piece:
                raise OSError("the file is shorter than its blob")
            begin += len(piece)
            if begin < end:
                reading = self._store.blob_files.run(file.read, begin, min(PIECE, end - begin))
            async with asyncio.timeout(upload.PATIENCE):
                await response.write(piece)
        await response.write_eof()

    async def _delete(self, request: web.Request) -> web.Response:
        async with self._written(request) as blob:
            await self._store.run(lambda db: self._store.blobs.delete(db, blob.name))
            await disk(self._store.blob_files.run(self._store.blob_files.remove, blob))
            return _answer(204)

    @contextlib.asynccontextmanager
    async def _written(self, request: web.Request) -> AsyncIterator[Blob]:
        """The blob whose write token the request has; no upload of it runs meanwhile."""
        name, token = _named(request)
        await self._of_writer(name, token)
        if request.transport is None:
            raise _Not(400)
        async with self._transfers.alone(name, request.transport):
            yield await self._of_writer(name, token)

    async def _of_writer(self, name: bytes, token: bytes) -> Blob:
        blob = await self._find(name)
        if blob is None or not blob.written_by(token):
            raise _Not(404)
        return blob

    async def _readable(self, name: bytes, capability: bytes) -> Blob:
        """The blob that the capability names: asked for only by whoever has it."""
        if len(capability) != CAPABILITY_SIZE or hashes.blob_name(capability) != name:
            raise _Not(404)
        blob = await self._find(name)
        if blob is None or blob.stored < blob.size:
            raise _Not(404)
        return blob

    async def _find(self, name: bytes) -> Blob | None:
        today = self._store.today
        return await self._store.run(lambda db: self._store.blobs.find(db, name, today))

    async def _open(self, blob: Blob) -> BlobFile:
        files, today = self._store.blob_files, self._store.today
        return await disk(files.run(files.open_to_write, blob, today))


def _named(request: web.Request) -> tuple[bytes, bytes]:
    """The name and the secret of a request; what is none is answered 404."""
    name = request.match_info["name"]
    bearer = BEARER.fullmatch(request.headers.get("Authorization", ""))
    if bearer is None or not NAME.fullmatch(name):
        raise _Not(404)
    return urlsafe_b64decode(name + "="), urlsafe_b64decode(bearer[1] + "==")


def _range(request: web.Request, size: int) -> tuple[int, int]:
    try:
        return ranges.parse(request.headers["Range"], size)
    except ranges.Unsatisfiable:
        raise _Not(416, {"Content-Range": f"bytes */{size}"}) from None


async def _receive(coming: Upload, request: web.Request) -> int:
    """Takes the body; the status that it comes to."""
    try:
        await coming.receive(request.content)
    except TimeoutError:
        return 408
    except TooLong:
        return 413
    except BROKEN:
        return 400
    return 204


def _progress(status: int, stored: int, size: int) -> web.Response:
    return _answer(status, {"Upload-Offset": str(stored), "Upload-Length": str(size)})


def _answer(status: int, headers: Mapping[str, str] = MappingProxyType({})) -> web.Response:
    return web.Response(status=status, headers={**HEADERS, **headers})
