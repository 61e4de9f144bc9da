"""Argon2id (RFC 9106), for what a person remembers."""

from nacl import pwhash

SALT_SIZE = pwhash.argon2id.SALTBYTES
_PASSES, _MEMORY = 3, 64 * 1024 * 1024
"""RFC 9106 4, the second recommended option: 3 passes over 64 MiB; libsodium has one lane."""


def argon2id(passphrase: str, salt: bytes) -> bytes:
    """32 bytes of a passphrase, slowly; `salt` is SALT_SIZE random bytes."""
    return pwhash.argon2id.kdf(32, passphrase.encode(), salt, _PASSES, _MEMORY)
