"""What a client keeps between two runs: SQLite, each value sealed (docs/decisions/0070-sdk.md).

Names and values are sealed under a key of the vault's own, which is sealed under what opens it. A
write is durable when it returns, and all of it or nothing is there after a crash.
"""

import contextlib
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import NamedTuple, Self

from segel.client.errors import BadVault, UsageError, VaultError, VaultInUse, WrongKey
from segel.core.crypto.aead import NONCE_SIZE, AeadFailure, aes_gcm
from segel.core.crypto.argon2id import SALT_SIZE, argon2id
from segel.core.crypto.entropy import Entropy
from segel.core.crypto.mac import hmac_sha256

_VERSION = 1
_KEY_SIZE = 32
_SCHEMA = """
CREATE TABLE vault (version INTEGER, salt BLOB, key BLOB) STRICT;
CREATE TABLE records (
  number INTEGER PRIMARY KEY AUTOINCREMENT, box BLOB, name BLOB UNIQUE, sealed BLOB
) STRICT;
CREATE INDEX records_by_box ON records (box, number);
"""


class Passphrase(NamedTuple):
    """Opens a vault by what a person remembers, through Argon2id."""

    text: str

    def key(self, salt: bytes) -> bytes:
        """The 32 bytes that the vault's key is sealed under."""
        return argon2id(self.text, salt)


class Key(NamedTuple):
    """Opens a vault by 32 random bytes that are kept elsewhere: for programs."""

    secret: bytes

    def key(self, salt: bytes) -> bytes:
        """The key itself. Raises UsageError."""
        if len(self.secret) != _KEY_SIZE:
            raise UsageError(f"a vault's key has {_KEY_SIZE} bytes")
        return hmac_sha256(self.secret, b"segel vault v1" + salt)


class Keyring(NamedTuple):
    """Opens a vault by a key that the operating system's keyring keeps for this user."""

    service: str = "segel"

    def key(self, salt: bytes) -> bytes:
        """The key, made and put there at first. Raises VaultError where there is no keyring."""
        try:
            import keyring
            from keyring.errors import KeyringError
        except ImportError:
            raise VaultError("no keyring here: pip install 'segel[terminal]'") from None
        name = salt.hex()
        try:
            kept = keyring.get_password(self.service, name)
            if kept is None:
                from segel.client.entropy import System

                kept = b64encode(System().random(_KEY_SIZE)).decode()
                keyring.set_password(self.service, name, kept)
        except KeyringError as error:
            raise VaultError(f"the system's keyring cannot be used: {error}") from None
        return b64decode(kept)


Unlock = Passphrase | Key | Keyring


class Vault:
    """Records in boxes. Use `Vault.open` or `Vault.temporary`, and `close`."""

    def __init__(self, db: sqlite3.Connection, key: bytes, entropy: Entropy) -> None:
        self._db, self._entropy = db, entropy
        self._aead = aes_gcm(hmac_sha256(key, b"segel vault seal v1"))
        self._names = hmac_sha256(key, b"segel vault names v1")

    @classmethod
    def temporary(cls, entropy: Entropy) -> Self:
        """A vault in memory, gone with the program."""
        db = sqlite3.connect(":memory:", isolation_level=None)
        db.executescript(_SCHEMA)
        return cls(db, entropy.random(_KEY_SIZE), entropy)

    @classmethod
    def open(cls, path: str | PathLike[str], unlock: Unlock, entropy: Entropy) -> Self:
        """The vault in a file, made where there is none. Raises VaultError and its kinds."""
        file = Path(path)
        with _explained(file):
            db = _connect(file)
            try:
                return cls(db, _vault_key(db, unlock, entropy), entropy)
            except BaseException:
                db.close()
                raise

    def close(self) -> None:
        """Lets others have it."""
        self._db.close()

    def get(self, box: str, name: str) -> bytes | None:
        """The record's value. Raises BadVault."""
        at = self._name(box, name)
        row = self._db.execute("SELECT sealed FROM records WHERE name = ?", (at,)).fetchone()
        return None if row is None else self._opened(at, row[0])[1]

    def put(self, box: str, name: str, value: bytes) -> None:
        """Keeps a value; one of the same name gives way."""
        at = self._name(box, name)
        nonce = self._entropy.random(NONCE_SIZE)
        plain = len(name.encode()).to_bytes(2) + name.encode() + value
        sealed = nonce + self._aead.seal(nonce, plain, at)
        self._db.execute(
            "INSERT INTO records (box, name, sealed) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET sealed = excluded.sealed",
            (self._name(box, ""), at, sealed),
        )

    def delete(self, box: str, name: str) -> None:
        """Forgets a record, if it is there."""
        self._db.execute("DELETE FROM records WHERE name = ?", (self._name(box, name),))

    def list(self, box: str) -> list[tuple[str, bytes]]:
        """Names and values of a box, in the order in which they were first put. Raises BadVault."""
        rows = self._db.execute(
            "SELECT name, sealed FROM records WHERE box = ? ORDER BY number", (self._name(box, ""),)
        )
        return [self._opened(at, sealed) for at, sealed in rows.fetchall()]

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is put and deleted inside is there as a whole, or not at all."""
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _name(self, box: str, name: str) -> bytes:
        return hmac_sha256(self._names, f"{box}\0{name}".encode())

    def _opened(self, at: bytes, sealed: bytes) -> tuple[str, bytes]:
        try:
            plain = self._aead.open(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], at)
        except (AeadFailure, ValueError):
            raise BadVault("a record of the vault was changed") from None
        end = 2 + int.from_bytes(plain[:2])
        return plain[2:end].decode(), plain[end:]


def _connect(file: Path) -> sqlite3.Connection:
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    db = sqlite3.connect(file, isolation_level=None, timeout=0)
    try:
        # Exclusive: a second process that reads and writes the same records would lose some.
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
    except BaseException:
        db.close()
        raise
    return db


def _vault_key(db: sqlite3.Connection, unlock: Unlock, entropy: Entropy) -> bytes:
    """The vault's own key, drawn where the vault is new."""
    if db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        salt, nonce, key = (entropy.random(size) for size in (SALT_SIZE, NONCE_SIZE, _KEY_SIZE))
        sealed = nonce + aes_gcm(unlock.key(salt)).seal(nonce, key, salt)
        db.executescript(f"BEGIN; {_SCHEMA}")
        db.execute("INSERT INTO vault VALUES (?, ?, ?)", (_VERSION, salt, sealed))
        db.execute("COMMIT")
        return key
    version, salt, sealed = db.execute("SELECT version, salt, key FROM vault").fetchone()
    if version != _VERSION:
        raise BadVault(f"a vault of version {version}: it was made by a later Segel")
    try:
        return aes_gcm(unlock.key(salt)).open(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], salt)
    except AeadFailure:
        raise WrongKey("the passphrase does not open this vault") from None


@contextlib.contextmanager
def _explained(file: Path) -> Iterator[None]:
    """Turns what the owner can mend into a VaultError."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise VaultInUse(f"{file} is open in another program") from None
        raise BadVault(f"{file}: {error}") from None
    except (sqlite3.DatabaseError, TypeError) as error:
        raise BadVault(f"{file} is no vault: {error}") from None
    except OSError as error:
        raise VaultError(f"{file}: {error.strerror or error}") from None
