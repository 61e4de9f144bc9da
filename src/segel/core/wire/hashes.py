"""Names by hash: nodes, heads, inboxes, blobs, logs. Frozen; vectors/wire/hashes.json
(docs/protocol/delivery.md 2).
"""

from hashlib import sha256
from typing import Literal

ROW_COMMIT: Literal[1] = 1
ROW_MESSAGE: Literal[2] = 2


def log_id(server_key: bytes) -> bytes:
    """The 32-byte id of a server: SHA-256("segel log v1" || its 32-byte Ed25519 key)."""
    return sha256(b"segel log v1" + server_key).digest()


def root_node(group: bytes, epoch_key: bytes) -> bytes:
    """The 32-byte node of a group's first epoch."""
    return sha256(b"segel root v1" + group + epoch_key).digest()


def child_node(parent: bytes, commit_hash: bytes, child_key: bytes) -> bytes:
    """The 32-byte node of the epoch that a commit makes; `commit_hash` is SHA-256 of the
    commit's bytes.
    """
    return sha256(b"segel node v1" + parent + commit_hash + child_key).digest()


def first_head(group: bytes, root: bytes) -> bytes:
    """The head of a log with no row: position 0."""
    return sha256(b"segel first head v1" + group + root).digest()


def next_head(head: bytes, position: int, kind: Literal[1, 2], node: bytes, body: bytes) -> bytes:
    """The head after a row at `position` (the first is 1).

    `kind` is ROW_COMMIT or ROW_MESSAGE; `node` is the child that the commit makes, or the node of
    the message.
    """
    row = position.to_bytes(8, "big") + bytes([kind]) + node + sha256(body).digest()
    return sha256(b"segel head v1" + head + row).digest()


def inbox_id(key: bytes) -> bytes:
    """The 32-byte id of the inbox that `key`, an Ed25519 key of its own, reads."""
    return sha256(b"segel inbox v1" + key).digest()


def blob_name(capability: bytes) -> bytes:
    """The 32-byte name of the blob that the 32-byte read capability opens (blobs.md 1)."""
    return sha256(b"segel blob v1" + capability).digest()
