"""The floor of `bench.files`: the least handlers that keep a file and give it out, in the same
process as the server that they are compared with.
"""

import asyncio
import os
from pathlib import Path

from aiohttp import web

from segel.server.http.blobs import BlobRoutes

PIECE = 256 * 2**10

PATCH = "import bench.files_floor as floor; floor.add({folder!r})"
"""Run before the server starts, it adds the routes."""


def add(folder: str) -> None:
    """Every server of this process serves `PUT` and `GET /floor/NAME` as well."""
    add_blobs = BlobRoutes.add_to

    def add_to(routes: BlobRoutes, app: web.Application) -> None:
        add_blobs(routes, app)
        app.router.add_put("/floor/{name}", put)
        app.router.add_get("/floor/{name}", get)

    async def put(request: web.Request) -> web.Response:
        """Appends a body, and answers once it is on disk."""
        run = asyncio.get_running_loop().run_in_executor
        path = Path(folder, request.match_info["name"])
        handle = await run(None, os.open, path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        async for data in request.content.iter_chunked(PIECE):
            await run(None, os.write, handle, data)
        await run(None, os.fdatasync, handle)
        os.close(handle)
        return web.Response(status=204)

    async def get(request: web.Request) -> web.StreamResponse:
        return web.FileResponse(Path(folder, request.match_info["name"]))

    BlobRoutes.add_to = add_to  # type: ignore[assignment, method-assign]
