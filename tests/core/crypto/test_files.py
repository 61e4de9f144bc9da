"""Sealed files, by docs/protocol/files.md alone: another implementation than the web client's."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from segel.core.wire.hashes import blob_name

VECTORS = Path(__file__).parents[3] / "vectors/files"
CHUNK, TAG = 2**20, 16
SEALED: list[dict[str, Any]] = json.loads((VECTORS / "sealed.json").read_text())


def padme(length: int) -> int:
    """The least Padmé size that holds `length` bytes."""
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    unit = 1 << (exponent - exponent.bit_length())
    return -(-length // unit) * unit


def sealed_size(size: int) -> int:
    """Bytes of the blob of a file (files.md 2)."""
    return padme(size + TAG * max(1, -(-size // (CHUNK - TAG))))


def content_of(size: int) -> bytes:
    """The vectors' content: byte i is (i + i // 256) mod 256."""
    block = bytes((i + i // 256) % 256 for i in range(65536))
    return (block * (size // 65536 + 1))[:size]


def nonce(prefix: bytes, index: int, last: bool) -> bytes:
    return prefix + index.to_bytes(4, "big") + bytes([last])


def seal(content: bytes, key: bytes, prefix: bytes) -> list[bytes]:
    """The sealed chunks of a file."""
    total = sealed_size(len(content))
    count = -(-total // CHUNK)
    padded = content + bytes(total - TAG * count - len(content))
    step = CHUNK - TAG
    return [
        AESGCM(key).encrypt(
            nonce(prefix, i, i == count - 1), padded[i * step : (i + 1) * step], None
        )
        for i in range(count)
    ]


def blob_hash(chunks: list[bytes]) -> bytes:
    """What the message says about the blob (files.md 2)."""
    return hashlib.sha256(b"".join(hashlib.sha256(chunk).digest() for chunk in chunks)).digest()


@pytest.mark.parametrize("vector", SEALED, ids=lambda vector: str(vector["size"]))
def test_vectors(vector: dict[str, Any]) -> None:
    chunks = seal(
        content_of(vector["size"]), bytes.fromhex(vector["key"]), bytes.fromhex(vector["prefix"])
    )
    blob = b"".join(chunks)
    assert len(blob) == vector["sealed_size"] == sealed_size(vector["size"])
    assert hashlib.sha256(blob).hexdigest() == vector["blob_sha256"]
    assert blob_hash(chunks).hex() == vector["hash"]
    assert blob[:64].hex() == vector["begins"]
    assert blob_name(bytes.fromhex(vector["capability"])).hex() == vector["name"]


@pytest.mark.parametrize("vector", SEALED, ids=lambda vector: str(vector["size"]))
def test_opens(vector: dict[str, Any]) -> None:
    key, prefix = bytes.fromhex(vector["key"]), bytes.fromhex(vector["prefix"])
    content = content_of(vector["size"])
    chunks = seal(content, key, prefix)
    last = len(chunks) - 1
    opened = b"".join(
        AESGCM(key).decrypt(nonce(prefix, i, i == last), chunk, None)
        for i, chunk in enumerate(chunks)
    )
    assert opened[: vector["size"]] == content
    assert not any(opened[vector["size"] :])


def test_no_chunk_opens_in_another_place_or_as_an_end() -> None:
    key, prefix = bytes(range(32)), bytes(7)
    first, *_ = seal(content_of(CHUNK + 1), key, prefix)
    for index, last in ((1, False), (0, True)):
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(nonce(prefix, index, last), first, None)
