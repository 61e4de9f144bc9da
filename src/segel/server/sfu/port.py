"""The relay's UDP port: drained in one go, written in runs (UDP generic segmentation)."""

import socket
import struct
from collections.abc import Iterator
from itertools import repeat

from segel.core.media.outbox import Sealed
from segel.core.media.stun import Address

DRAIN = 40
"""Datagrams read at most before what they caused is sent."""

BUFFER = 4 << 20
"""Bytes asked of the kernel for either direction: a burst of key frames must fit."""

MAX_DATAGRAM = 2048
MAX_SEGMENTS = 60
MAX_RUN = 63_000
"""Bytes of one run: less than the largest UDP datagram, and more than any outbox holds."""
_UDP_SEGMENT = 103
_SIZE = struct.Struct("H")


def open_port(port: int) -> socket.socket:
    """A non-blocking socket on the port of all IPv4 addresses; OSError if it is taken."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            sock.setsockopt(socket.SOL_SOCKET, option, BUFFER)
        sock.bind(("0.0.0.0", port))  # noqa: S104 - media comes from wherever people are
    except OSError:
        sock.close()
        raise
    return sock


def segments(sock: socket.socket) -> bool:
    """Whether the kernel cuts runs into datagrams (Linux 4.18)."""
    try:
        sock.getsockopt(socket.IPPROTO_UDP, _UDP_SEGMENT)
    except OSError:
        return False
    return True


def drain(sock: socket.socket) -> Iterator[tuple[bytes, Address]]:
    """What waits at the socket, at most DRAIN datagrams."""
    receive = sock.recvfrom
    for _ in range(DRAIN):
        try:
            yield receive(MAX_DATAGRAM)
        except (BlockingIOError, InterruptedError, ConnectionError):
            return


def send(sock: socket.socket, sealed: Sealed, address: Address, *, in_runs: bool) -> int:
    """Send the datagrams of one buffer. A full queue drops, as a network would.

    Returns how many datagrams the kernel did not take.
    """
    sizes = sealed.sizes
    size, count = sizes[0], len(sizes)
    dropped = 0
    if in_runs and 1 < count <= MAX_SEGMENTS and sizes.count(size) == count:
        # Nearly always: the packets of one frame are of one size.
        return _send_run(sock, sealed.buffer[: size * count], size, count, address)
    start = 0
    for size, count, length in _runs(sizes) if in_runs else zip(sizes, repeat(1), sizes):
        run = sealed.buffer[start : start + length]
        dropped += _send_run(sock, run, size, count, address)
        start += length
    return dropped


def _send_run(sock: socket.socket, run: memoryview, size: int, count: int, address: Address) -> int:
    """Send `count` datagrams of `size` bytes; how many the kernel did not take."""
    try:
        if count == 1:
            sock.sendto(run, address)
        else:
            control = [(socket.IPPROTO_UDP, _UDP_SEGMENT, _SIZE.pack(size))]
            sock.sendmsg([run], control, 0, address)
    except OSError:
        return count
    return 0


def _runs(sizes: list[int]) -> Iterator[tuple[int, int, int]]:
    """(segment size, datagrams, bytes): equal sizes in a row, of which the last may be shorter."""
    index = 0
    while index < len(sizes):
        size, count, length = sizes[index], 1, sizes[index]
        while index + count < len(sizes) and count < MAX_SEGMENTS:
            following = sizes[index + count]
            if following > size or length + following > MAX_RUN:
                break
            count += 1
            length += following
            if following < size:
                break
        yield size, count, length
        index += count
