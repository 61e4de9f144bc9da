"""Message authentication codes."""

from cryptography.hazmat.primitives import constant_time, hashes, hmac


def hmac_sha1(key: bytes, *parts: bytes) -> bytes:
    """The 20 bytes of HMAC-SHA1 over the parts joined.

    SHA-1 because STUN (RFC 8489 section 14.5) and SRTP's default profile ask for it.
    """
    return hmac_of(hashes.SHA1(), key, *parts)  # noqa: S303 - the protocol's choice, sound as a MAC


def hmac_sha256(key: bytes, *parts: bytes) -> bytes:
    """The 32 bytes of HMAC-SHA256 over the parts joined."""
    return hmac_of(hashes.SHA256(), key, *parts)


def hmac_of(algorithm: hashes.HashAlgorithm, key: bytes, *parts: bytes) -> bytes:
    """The HMAC of the parts joined, as long as the algorithm's hash."""
    mac = hmac.HMAC(key, algorithm)
    for part in parts:
        mac.update(part)
    return mac.finalize()


def equal(left: bytes, right: bytes) -> bool:
    """Whether two codes are the same, in a time that does not tell where they differ."""
    return constant_time.bytes_eq(left, right)
