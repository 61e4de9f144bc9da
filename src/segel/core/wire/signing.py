"""The exact bytes that signatures cover; every one begins with its own label
(docs/protocol/wire.md 3).

Fields are of fixed length except where a hash stands for them, so no two messages share their
bytes.
"""

from hashlib import sha256

MAX_EXPIRY = 120
"""Seconds: how far ahead a request's expiry may lie, and so how long a server keeps nonces."""


def connection(log_id: bytes, challenge: bytes, group: bytes, node: bytes) -> bytes:
    """What an epoch key signs to `Enter` its node on one connection."""
    return b"segel connection v1" + log_id + challenge + group + node


def inbox(log_id: bytes, challenge: bytes, inbox_id: bytes) -> bytes:
    """What an inbox's key signs to open it on one connection."""
    return b"segel open inbox v1" + log_id + challenge + inbox_id


def request(
    log_id: bytes, group: bytes, node: bytes, nonce: bytes, expiry: int, body: bytes
) -> bytes:
    """What an epoch key signs to authorise one request; the method is the first element of
    `body`.
    """
    when = expiry.to_bytes(8, "big")
    return b"segel request v1" + log_id + group + node + sha256(body).digest() + nonce + when


def opening(alias: bytes, generation: int, group: bytes, epoch_key: bytes, ttl_days: int) -> bytes:
    """What the opener key signs to open a generation. No server is named: a meeting may move to
    another.
    """
    numbers = generation.to_bytes(4, "big") + ttl_days.to_bytes(2, "big")
    return b"segel opening v1" + alias + group + epoch_key + numbers


def receipt(log_id: bytes, group: bytes, position: int, head: bytes) -> bytes:
    """What a server signs for each row that it made durable."""
    return b"segel receipt v1" + log_id + group + position.to_bytes(8, "big") + head
