"""The data folder: its disk, its database, its keys."""

from dataclasses import dataclass, field
from typing import Literal

from segel.apps.doctor.finding import Finding, ok, problem, warning

NETWORK = ("nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "fuse.glusterfs")
FLEETING = ("tmpfs", "ramfs", "overlay")
COPYING = ("btrfs", "zfs", "bcachefs")
LITTLE, TOO_LITTLE = 2 * 2**30, 100 * 2**20
"""Bytes."""
SLOW, TOO_SLOW = 50.0, 500.0
"""Milliseconds of an fsync: each message waits for one."""


@dataclass(slots=True)
class Folder:
    """What was found of a data folder that is there."""

    path: str
    free: int
    kind: str
    """The file system's type, as /proc/self/mountinfo names it; empty where unknown."""
    fsync_ms: float | None
    """The median of some; None where nothing can be written."""
    write_error: str = ""
    schema: int | None = None
    """The database's version; None where it cannot be read."""
    check: str = ""
    """What SQLite says of the database: `ok`, or what is wrong."""
    open_to_others: list[str] = field(default_factory=list)
    """Names of secret files that other users may read."""
    unreadable: list[str] = field(default_factory=list)
    key: Literal["whole", "damaged", "missing"] = "whole"
    overdue: int = 0
    """Segment keys whose days are over by more than a day."""


def judge(folder: Folder, own_schema: int, running: bool) -> list[Finding]:
    """`own_schema` is the version that this Segel knows."""
    return [*_disk(folder), *_database(folder, own_schema, running), *_keys(folder, running)]


def _disk(folder: Folder) -> list[Finding]:
    if folder.fsync_ms is None:
        said = f"Nothing can be written in {folder.path}: {folder.write_error}"
        return [problem("disk", f"{said}. Let the server's user write there.")]
    return [_space(folder), _speed(folder.fsync_ms), *_kind(folder.kind)]


def _space(folder: Folder) -> Finding:
    free = f"{folder.free / 2**30:.1f} GB are free"
    if folder.free < TOO_LITTLE:
        return problem("disk", f"{free}: nothing more can be stored soon. Make room.")
    if folder.free < LITTLE:
        return warning("disk", f"{free}: make room before files come.")
    return ok("disk", f"{free}.")


def _speed(milliseconds: float) -> Finding:
    said = f"The disk takes {milliseconds:.0f} ms to keep a write for good"
    if milliseconds > TOO_SLOW:
        return problem("fsync", f"{said}: messages wait for it. Use another disk.")
    if milliseconds > SLOW:
        return warning("fsync", f"{said}: messages wait for it.")
    return ok("fsync", f"{said}.")


def _kind(kind: str) -> list[Finding]:
    if kind in NETWORK:
        said = f"The folder is on a network ({kind}), where locks and fsync may not hold"
        return [problem("file system", f"{said}: use a disk of this machine.")]
    if kind in FLEETING:
        said = f"The folder is on {kind}, which may be gone after a restart"
        return [warning("file system", f"{said}: use a disk or a volume.")]
    if kind in COPYING:
        said = f"{kind} keeps what is overwritten, and snapshots keep destroyed keys"
        return [warning("file system", f"{said}: take none of this folder, and encrypt the disk.")]
    return [ok("file system", f"It is {kind}.")] if kind else []


def _database(folder: Folder, own: int, running: bool) -> list[Finding]:
    if folder.schema is None or folder.check not in ("ok", ""):
        said = f"The database cannot be used: {folder.check}"
        return [problem("database", f"{said}. Restore a backup into an empty folder.")]
    if folder.schema > own:
        said = f"The data is of a newer Segel (schema {folder.schema}, this one knows {own})"
        return [problem("database", f"{said}: upgrade Segel.")]
    if folder.schema < own:
        said = f"The data is of an older Segel (schema {folder.schema}, this one has {own})"
        do = "restart the server with this version" if running else "back it up, then start"
        return [warning("database", f"{said}: {do}, which carries it over.")]
    return [ok("database", f"It is whole, of schema {folder.schema}.")]


def _keys(folder: Folder, running: bool) -> list[Finding]:
    if folder.key != "whole":
        return [problem("keys", f"server.key is {folder.key}: put it back from a backup.")]
    if folder.unreadable:
        names = ", ".join(folder.unreadable)
        return [problem("keys", f"This user cannot read {names}: run as the server's user.")]
    if folder.open_to_others:
        names = ", ".join(folder.open_to_others)
        return [problem("keys", f"Others on this machine may read {names}: chmod 600 them.")]
    if folder.overdue:
        said = f"{folder.overdue} keys should have been destroyed by now"
        do = "see expiry_failed in the log" if running else "start the server, which does it"
        return [problem("keys", f"{said}: {do}.")]
    return [ok("keys", "They are whole, and nobody else's to read.")]
