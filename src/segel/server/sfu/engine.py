"""The HTTP side of the media process: starts it, talks to it, starts it again when it dies.

This is the whole seam between signalling and the relay: another relay could stand behind it.
"""

import asyncio
import contextlib
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from segel.server.log import Log
from segel.server.sfu.messages import (
    Answered,
    Attach,
    CloseMeeting,
    Command,
    Detach,
    ParticipantGone,
    Publish,
    Receive,
    Refused,
    Reoffer,
    Report,
    Started,
    Stats,
    StreamAdded,
    StreamRemoved,
    Subscribe,
    Track,
    Wish,
    encode,
    report_reader,
)

__all__ = [
    "Answered",
    "EngineError",
    "EngineGone",
    "EngineRestarted",
    "Event",
    "OfferRefused",
    "ParticipantGone",
    "Publish",
    "Receive",
    "SfuConfig",
    "SfuEngine",
    "Stats",
    "StreamAdded",
    "StreamRemoved",
    "Track",
    "Wish",
]

START_TIMEOUT = 10.0
"""Seconds the media process has to start listening."""

ANSWER_TIMEOUT = 5.0
"""Seconds it has to answer an offer."""

RESTART_DELAY = 0.2
"""Seconds between a death and the next start, doubled on each failure up to `RESTART_LIMIT`."""

RESTART_LIMIT = 5.0


class EngineError(Exception):
    """The relay did not do what was asked."""


class EngineGone(EngineError):
    """The media process died or hangs: ask again after `EngineRestarted`."""


class OfferRefused(EngineError):
    """The client's offer cannot be answered; the message is for the client's developer."""


@dataclass(frozen=True, slots=True)
class EngineRestarted:
    """The media process was started anew: all its meetings are gone, clients must attach again."""


Event = StreamAdded | StreamRemoved | ParticipantGone | Stats | EngineRestarted
EventHandler = Callable[[Event], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class SfuConfig:
    """Where media is received."""

    announced: tuple[str, ...] = ("127.0.0.1",)
    """IP addresses that clients are told to send to."""
    port: int = 7882
    """UDP port; 0 takes a free one."""


@dataclass(slots=True)
class _Process:
    """One life of the media process."""

    child: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    requests: dict[int, asyncio.Future[Answered]] = field(default_factory=dict)

    def send(self, command: Command) -> None:
        """Write one command; a dead process is noticed by its reader."""
        if not self.writer.is_closing():
            self.writer.write(encode(command))

    async def end(self, patience: float) -> None:
        """Ask it to end, then make it; `patience` in seconds."""
        self.writer.close()
        for future in self.requests.values():
            if not future.done():
                future.set_exception(EngineGone("the media process ended"))
        try:
            await asyncio.wait_for(self.child.wait(), patience)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self.child.kill()
            await self.child.wait()


class SfuEngine:
    """The relay as the HTTP process sees it. Made by `start`, ended by `close`."""

    def __init__(self, config: SfuConfig, on_event: EventHandler, log: Log) -> None:
        self._config = config
        self._on_event = on_event
        self._log = log
        self._process: _Process | None = None
        self._next_request = 0
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []
        self._spawning: asyncio.Task[_Process] | None = None
        self._newest: _Process | None = None
        """The last one started, even when it is dying and `_process` is none."""
        self._closing = False
        self.port = config.port
        """The UDP port in use: the same one after a restart."""

    @classmethod
    async def start(cls, config: SfuConfig, on_event: EventHandler, log: Log) -> "SfuEngine":
        """Start the media process and wait until it listens; `EngineError`.

        Events are handed to `on_event` one after the other; it may ask the engine things.
        """
        engine = cls(config, on_event, log)
        process = await engine._spawn()
        engine._tasks = [
            asyncio.create_task(engine._keep(process)),
            asyncio.create_task(engine._dispatch()),
        ]
        return engine

    async def attach(
        self,
        meeting: bytes,
        participant: bytes,
        offer: str,
        tracks: Mapping[str, Track],
    ) -> Answered:
        """Bring a participant in by its first offer. `OfferRefused`, `EngineGone`."""
        request = self._take_request()
        return await self._ask(Attach(request, meeting, participant, offer, dict(tracks)))

    async def reoffer(
        self,
        meeting: bytes,
        participant: bytes,
        offer: str,
        tracks: Mapping[str, Track],
    ) -> Answered:
        """Answer a participant's next offer. `OfferRefused`, `EngineGone`."""
        request = self._take_request()
        return await self._ask(Reoffer(request, meeting, participant, offer, dict(tracks)))

    def subscribe(self, meeting: bytes, participant: bytes, wishes: list[Wish]) -> None:
        """Say which streams a participant shows, the most important first."""
        self._tell(Subscribe(meeting, participant, wishes))

    def detach(self, meeting: bytes, participant: bytes) -> None:
        """Send a participant out."""
        self._tell(Detach(meeting, participant))

    def close_meeting(self, meeting: bytes) -> None:
        """End a meeting."""
        self._tell(CloseMeeting(meeting))

    async def close(self) -> None:
        """End the media process."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._spawning is not None:
            # A life that has just begun must not outlive the engine.
            await asyncio.gather(self._spawning, return_exceptions=True)
        if self._newest is not None:
            await self._newest.end(patience=3.0)

    def _take_request(self) -> int:
        self._next_request += 1
        return self._next_request

    def _tell(self, command: Command) -> None:
        # With no process there is no meeting either: EngineRestarted tells everybody so.
        if self._process is not None:
            self._process.send(command)

    async def _ask(self, command: Attach | Reoffer) -> Answered:
        process = self._process
        if process is None:
            raise EngineGone("the media process is being started")
        future = asyncio.get_running_loop().create_future()
        process.requests[command.request] = future
        process.send(command)
        try:
            return await asyncio.wait_for(future, ANSWER_TIMEOUT)
        except TimeoutError:
            raise EngineGone("the media process does not answer") from None
        finally:
            process.requests.pop(command.request, None)

    @property
    def running(self) -> bool:
        """A media process answers."""
        return self._process is not None

    async def _spawn(self) -> _Process:
        ours, theirs = socket.socketpair()
        arguments = ["--control", str(theirs.fileno()), "--port", str(self.port)]
        for address in self._config.announced:
            arguments += ["--announce", address]
        try:
            child = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "segel.server.sfu",
                *arguments,
                pass_fds=[theirs.fileno()],
                stdin=asyncio.subprocess.DEVNULL,
                # What a terminal sends to its group would meet it before it can ignore it.
                start_new_session=True,
            )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        reader, writer = await asyncio.open_connection(sock=ours)
        self._newest = process = _Process(child, reader, writer)
        try:
            await asyncio.wait_for(self._await_started(process), START_TIMEOUT)
        except (TimeoutError, EngineGone):
            await process.end(patience=1.0)
            raise EngineError("the media process does not start") from None
        self._process = process
        self._log.write("info", "relay_started")
        return process

    async def _await_started(self, process: _Process) -> None:
        reports = report_reader()
        while data := await process.reader.read(65536):
            for report in reports.feed(data):
                if isinstance(report, Started):
                    self.port = report.port
                    return
        raise EngineGone("the media process ended")

    async def _keep(self, process: _Process) -> None:
        """Listen to one life after the other, until cancelled."""
        while True:
            await self._listen(process)
            self._process = None
            await process.end(patience=1.0)
            # Python 3.11's wait_for loses a cancellation that comes as its future is done.
            if self._closing:
                return
            self._log.write("error", "relay_stopped")
            process = await self._respawn()
            self._events.put_nowait(EngineRestarted())

    async def _dispatch(self) -> None:
        while True:
            event = await self._events.get()
            try:
                await self._on_event(event)
            except Exception as error:  # the next one may be handled
                self._log.write("error", "relay_event_failed", error=type(error).__name__)

    async def _respawn(self) -> _Process:
        delay = RESTART_DELAY
        while True:
            await asyncio.sleep(delay)
            delay = min(2 * delay, RESTART_LIMIT)
            try:
                self._spawning = asyncio.create_task(self._spawn())
                return await asyncio.shield(self._spawning)
            except (EngineError, OSError) as error:
                self._log.write("error", "relay_failed", error=type(error).__name__)

    async def _listen(self, process: _Process) -> None:
        reports = report_reader()
        with contextlib.suppress(ConnectionError):
            while data := await process.reader.read(65536):
                for report in reports.feed(data):
                    self._handle(process, report)

    def _handle(self, process: _Process, report: Report) -> None:
        match report:
            case Answered() | Refused():
                future = process.requests.get(report.request)
                if future is None or future.done():
                    return
                if isinstance(report, Answered):
                    future.set_result(report)
                else:
                    future.set_exception(OfferRefused(report.reason))
            case StreamAdded() | StreamRemoved() | ParticipantGone() | Stats():
                self._events.put_nowait(report)
            case Started():
                pass
