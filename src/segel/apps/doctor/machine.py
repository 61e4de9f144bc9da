"""The machine: memory, descriptors, clock, Python."""

from dataclasses import dataclass

from segel.apps.doctor.finding import Finding, ok, warning

DESCRIPTORS = 4096
LITTLE = 256 * 2**20


@dataclass(slots=True, frozen=True)
class Machine:
    """What was found."""

    descriptors: int
    """The limit of open files: the server's where it runs, else this command's."""
    of_server: bool
    memory: int | None
    """Bytes that programs may still take; None where unknown."""
    synchronised: bool | None
    """What the kernel says of its clock; None where it says nothing."""
    python: tuple[int, int]


def judge(machine: Machine) -> list[Finding]:
    """A line for each."""
    return [*_files(machine), *_memory(machine.memory), *_clock(machine.synchronised)]


def _files(machine: Machine) -> list[Finding]:
    whose = "The server may" if machine.of_server else "A server started from here could"
    said = f"{whose} hold {machine.descriptors} files and connections"
    if machine.descriptors < DESCRIPTORS:
        return [warning("open files", f"{said}: set LimitNOFILE=65536 (deploy/segel.service).")]
    return [ok("open files", f"{said}.")]


def _memory(memory: int | None) -> list[Finding]:
    if memory is None:
        return []
    said = f"{memory / 2**20:.0f} MB of memory are free"
    return [
        warning("memory", f"{said}: give it more.") if memory < LITTLE else ok("memory", f"{said}.")
    ]


def _clock(synchronised: bool | None) -> list[Finding]:
    if synchronised is None:
        return []
    if not synchronised:
        said = "Nothing keeps this machine's clock right"
        return [warning("ntp", f"{said}: turn NTP on (timedatectl set-ntp true).")]
    return [ok("ntp", "The clock is kept right by NTP.")]
