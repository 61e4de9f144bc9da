"""`segel invitation`, beside a server that runs."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest

from segel.core.wire import requests
from segel.core.wire.answers import Done
from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import NewMeeting, RefusedError, WireClient

from .conftest import failure, segel


async def test_only_the_invited_start_meetings(tmp_path: Path) -> None:
    data = str(tmp_path / "data")
    with ServerProcess(tmp_path / "data", "--starters", "invited") as server:
        token = urlsafe_b64decode(segel("invitation", "new", "--data", data).stdout.strip() + "==")
        async with WireClient(server.url) as client:
            for given, code in ((None, "invitation_required"), (bytes(16), "bad_invitation")):
                with pytest.raises(RefusedError, match=code):
                    await client.ask(NewMeeting().request(invitation=given))
            first = NewMeeting()
            await client.ask(first.request(invitation=token))
            with pytest.raises(RefusedError, match="bad_invitation"):
                await client.ask(NewMeeting().request(invitation=token))
            await client.open(NewMeeting(2, first.alias, first.opener))
            assert await client.ask(requests.Ping()) == Done()
        segel("invitation", "new", "--data", data, "--note", "for the ward")
        listed = segel("invitation", "list", "--data", data).stdout.splitlines()
        names = [line.split()[0] for line in listed if "for the ward" in line]
        told = segel("invitation", "list", "--data", data, "--json").stdout.splitlines()
        assert [json.loads(line)["name"] for line in told] == [line.split()[0] for line in listed]
        assert segel("invitation", "revoke", "--data", data, names[0]).returncode == 0
        assert "for the ward" not in segel("invitation", "list", "--data", data).stdout
        again = segel("invitation", "revoke", "--data", data, names[0])
        assert f"no invitation {names[0]}" in failure(again)


@pytest.mark.parametrize("command", [("new",), ("list",), ("revoke", "1a2b3c4d")])
def test_a_folder_without_data_is_refused_and_left_alone(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "empty", tmp_path / "nosuch", tmp_path / "file"):
        message = failure(segel("invitation", *command, "--data", folder), 2)
        assert message.startswith(f"There is no Segel data in {folder}. Give the folder")
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["empty", "file"]
