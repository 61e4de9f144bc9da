"""A vault opens by its key alone, for one program at a time, and after any crash."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from segel.client import (
    BadVault,
    Key,
    Keyring,
    Passphrase,
    Segel,
    UsageError,
    VaultError,
    VaultInUse,
    WrongKey,
)
from segel.client.entropy import System
from segel.client.vault import Unlock, Vault

KEY = Key(bytes(range(32)))


def opened(path: Path, unlock: Unlock = KEY) -> Vault:
    return Vault.open(path, unlock, System())


def test_records_outlive_it_in_their_order_and_by_name(tmp_path: Path) -> None:
    vault = opened(tmp_path / "v")
    for name in ("b", "a", "c"):
        vault.put("box", name, name.encode() * 3)
    vault.put("box", "b", b"another")
    vault.put("other", "b", b"elsewhere")
    vault.delete("box", "c")
    vault.close()
    again = opened(tmp_path / "v")
    assert again.list("box") == [("b", b"another"), ("a", b"aaa")]
    assert (again.get("other", "b"), again.get("box", "c")) == (b"elsewhere", None)
    again.close()


def test_nothing_of_it_can_be_read_without_the_key(tmp_path: Path) -> None:
    vault = opened(tmp_path / "v")
    vault.put("meeting/secret-box", "secret-name", b"secret-value")
    vault.close()
    everything = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert b"secret" not in everything
    assert (tmp_path / "v").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(KEY, Key(bytes(32))), (Passphrase("right"), Passphrase("wrong")), (Passphrase("x"), KEY)],
)
def test_another_key_is_told(tmp_path: Path, right: Unlock, wrong: Unlock) -> None:
    opened(tmp_path / "v", right).close()
    with pytest.raises(WrongKey):
        opened(tmp_path / "v", wrong)
    opened(tmp_path / "v", right).close()


def test_a_key_of_another_length_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        opened(tmp_path / "v", Key(b"short"))


def test_the_systems_keyring_keeps_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class InMemory(KeyringBackend):
        priority = 1
        kept: dict[tuple[str, str], str] = {}  # noqa: RUF012 - one keyring

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

    monkeypatch.setattr(keyring.core, "_keyring_backend", InMemory())  # type: ignore[no-untyped-call]
    vault = opened(tmp_path / "v", Keyring())
    vault.put("box", "name", b"value")
    vault.close()
    again = opened(tmp_path / "v", Keyring())
    assert again.get("box", "name") == b"value"
    again.close()
    assert len(InMemory.kept) == 1
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())  # type: ignore[no-untyped-call]
    with pytest.raises(VaultError, match="keyring"):
        opened(tmp_path / "v", Keyring())


def test_two_programs_at_once_are_told(tmp_path: Path) -> None:
    vault = opened(tmp_path / "v")
    with pytest.raises(VaultInUse, match="another program"):
        opened(tmp_path / "v")
    vault.close()
    opened(tmp_path / "v").close()


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(84), b"text" * 1000])
def test_what_is_no_vault_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "v").write_bytes(content)
    if content:
        with pytest.raises(BadVault):
            opened(tmp_path / "v")
    else:
        opened(tmp_path / "v").close()


def test_another_programs_database_is_left_as_it_is(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "v")
    db.execute("CREATE TABLE theirs (x)")
    db.commit()
    db.close()
    with pytest.raises(BadVault):
        opened(tmp_path / "v")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE vault SET version = 2",
        "UPDATE records SET sealed = zeroblob(40)",
        "UPDATE records SET sealed = (SELECT sealed FROM records WHERE number = 1)",
    ],
)
def test_what_was_changed_is_told(tmp_path: Path, change: str) -> None:
    vault = opened(tmp_path / "v")
    vault.put("box", "one", b"1")
    vault.put("box", "two", b"2")
    vault.close()
    db = sqlite3.connect(tmp_path / "v")
    db.execute(change)
    db.commit()
    db.close()
    with pytest.raises(BadVault):
        opened(tmp_path / "v").get("box", "two")


def test_what_is_written_together_is_there_as_a_whole_or_not(tmp_path: Path) -> None:
    vault = opened(tmp_path / "v")
    vault.put("box", "old", b"1")

    def broken_off() -> None:
        with vault.together():
            vault.put("box", "new", b"2")
            vault.delete("box", "old")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken_off()
    assert vault.list("box") == [("old", b"1")]
    vault.close()


def test_a_program_killed_while_it_writes_loses_nothing_that_was_written(tmp_path: Path) -> None:
    program = f"""
import sys
from segel.client.entropy import System
from segel.client.vault import Key, Vault
vault = Vault.open({str(tmp_path / "v")!r}, Key(bytes(range(32))), System())
for number in range(10**9):
    vault.put("box", f"{{number:06}}", bytes(200))
    print(number, flush=True)
"""
    for least in (1, 7, 40):
        writer = subprocess.Popen(
            [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        last = [int(writer.stdout.readline()) for _ in range(least)][-1]
        writer.kill()
        told = [last, *(int(line) for line in writer.stdout.read().split("\n")[:-1])]
        writer.wait()
        writer.stdout.close()
        vault = opened(tmp_path / "v")
        kept = [name for name, _ in vault.list("box")]
        assert kept == [f"{number:06}" for number in range(len(kept))]
        assert len(kept) > told[-1]
        vault.close()


def test_a_vault_and_its_key_go_together(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        Segel(tmp_path / "v")
    with pytest.raises(UsageError):
        Segel(unlock="secret")
