"""The UDP port: whether the relay is reached where browsers are told to send media."""

import ipaddress
from dataclasses import dataclass
from typing import Literal

from segel.apps.doctor.finding import Finding, ok, problem, warning

ABOUT = "media"
BUFFER = 4 << 20
"""Bytes that the relay asks of the kernel for each direction (server/sfu/port.py)."""


@dataclass(slots=True, frozen=True)
class Reached:
    """One address that browsers are told."""

    address: str
    port: int
    seen_from: str
    """Where the relay saw the question come from; empty where no answer came."""
    own: bool
    """Whether it is an address of this machine."""


@dataclass(slots=True, frozen=True)
class Media:
    """What was found. `running`: a server has the data folder; None where there is no folder."""

    reached: tuple[Reached, ...]
    port_state: Literal["free", "taken", "unknown"]
    running: bool | None
    public: bool
    """Whether people come by a name or address that is not of this network alone."""
    buffers: tuple[int, int]
    """The most that the kernel gives for receiving and sending, in bytes; 0 where unknown."""


def judge(media: Media) -> list[Finding]:
    """A line for each address, and for the kernel's buffers."""
    findings = [_address(each, media) for each in media.reached]
    return [*findings, *_buffers(media.buffers)]


def _address(each: Reached, media: Media) -> Finding:
    where = f"{each.address} UDP {each.port}"
    if media.public and not ipaddress.ip_address(each.address).is_global:
        return problem(
            ABOUT,
            f"Browsers are told to send media to {each.address}, which leads nowhere on the "
            "internet: name the public address with --media-address.",
        )
    if each.seen_from:
        return ok(ABOUT, f"The relay answers at {where}. {_proves(each)}")
    if media.running is False:
        return _stopped(each, media)
    if each.own or media.running is None:
        return problem(
            ABOUT,
            f"No relay answers at {where}: let UDP {each.port} through every firewall on the way, "
            "and see in the server's log whether the relay runs.",
        )
    return warning(
        ABOUT,
        f"No answer at {where}, asked from this machine. Many routers lead nobody back to "
        f"themselves: {_elsewhere(each)}",
    )


def _stopped(each: Reached, media: Media) -> Finding:
    if media.port_state == "taken":
        return problem(
            ABOUT,
            f"Another program has UDP port {each.port}: end it, or choose --media-port.",
        )
    return ok(ABOUT, f"UDP port {each.port} is free. Start the server and ask again.")


def _proves(each: Reached) -> str:
    if each.own:
        return f"That says nothing about firewalls on the way: {_elsewhere(each)}"
    return f"It saw the question come from {each.seen_from}."


def _elsewhere(each: Reached) -> str:
    port = "" if each.port == 7882 else f" --media-port {each.port}"
    return f"run `segel doctor --media-address {each.address}{port}` on a machine outside."


def _buffers(buffers: tuple[int, int]) -> list[Finding]:
    names = ("net.core.rmem_max", "net.core.wmem_max")
    small = [f"{n}={BUFFER}" for n, size in zip(names, buffers, strict=True) if 0 < size < BUFFER]
    if small:
        return [
            warning(
                "udp buffers",
                "A burst of pictures may not fit the kernel's buffers: set "
                f"{' and '.join(small)} with sysctl.",
            )
        ]
    return [ok("udp buffers", "The kernel gives what the relay asks for.")] if all(buffers) else []
