"""The routes of a server."""

from pathlib import Path

import msgspec
from aiohttp import web

from segel.core.wire import codec
from segel.core.wire.answers import Refusal, Refused
from segel.core.wire.ids import MAX_FRAME
from segel.server.delivery import calls
from segel.server.delivery.connection import Connection
from segel.server.delivery.context import Context
from segel.server.http import headers, static
from segel.server.http.about import Operator, about
from segel.server.http.blobs import BlobRoutes
from segel.server.http.socket import Socket, same_origin
from segel.server.ledger.ledger import ledger
from segel.server.log import Log
from segel.server.refusals import DETAILS, Refuse


class Http:
    """One server's HTTP side. `goodbye` ends all sockets."""

    def __init__(self, on: Context, log: Log, who: Operator, *, tls: bool, folder: Path) -> None:
        self._on = on
        self._log = log
        self._who = who
        self._sockets: set[Socket] = set()
        self.app = web.Application(client_max_size=MAX_FRAME)
        self.app.on_response_prepare.append(headers.on_prepare(tls))
        self.app.router.add_get("/v1/socket", self._socket, expect_handler=headers.expected)
        self.app.router.add_post("/v1/call", self._call, expect_handler=headers.expected)
        self.app.router.add_get("/v1/server", self._server, expect_handler=headers.expected)
        self.app.router.add_get("/v1/ledger", self._ledger, expect_handler=headers.expected)
        self.app.router.add_get("/v1/health", self._health, expect_handler=headers.expected)
        BlobRoutes(on.store).add_to(self.app)
        static.add_routes(self.app, folder)

    def goodbye(self) -> None:
        """Tells every client that the server goes away."""
        for socket in list(self._sockets):
            socket.say_goodbye("shutdown")

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not same_origin(request):
            raise web.HTTPForbidden
        # aiohttp refuses a message of this size, not only those above it.
        ws = web.WebSocketResponse(compress=False, max_msg_size=MAX_FRAME + 1)
        try:
            await ws.prepare(request)
        except ValueError:  # a key that is not even text
            raise web.HTTPBadRequest from None
        transport = request.transport
        if transport is not None:
            budget = self._on.addresses.budget(request.remote)
            socket = Socket(self._on, self._log, ws, transport, budget)
            self._sockets.add(socket)
            try:
                await socket.run()
            finally:
                self._sockets.discard(socket)
        return ws

    async def _call(self, request: web.Request) -> web.Response:
        if not same_origin(request):
            raise web.HTTPForbidden
        try:
            call = codec.decode_call(await request.read())
        except (codec.Malformed, web.RequestPayloadError):
            refused = Refused(0, Refusal("malformed", DETAILS["malformed"], None, None))
            return _binary(codec.encode(refused), 400)
        if call.proof is None:
            refused = Refused(call.id, Refusal("not_proven", DETAILS["not_proven"], None, None))
            return _binary(codec.encode(refused), 403)
        budget = self._on.addresses.call_budget(request.remote)
        answer = await calls.answer(self._on, Connection(b"", None, budget), call)
        return _binary(codec.encode(answer), 200)

    async def _server(self, request: web.Request) -> web.Response:
        media = self._on.media.running
        quota = self._on.store.blobs.quota
        return web.json_response(about(self._who, self._on.server_key.public, media, quota))

    async def _ledger(self, request: web.Request) -> web.Response:
        return web.Response(
            body=msgspec.json.encode(ledger()), content_type="application/json", charset="utf-8"
        )

    async def _health(self, request: web.Request) -> web.Response:
        try:
            await self._on.store.probe()
        except Refuse:
            return web.json_response({"status": "storage"}, status=503)
        relay = self._on.media.running
        status = {"status": "ok" if relay else "relay"}
        return web.json_response(status, status=200 if relay else 503)


def _binary(body: bytes, status: int) -> web.Response:
    return web.Response(body=body, content_type="application/octet-stream", status=status)
