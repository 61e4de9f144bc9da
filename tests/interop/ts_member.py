"""Members of MLS groups as ts-mls has them, in one process of Node for all.

Needs the node workspace (`make setup`).
"""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from segel.core.mls.extension import Extensions
from segel.core.mls.message import encode_message
from segel.core.mls.proposal import Add, GroupContextExtensions, Proposal, Remove, UsePsk

from .party import Sent, View

PROGRAM = "packages/client/mls-members.mjs"


class TsFailure(Exception):
    """ts-mls would not do what it was asked."""


class TsMembers:
    """The process. `web` is the node workspace."""

    def __init__(self, web: Path) -> None:
        self._process = subprocess.Popen(
            ["node", PROGRAM], cwd=web, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def ask(self, do: str, member: str, **asked: object) -> dict[str, Any]:
        """The answer to one request. Raises TsFailure."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": do, "member": member, **asked}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("Node gave up; its error is above")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise TsFailure(f"{do} by {member}: {answer['error']}")
        return answer

    def keep_psk(self, psk_id: bytes, secret: bytes) -> None:
        """Gives all members here an external PSK."""
        self.ask("keepPsk", psk_id.hex(), bytes=secret.hex())


class TsMember:
    """One of them. Its name must be its own in the process."""

    def __init__(self, members: TsMembers, name: str, suite_id: int) -> None:
        self.name = name
        self.out = False
        self.leaf = -1
        self._members = members
        self._suite = suite_id
        self._view = View(-1, "", "")

    def view(self) -> View:
        return self._view

    def key_package(self) -> bytes:
        return self._sent(self._ask("package", suite=self._suite))

    def create(self, group_id: bytes, extensions: Extensions) -> None:
        self.key_package()
        self._ask("create", bytes=group_id.hex(), extensions=_extensions(extensions))

    def join(self, welcome: bytes) -> None:
        self._ask("join", bytes=welcome.hex())

    def join_from_outside(self, info: bytes, replaced: int | None) -> bytes:
        self.key_package()
        resync = replaced is not None
        return self._sent(self._ask("joinFromOutside", bytes=info.hex(), resync=resync))

    def group_info(self) -> bytes:
        return self._sent(self._ask("groupInfo"))

    def commit(self, proposals: list[Proposal], *, public: bool) -> Sent:
        asked = [_proposal(each) for each in proposals]
        answer = self._ask("commit", proposals=asked, open=public)
        welcome = answer["welcome"]
        return Sent(self._sent(answer), None if welcome is None else bytes.fromhex(welcome))

    def propose(self, proposal: Proposal, *, public: bool) -> bytes:
        return self._sent(self._ask("propose", proposals=[_proposal(proposal)], open=public))

    def seal(self, data: bytes) -> bytes:
        return self._sent(self._ask("seal", bytes=data.hex()))

    def receive(self, message: bytes) -> bytes | None:
        data = self._ask("receive", bytes=message.hex())["data"]
        return None if data is None else bytes.fromhex(data)

    def forget(self) -> None:
        """Lets the process forget this member."""
        self._ask("forget")

    def _ask(self, do: str, **asked: object) -> dict[str, Any]:
        answer = self._members.ask(do, self.name, **asked)
        if "authenticator" in answer:
            self._view = View(answer["epoch"], answer["authenticator"], answer["exported"])
            self.leaf, self.out = answer["leaf"], answer["removed"]
        return answer

    def _sent(self, answer: dict[str, Any]) -> bytes:
        return bytes.fromhex(answer["message"])


def _extensions(extensions: Extensions) -> list[list[object]]:
    return [[each.type, each.data.hex()] for each in extensions]


def _proposal(proposal: Proposal) -> list[object]:
    match proposal:
        case Add(key_package):
            return ["add", encode_message(key_package).hex()]
        case Remove(removed):
            return ["remove", removed]
        case UsePsk(psk_id):
            return ["psk", psk_id.psk_id.hex(), psk_id.nonce.hex()]
        case GroupContextExtensions(extensions):
            return ["extensions", _extensions(extensions)]
        case _:
            raise TsFailure(f"no way to ask for {type(proposal).__name__}")
