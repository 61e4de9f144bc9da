"""What the doctor says of facts that no test can make for real: each leads to one line."""

from dataclasses import replace

import pytest

from segel.apps.doctor import folder, machine, media, site
from segel.apps.doctor.finding import Finding

FOLDER = folder.Folder("/data", 50 * 2**30, "ext4", 2.0, schema=2, check="ok")
MACHINE = machine.Machine(65_536, True, 2**30, True, (3, 11))
REACHED = media.Reached("203.0.113.7", 7882, "203.0.113.7", False)
MEDIA = media.Media((REACHED,), "unknown", True, True, (8 << 20, 8 << 20))
SITE = site.Site(
    "https://meet.example.org",
    1e9,
    certificate=site.Certificate(0, "", 1e9 + 60 * site.DAY, ("meet.example.org",)),
    page=site.Answer(200, dict.fromkeys((*site.KEPT_HEADERS, "strict-transport-security"), "x")),
    script=site.Answer(200, {"content-type": "text/javascript"}),
    socket=site.Answer(101),
    server_key=b"key",
    body=site.Answer(404),
    clock=1e9,
    version="1.0",
    relay=True,
)


def lines(findings: list[Finding]) -> list[str]:
    """What is not well."""
    return [f"{each.level} {each.about}: {each.says}" for each in findings if each.level != "ok"]


def test_all_well() -> None:
    assert lines(folder.judge(FOLDER, 2, running=True)) == []
    assert lines(machine.judge(MACHINE)) == []
    assert lines(site.judge(SITE, "1.0", b"key")) == []


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"kind": "nfs4"}, "problem file system: The folder is on a network (nfs4)"),
        ({"kind": "tmpfs"}, "warning file system: The folder is on tmpfs"),
        ({"kind": "btrfs"}, "warning file system: btrfs keeps what is overwritten"),
        ({"free": 10**6}, "problem disk: 0.0 GB are free"),
        ({"free": 2**30}, "warning disk: 1.0 GB are free"),
        ({"fsync_ms": 80.0}, "warning fsync: The disk takes 80 ms"),
        ({"fsync_ms": 900.0}, "problem fsync: The disk takes 900 ms"),
        ({"schema": 1}, "warning database: The data is of an older Segel (schema 1"),
        ({"unreadable": ["server.key"]}, "problem keys: This user cannot read server.key"),
    ],
)
def test_folders(facts: dict[str, object], says: str) -> None:
    (line,) = lines(folder.judge(replace(FOLDER, **facts), 2, running=False))  # type: ignore[arg-type]
    assert line.startswith(says)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"descriptors": 1024}, "warning open files: The server may hold 1024 files"),
        ({"memory": 10**7}, "warning memory: 10 MB of memory are free"),
        ({"synchronised": False}, "warning ntp: Nothing keeps this machine's clock right"),
    ],
)
def test_machines(facts: dict[str, object], says: str) -> None:
    (line,) = lines(machine.judge(replace(MACHINE, **facts)))  # type: ignore[arg-type]
    assert line.startswith(says)


@pytest.mark.parametrize(
    ("reached", "facts", "says"),
    [
        ({"address": "10.0.0.5"}, {}, "problem media: Browsers are told to send media to 10.0.0.5"),
        ({"address": "8.8.8.8", "seen_from": ""}, {}, "warning media: No answer at 8.8.8.8"),
        (
            {"address": "8.8.8.8", "seen_from": ""},
            {"running": None},
            "problem media: No relay answers at 8.8.8.8 UDP 7882",
        ),
        (
            {"address": "8.8.8.8"},
            {"buffers": (212_992, 8 << 20)},
            "warning udp buffers: A burst of pictures may not fit the kernel's buffers: set "
            "net.core.rmem_max=4194304 with sysctl.",
        ),
    ],
)
def test_media(reached: dict[str, object], facts: dict[str, object], says: str) -> None:
    told = replace(REACHED, **reached)  # type: ignore[arg-type]
    (line,) = lines(media.judge(replace(MEDIA, reached=(told,), **facts)))  # type: ignore[arg-type]
    assert line.startswith(says)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"certificate": None}, "problem tls: The address is plain http"),
        ({"clock": 1e9 + 30}, "warning clock: This machine's clock and the other's are 30 s apart"),
        ({"server_key": b"other"}, "problem websocket: The address leads to another server"),
        ({"relay": False}, "problem media: The server says that its relay does not run"),
        ({"version": "0.9"}, "warning version: The server is Segel 0.9, this command 1.0"),
        ({"script": None}, "problem page: The page's script is not there"),
    ],
)
def test_sites(facts: dict[str, object], says: str) -> None:
    (line,) = lines(site.judge(replace(SITE, **facts), "1.0", b"key"))  # type: ignore[arg-type]
    assert line.startswith(says)
