"""Asks the relay's port whether it is there, from this machine."""

import os
import socket
from pathlib import Path
from typing import Literal

from segel.apps.doctor.media import Reached
from segel.core.media import reachability
from segel.core.media.errors import Malformed, StunUnauthenticated

TRIES, WAIT = 4, 0.5
"""Questions and seconds for each: a datagram may be lost."""


def reach(address: str, port: int, *, ask: bool) -> Reached:
    """Whether a relay answers, if it is to be asked. Blocks for at most TRIES * WAIT seconds."""
    transaction = os.urandom(12)
    seen = ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(WAIT)
        for _ in range(TRIES if ask else 0):
            try:
                asking.connect((address, port))  # so that a refusal is heard
                asking.send(reachability.question(transaction))
                host, _ = reachability.seen_from(asking.recv(2048), transaction)
            except (OSError, Malformed, StunUnauthenticated):
                continue
            seen = host
            break
    return Reached(address, port, seen, _is_own(address))


def port_state(port: int) -> Literal["free", "taken"]:
    """Whether a server could have the port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - as the relay itself does
        except OSError:
            return "taken"
    return "free"


def kernel_buffers() -> tuple[int, int]:
    """The greatest sizes of a socket's buffers, received and sent; 0 where unknown."""
    return _number("/proc/sys/net/core/rmem_max"), _number("/proc/sys/net/core/wmem_max")


def _number(file: str) -> int:
    try:
        return int(Path(file).read_text())
    except (OSError, ValueError):
        return 0


def _is_own(address: str) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((address, 0))
        except OSError:
            return False
    return True
