"""The data folder: who uses it, and the server's own key in it."""

import fcntl
import os
from pathlib import Path
from typing import IO

from segel.core.crypto.ed25519 import SigningKey

SEED_SIZE = 32


class DataFolderError(Exception):
    """The folder cannot be used; the text says why and what to do."""


class InUse(DataFolderError):
    """Another server runs on the folder."""


def lock(folder: Path) -> IO[bytes]:
    """Makes the folder if needed and keeps others off until the returned file is closed.

    Raises DataFolderError, InUse.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = open(folder / "lock", "ab")
    except OSError as error:
        raise DataFolderError(
            f"The data folder {folder} cannot be written: {error.strerror}."
        ) from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise InUse(f"Another Segel server runs on the data folder {folder}.") from None
    return file


def server_key(folder: Path) -> SigningKey:
    """The server's Ed25519 key, made at the first start in `server.key`, for its owner only."""
    path = folder / "server.key"
    try:
        if not path.exists():
            _make(path)
        seed = path.read_bytes()
    except OSError as error:
        raise DataFolderError(f"{path} cannot be used: {error.strerror}.") from None
    if len(seed) != SEED_SIZE:
        raise DataFolderError(
            f"{path} is damaged: it has {len(seed)} bytes in place of {SEED_SIZE}."
        )
    return SigningKey(seed)


def _make(path: Path) -> None:
    beside = path.with_suffix(".new")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(handle, "wb") as file:
        file.write(os.urandom(SEED_SIZE))
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
