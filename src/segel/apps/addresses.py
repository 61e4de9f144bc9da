"""The addresses that a server is told of, and this machine's own."""

import ipaddress
import re
import shlex
import socket

import click

_NUMBERS = re.compile(r"[\d.:/]*")


class MediaAddress(click.ParamType[str]):
    """An IPv4 address that browsers can send media to."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """click: the address as text."""
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            self.fail(_no_address(value), param, ctx)
        if address.version == 6:
            self.fail(
                f"{value} is an IPv6 address, which media cannot use yet. Give an IPv4 address; "
                "the page itself may be served over IPv6 (--host).",
                param,
                ctx,
            )
        if address.is_unspecified or address.is_multicast:
            self.fail(f"{value} is no address that a browser can send to.", param, ctx)
        return str(address)


def _no_address(value: str) -> str:
    if not value or _NUMBERS.fullmatch(value):
        return f"{value!r} is no IPv4 address. Give one such as 203.0.113.7, without a port."
    return (
        f"{value!r} is a name, and an IPv4 address is needed. `getent ahostsv4 "
        f"{shlex.quote(value)}` shows that of a name."
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server that listens there."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def media_addresses(*, loopback: bool) -> tuple[str, ...]:
    """Where browsers are told to send media when the operator says nothing.

    Firefox does not pair its own addresses with 127.0.0.1 before a page captures, so that somebody
    who only listens on this machine needs its other address as well.
    """
    own = _own_address()
    return tuple(dict.fromkeys(("127.0.0.1", own))) if loopback else (own,)


def _own_address() -> str:
    """The address that this machine uses towards others; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
