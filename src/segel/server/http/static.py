"""The web client's files."""

import asyncio
from pathlib import Path

from aiohttp import web

from segel.server.http.headers import PREVIEW, expected

FOLDER = Path(__file__).parents[1] / "static"
"""Where the build puts the web client."""

MANIFEST = "bundle.json"
"""Names each file of the web client by its hash; also at `/v1/bundle` (docs/supply-chain.md)."""

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Segel</title>
<h1>The server runs, but its web client is not built</h1>
<p>Run <code>make run</code> in the source folder, or <code>npm run build</code> in its
<code>web</code> folder, and load this page again.</p>
"""


def add_routes(app: web.Application, folder: Path) -> None:
    """Serves the files of `folder`; `/`, `/m` and `/keeps` are its index.html. That page also tells
    a person that an address leads nowhere, with status 404; a program gets the bare status.
    """
    page = folder / "index.html"

    async def index(request: web.Request) -> web.StreamResponse:
        if page.is_file():
            return web.FileResponse(page, headers={"Cache-Control": REVALIDATE})
        return web.Response(text=NOT_BUILT, content_type="text/html", status=503)

    async def file(request: web.Request) -> web.StreamResponse:
        path = await asyncio.to_thread(_find, folder, request.match_info["path"])
        if path is None:
            if "text/html" in request.headers.get("Accept", "") and page.is_file():
                return web.FileResponse(page, status=404)
            raise web.HTTPNotFound
        headers = {"Cache-Control": IMMUTABLE if path.parent.name == "assets" else REVALIDATE}
        if path.name == "preview.html":
            headers |= PREVIEW
        return web.FileResponse(path, headers=headers)

    async def bundle(request: web.Request) -> web.StreamResponse:
        if (folder / MANIFEST).is_file():
            return web.FileResponse(folder / MANIFEST, headers={"Cache-Control": REVALIDATE})
        raise web.HTTPNotFound

    app.router.add_get("/v1/bundle", bundle, expect_handler=expected)
    app.router.add_get("/", index, expect_handler=expected)
    app.router.add_get("/m", index, expect_handler=expected)
    app.router.add_get("/keeps", index, expect_handler=expected)
    app.router.add_get("/{path:.+}", file, expect_handler=expected)


def _find(folder: Path, name: str) -> Path | None:
    """The file of that name inside the folder, links resolved; None where there is none."""
    try:
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()) and path.is_file():
            return path
    except (ValueError, OSError):  # a name that no file can have
        pass
    return None
