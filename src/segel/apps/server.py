"""The wiring of one server on one screen: data folder, storage, delivery, relay, HTTP."""

import asyncio
import contextlib
import shutil
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

import click
from aiohttp import web

from segel.apps import output
from segel.apps.addresses import is_loopback
from segel.apps.ports import listen, probe_udp
from segel.apps.tls import Renewable
from segel.server import data
from segel.server.delivery.context import Context
from segel.server.delivery.doors import Doors
from segel.server.delivery.groups import LiveGroups
from segel.server.delivery.media import Media
from segel.server.http.about import Operator
from segel.server.http.app import Http
from segel.server.http.static import FOLDER
from segel.server.log import Log
from segel.server.refusals import Refuse
from segel.server.sfu.engine import EngineError, SfuConfig, SfuEngine
from segel.server.storage.blobs import Quota
from segel.server.storage.store import HOUR, Store

PLAIN_HTTP = (
    "Warning: plain HTTP on an address that others reach. Browsers refuse camera, microphone and "
    "keys without TLS: give --tls-cert and --tls-key, or put a TLS proxy in front."
)

EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what was asked for
"""Of an address that stands for all of this machine's, one that can be opened."""

FAREWELL = 0.3
"""Seconds that clients have to take their Goodbye before the sockets are closed."""


@dataclass(slots=True, frozen=True)
class FileLimits:
    """What files may take, in bytes. `all` is None for half of the disk."""

    largest: int
    group: int
    all: int | None

    def quota(self, folder: Path) -> Quota:
        """The limits on the disk of this folder. Raises OSError."""
        everything = self.all or shutil.disk_usage(folder).total // 2
        return Quota(self.largest, self.group, everything)


@dataclass(slots=True, frozen=True)
class Settings:
    """What `segel serve` was told."""

    host: str
    port: int
    data: Path
    media_port: int
    media_addresses: tuple[str, ...]
    tls: Renewable | None
    who: Operator
    files: FileLimits


async def serve(settings: Settings, log: Log) -> None:
    """Runs a server until SIGTERM or SIGINT. Raises Failure, DataFolderError, WrongVersion."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        claim = data.Claim(settings.data)
        stack.callback(claim.release)
        listener = stack.enter_context(listen(settings.host, settings.port))
        probe_udp(settings.media_port)
        context = await _context(settings, stack)
        await _start_relay(settings, context.media, log, stack)
        http = await _start_http(settings, context, log, listener, stack)
        claim.keep()
        retention = asyncio.create_task(_expire_hourly(context.store, log))
        stack.callback(retention.cancel)
        if settings.tls is not None:
            renewal = asyncio.create_task(settings.tls.follow(log))
            stack.callback(renewal.cancel)
        _warn(settings)
        _announce(settings, listener)
        log.write("info", "started")
        await stop.wait()
        log.write("info", "stopping")
        http.goodbye()
        await asyncio.sleep(FAREWELL)
    log.write("info", "stopped")


async def _context(settings: Settings, stack: contextlib.AsyncExitStack) -> Context:
    """Storage that has been written to once, and what works on it."""
    key = data.server_key(settings.data)
    invited = settings.who.starters == "invited"
    with data.explained(settings.data):
        quota = settings.files.quota(settings.data)
        store = Store(settings.data, key, time.time, invited=invited, quota=quota)
        stack.push_async_callback(store.close)
        await store.expire()
    groups = LiveGroups(asyncio.get_running_loop())
    return Context(store, key, time.time, groups, Doors(groups), Media(groups))


async def _start_relay(
    settings: Settings, media: Media, log: Log, stack: contextlib.AsyncExitStack
) -> None:
    """Messages work without a relay: one that does not start is logged, and offers are refused."""
    config = SfuConfig(announced=settings.media_addresses, port=settings.media_port)
    try:
        relay = await SfuEngine.start(config, media.on_event, log)
    except (EngineError, OSError) as error:
        log.write("error", "relay_failed", error=type(error).__name__)
        return
    stack.push_async_callback(relay.close)
    media.relay = relay


async def _start_http(
    settings: Settings,
    context: Context,
    log: Log,
    listener: socket.socket,
    stack: contextlib.AsyncExitStack,
) -> Http:
    http = Http(context, log, settings.who, tls=settings.tls is not None, folder=FOLDER)
    runner = web.AppRunner(http.app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    secured = None if settings.tls is None else settings.tls.context
    await web.SockSite(runner, listener, ssl_context=secured).start()
    return http


def _warn(settings: Settings) -> None:
    """Of what serves, but not whom it is meant for; nobody has to read it."""
    if settings.tls is None and not is_loopback(settings.host):
        with contextlib.suppress(OSError):
            click.echo(PLAIN_HTTP, err=True)


def _announce(settings: Settings, listener: socket.socket) -> None:
    """Two lines on standard output: one for programs, one for people.

    A server whose output nobody reads (any longer) serves all the same.
    """
    host, port = listener.getsockname()[:2]
    host = EVERYWHERE.get(host, host)
    shown = f"[{host}]" if ":" in host else host
    url = f"{'https' if settings.tls else 'http'}://{shown}:{port}"
    with output.optional():
        print(f"segel: serving {url}\nOpen {url}/ in a browser. Stop with Ctrl-C.", flush=True)


async def _expire_hourly(store: Store, log: Log) -> None:
    while True:
        await asyncio.sleep(HOUR)
        try:
            log.write("info", "expired", count=await store.expire())
        except Refuse as refused:
            log.write("error", "expiry_failed", error=refused.refusal.code)
