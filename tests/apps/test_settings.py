"""What an operator may say in flags, environment and file, and what is answered to the rest."""

import os
from pathlib import Path

import pytest

from segel.testing.server_process import ServerProcess

from .conftest import failure, serve, usage


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("meet.example.org", "getent ahostsv4 meet.example.org"),
        ("localhost", "is a name, and an IPv4 address is needed"),
        ("2001:db8::1", "IPv6 address, which media cannot use yet"),
        ("1.2.3", "is no IPv4 address"),
        ("203.0.113.7:7882", "without a port"),
        ("", "is no IPv4 address"),
        ("0.0.0.0", "no address that a browser can send to"),  # noqa: S104 - refused
    ],
)
def test_media_needs_an_ipv4_address(tmp_path: Path, address: str, said: str) -> None:
    message = usage(serve(tmp_path, "--media-address", address))
    assert message.startswith("Invalid value for '--media-address'")
    assert said in message


def test_media_addresses_stand_in_the_environment(tmp_path: Path) -> None:
    environment = {**os.environ, "SEGEL_MEDIA_ADDRESS": "203.0.113.7 nosuch"}
    assert "'nosuch' is a name" in usage(serve(tmp_path, **environment))


def test_a_file_gives_settings_and_flags_stand_above_it(tmp_path: Path) -> None:
    (tmp_path / "segel.toml").write_text('operator = "From the file"\nlocation = "Bern"\n')
    flags = ("--config", str(tmp_path / "segel.toml"), "--operator", "From the flag")
    with ServerProcess(tmp_path / "data", *flags) as server:
        document = server.get("/v1/server").decode()
    assert '"operator": "From the flag"' in document
    assert '"location": "Bern"' in document


@pytest.mark.parametrize("value", ['"192.0.2.7"', '["192.0.2.7"]', '["192.0.2.7", "192.0.2.8"]'])
def test_a_file_gives_one_media_address_or_several(tmp_path: Path, value: str) -> None:
    (tmp_path / "segel.toml").write_text(f"media-address = {value}\n")
    with ServerProcess(tmp_path / "data", "--config", str(tmp_path / "segel.toml")) as server:
        (relay,) = relays(server.process.pid)
    announced = [relay[at + 1] for at, each in enumerate(relay) if each == "--announce"]
    assert announced == ["192.0.2.7", "192.0.2.8"][: value.count("192")]


def relays(pid: int) -> list[list[str]]:
    """The arguments of the media processes of a server."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for each in lists for child in each.read_text().split()]
    return [Path(f"/proc/{each}/cmdline").read_text().split("\0") for each in children]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "prot = 80",
            "there is no setting prot. There are: all_files, contact, data, group_files,",
        ),
        ("[serve]\nport = 80", "there is no setting serve."),
        ('config = "other.toml"', "there is no setting config."),
        ('port = "80"', 'port: "80" should be a whole number from 0 to 65535.'),
        ("port = true", "port: true should be a whole number from 0 to 65535."),
        ("port = 70000", "port: 70000 is not in the range"),
        ("host = 80", 'host: 80 should be text in "quotes".'),
        ("data = ['x']", 'data: ["x"] should be text in "quotes".'),
        ("starters = 1", 'starters: 1 should be one of "anyone", "invited".'),
        ('starters = "all"', "starters: 'all' is not one of 'anyone', 'invited'."),
        ("media_address = 1", 'media_address: 1 should be text in "quotes", or a list of such.'),
        ('media_address = ["192.0.2.7", 8]', '["192.0.2.7", 8] should be text in "quotes", or a'),
        ('media_address = "nosuch"', "media_address: 'nosuch' is a name"),
        ("port = \nhost = 1", "is not TOML: Invalid value (at line 1, column 8)."),
        ("\udcff", "is not TOML: 'utf-8' codec can't decode"),
    ],
)
def test_a_file_that_cannot_be_right(tmp_path: Path, line: str, said: str) -> None:
    file = tmp_path / "segel.toml"
    file.write_bytes(line.encode(errors="surrogateescape"))
    message = failure(serve(tmp_path, "--config", file), 2)
    assert message.startswith(f"{file}")
    assert said in message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "segel.toml"
    message = failure(serve(tmp_path, "--config", file), 2)
    assert message == f"{file} cannot be read: No such file or directory."


def test_certificate_and_key_go_together(tmp_path: Path) -> None:
    assert "go together" in usage(serve(tmp_path, "--tls-cert", tmp_path / "cert.pem"))


def test_plain_http_for_others_warns(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", "--host", "0.0.0.0") as server:  # noqa: S104 - that is tested
        assert "TLS" in server.log.read_text()
        assert server.url.startswith("http://127.0.0.1:")


@pytest.mark.parametrize("size", ["8", "0GB", "8 gb", "8GiB", "-1GB", "1.5GB", "9" * 10 + "TB", ""])
def test_a_size_that_is_none(tmp_path: Path, size: str) -> None:
    message = usage(serve(tmp_path, "--largest-file", size))
    assert message.startswith("Invalid value for '--largest-file'")
    assert "Give one such as 500MB, 20GB or 1TB" in message
