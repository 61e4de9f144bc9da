"""Reads what the kernel says of this machine and of a server's process."""

import ctypes
import re
import resource
import sys
from pathlib import Path

from segel.apps.doctor.machine import Machine

TIME_ERROR = 5
"""What adjtimex(2) returns for a clock that nobody synchronises."""

TIMEX_SIZE = 208


def look(pid: int | None) -> Machine:
    """`pid`: the server's process, where it runs."""
    of_server = None if pid is None else _descriptors(pid)
    own = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    limit = own if of_server is None else of_server
    return Machine(limit, of_server is not None, _memory(), _synchronised(), sys.version_info[:2])


def _descriptors(pid: int) -> int | None:
    return _number(f"/proc/{pid}/limits", r"Max open files +(\d+)")


def _memory() -> int | None:
    kilobytes = _number("/proc/meminfo", r"MemAvailable: +(\d+)")
    return None if kilobytes is None else kilobytes * 1024


def _number(file: str, pattern: str) -> int | None:
    try:
        found = re.search(pattern, Path(file).read_text())
    except OSError:
        return None
    return int(found[1]) if found else None


def _synchronised() -> bool | None:
    """Reads; with all modes zero nothing is set."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_SIZE))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else bool(state != TIME_ERROR)
