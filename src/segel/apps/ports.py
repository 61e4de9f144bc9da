"""The two ports that a server takes, and what to do when it cannot have one."""

import errno
import os
import socket

from segel.apps.failures import Failure


def listen(host: str, port: int) -> socket.socket:
    """A TCP socket that listens. Raises Failure."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=1024)
    except (socket.gaierror, UnicodeError):  # the latter: no name could be spelt so
        raise Failure(
            f"--host {host} is neither an address nor a name that this machine can resolve. Give "
            "an address of this machine, or 0.0.0.0 for all of them."
        ) from None
    except OSError as error:
        raise Failure(_tcp(host, port, error)) from None


def _tcp(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        return (
            f"--host {host} is not an address of this machine. Give one that `ip address` lists, "
            "or 0.0.0.0 for all of them."
        )
    return (
        f"Cannot listen on {host} port {port}: {_reason(error)}. Choose another with --port, or "
        "--port 0 for a free one."
    )


def probe_udp(port: int) -> None:
    """Returns if the relay can have this UDP port. Raises Failure."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("0.0.0.0", port))  # noqa: S104 - as the relay itself does
    except OSError as error:
        raise Failure(
            f"The media relay cannot use UDP port {port}: {_reason(error)}. Choose another with "
            "--media-port, or --media-port 0 for a free one."
        ) from None


def _reason(error: OSError) -> str:
    """Without what Python adds to the text."""
    return os.strerror(error.errno) if error.errno else str(error)
