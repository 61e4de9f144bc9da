"""The group's log as this client saw it, and what its server can be held to (delivery.md 2)."""

from hashlib import sha256
from typing import Literal

from segel.core.crypto.ed25519 import BadSignature, verify
from segel.core.meeting.place import Place
from segel.core.wire import signing
from segel.core.wire.answers import Child, Receipt, Row
from segel.core.wire.hashes import ROW_COMMIT, ROW_MESSAGE, child_node, log_id, next_head

REMEMBERED = 4096
"""How many heads back a member's message may refer."""


class LogAlarm(Exception):
    """Evidence against the server: it shows two histories, or held something back."""

    def __init__(self, kind: Literal["forked", "dropped"], detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


class Log:
    """The head chain from where this client joined. Each step is checked before it is taken."""

    def __init__(self, server_key: bytes, group: bytes, position: int, head: bytes) -> None:
        self.server_key = server_key
        self.position = position
        self.head = head
        self._log_id = log_id(server_key)
        self._group = group
        self._heads = {position: head}

    def place(self, node: bytes) -> Place:
        """What goes into the authenticated data of a message that is sealed now."""
        return Place(node, self.head, self.position)

    def take_row(self, node: bytes, row: Row) -> bool:
        """Takes the next message; False where it was taken before. Raises LogAlarm."""
        return self._take(ROW_MESSAGE, node, row.body, row.receipt)

    def take_child(self, parent: bytes, child: Child) -> bool:
        """Takes the commit that made a child; False where taken before. Raises LogAlarm."""
        if child_node(parent, sha256(child.commit).digest(), child.epoch_key) != child.node:
            raise LogAlarm("forked", "the next epoch is not named by what it is made of")
        return self._take(ROW_COMMIT, child.node, child.commit, child.receipt)

    def check_head(self, position: int, head: bytes) -> None:
        """Returns where a head that somebody names is ours. Raises LogAlarm."""
        if position > self.position:
            raise LogAlarm("dropped", f"row {position} was seen by others and not by us")
        known = self._heads.get(position)
        if known is not None and known != head:
            raise LogAlarm("forked", f"others were shown another history at row {position}")

    def _take(self, kind: Literal[1, 2], node: bytes, body: bytes, receipt: Receipt) -> bool:
        position, head = receipt.position, receipt.head
        if position > self.position + 1:
            raise LogAlarm("dropped", f"row {self.position + 1} is missing")
        signed = signing.receipt(self._log_id, self._group, position, head)
        try:
            verify(self.server_key, receipt.signature, signed)
        except BadSignature:
            raise LogAlarm("forked", f"no receipt of this server for row {position}") from None
        if position <= self.position:
            self.check_head(position, head)
            return False
        if next_head(self.head, position, kind, node, body) != head:
            raise LogAlarm("forked", f"the server signed another history at row {position}")
        self.position, self.head = position, head
        self._heads[position] = head
        self._heads.pop(position - REMEMBERED, None)
        return True
