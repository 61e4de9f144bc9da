"""Wraps the SRTP sessions of a media process so that what they hold in the clear is written
down.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from segel.testing.wiretap.recording import Recorder


class _TappedSender:
    """A sender that records each packet before it is sealed."""

    def __init__(self, inner: Any, session: bytes, folder: Path) -> None:
        self._inner = inner
        self._session = session
        self._rtp = Recorder(folder / f"rtp-out.{os.getpid()}")
        self._rtcp = Recorder(folder / f"rtcp-out.{os.getpid()}")

    def seal_rtp(
        self, buffer: memoryview, start: int, header_end: int, payload: bytes, ssrc: int, index: int
    ) -> int:
        self._rtp.write(self._session + bytes(buffer[start:header_end]) + payload)
        result: int = self._inner.seal_rtp(buffer, start, header_end, payload, ssrc, index)
        return result

    def protect_rtp(self, packet: bytes, index: int) -> bytes:
        self._rtp.write(self._session + packet)
        sealed: bytes = self._inner.protect_rtp(packet, index)
        return sealed

    def protect_rtcp(self, packet: bytes) -> bytes:
        self._rtcp.write(self._session + packet)
        sealed: bytes = self._inner.protect_rtcp(packet)
        return sealed


class _TappedReceiver:
    """A receiver that records each packet once it is open."""

    def __init__(self, inner: Any, session: bytes, folder: Path) -> None:
        self._inner = inner
        self._session = session
        self._rtp = Recorder(folder / f"rtp-in.{os.getpid()}")
        self._rtcp = Recorder(folder / f"rtcp-in.{os.getpid()}")

    def unprotect_rtp(self, packet: bytes) -> bytes:
        clear: bytes = self._inner.unprotect_rtp(packet)
        self._rtp.write(self._session + clear)
        return clear

    def unprotect_rtcp(self, packet: bytes) -> bytes:
        clear: bytes = self._inner.unprotect_rtcp(packet)
        self._rtcp.write(self._session + clear)
        return clear


def attach(module: ModuleType, folder: Path, numbers: Iterator[int]) -> None:
    """Replace the module's two factories by ones whose sessions are tapped."""

    def wrap(make: Callable[..., Any], tapped: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *arguments: tapped(make(*arguments), next(numbers).to_bytes(4, "big"), folder)

    vars(module)["new_sender"] = wrap(vars(module)["new_sender"], _TappedSender)
    vars(module)["new_receiver"] = wrap(vars(module)["new_receiver"], _TappedReceiver)
