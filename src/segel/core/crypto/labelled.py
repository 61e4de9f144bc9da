"""HPKE's labelled key derivation (RFC 9180 section 4)."""

from segel.core.crypto.kdf import Hash, hkdf_expand, hkdf_extract

_VERSION = b"HPKE-v1"


def labelled_extract(hash_name: Hash, suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    """LabeledExtract: a pseudorandom key of the hash's size; `suite` is the suite_id."""
    return hkdf_extract(hash_name, salt, _VERSION + suite + label + ikm)


def labelled_expand(
    hash_name: Hash, suite: bytes, prk: bytes, label: bytes, info: bytes, size: int
) -> bytes:
    """LabeledExpand: `size` bytes."""
    return hkdf_expand(hash_name, prk, size.to_bytes(2) + _VERSION + suite + label + info, size)
