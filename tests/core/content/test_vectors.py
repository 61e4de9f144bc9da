"""MIMI's examples, and the vectors of files, which the web client passes too."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from segel.core.cbor import Malformed
from segel.core.content.act import Give, compose, interpret
from segel.core.content.file_name import clean_file_name
from segel.core.content.file_reference import FileReference
from segel.core.content.mimi import decode_content, encode_content
from segel.core.content.sealed_file import BadFile, FileKey, FileOpener, FileSealer

VECTORS = Path(__file__).parents[3] / "vectors"
# What a hub says beside a message is in the draft's folder too, and is no content.
EXAMPLES = sorted(set((VECTORS / "mimi-content").glob("[!i]*.cbor")))
hexed = bytes.fromhex


def cases(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = json.loads((VECTORS / f"files/{name}.json").read_text())
    return read


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_drafts_examples_are_read(path: Path) -> None:
    data = path.read_bytes()
    assert encode_content(decode_content(data)) == data
    with pytest.raises(Malformed):
        decode_content(data + b"\0")


@pytest.mark.parametrize("case", cases("names"), ids=lambda case: ascii(case["name"])[:40])
def test_a_file_name_is_cleaned(case: dict[str, Any]) -> None:
    assert clean_file_name(case["name"]) == case["clean"]


@pytest.mark.parametrize("case", cases("messages"))
def test_a_message_names_a_file(case: dict[str, Any]) -> None:
    at = case["file"]
    capability, key, prefix, digest = (
        hexed(at[name]) for name in ("capability", "key", "prefix", "hash")
    )
    about = (at["name"], at["type"], at["expires"])
    act = Give(FileReference(capability, key, prefix, at["size"], digest, *about))
    assert encode_content(compose(act, hexed(case["salt"]))).hex() == case["content"]
    assert interpret(decode_content(hexed(case["content"]))) == act


def content_of(size: int) -> bytes:
    """The vectors' content: byte i is (i + i // 256) mod 256."""
    block = bytes((i + i // 256) % 256 for i in range(65536))
    return (block * (size // 65536 + 1))[:size]


@pytest.mark.parametrize("case", cases("sealed"), ids=lambda case: str(case["size"]))
def test_a_file_is_sealed_and_opened(case: dict[str, Any]) -> None:
    key, content = FileKey(hexed(case["key"]), hexed(case["prefix"])), content_of(case["size"])
    sealer, chunks, at = FileSealer(case["size"], key), [], 0
    while sealer.wants:
        taken = sealer.takes
        chunks.append(sealer.seal(content[at : at + taken]))
        at += taken
    assert (at, len(chunks)) == (case["size"], case["chunks"])
    assert sealer.sealed == sum(map(len, chunks)) == case["sealed_size"]
    assert sha256(b"".join(chunks)).hexdigest() == case["blob_sha256"]
    assert sealer.hash.hex() == case["hash"]
    opener = FileOpener(case["size"], key)
    assert b"".join(map(opener.open, chunks)) == content
    opener.finish(hexed(case["hash"]))
    with pytest.raises(BadFile):
        opener.finish(bytes(32))


def test_chunks_in_another_order_changed_or_cut_off_do_not_open() -> None:
    key = FileKey(bytes(32), bytes(7))
    content = content_of(2 * 2**20)
    sealer = FileSealer(len(content), key)
    first = sealer.seal(content[: sealer.takes])
    second = sealer.seal(content[len(first) - 16 : len(first) - 16 + sealer.takes])
    for wrong in (second, first[:-1], bytes([first[0] ^ 1]) + first[1:]):
        with pytest.raises(BadFile):
            FileOpener(len(content), key).open(wrong)
    opener = FileOpener(len(content), key)
    opener.open(first)
    with pytest.raises(BadFile):
        opener.finish(sealer.hash)
