"""The digits that people read to each other (meeting.md 11)."""

from segel.core.crypto.scrypt import scrypt

GROUPS = 6


def code(authenticator: bytes) -> list[str]:
    """Six groups of five digits of an epoch authenticator; slow on purpose."""
    key = scrypt(authenticator, b"segel code v1", 32, 2**15)
    groups = (key[5 * index : 5 * index + 5] for index in range(GROUPS))
    return [f"{int.from_bytes(group) % 100_000:05}" for group in groups]
