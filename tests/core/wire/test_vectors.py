"""The committed vectors and the generated TypeScript are what this code makes; and what they hold
is true.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from segel.core.wire import answers, codec, hashes, schema, signing, typescript
from segel.testing import wire_vectors

ROOT = Path(__file__).parents[3]
DECODERS = {
    "request": codec.decode_request,
    "server": codec.decode_server,
    "call": codec.decode_call,
}


def load(name: str) -> Any:
    return json.loads((ROOT / f"vectors/wire/{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", wire_vectors.FILES)
def test_the_committed_vectors_are_current(name: str) -> None:
    committed = (ROOT / f"vectors/wire/{name}.json").read_text(encoding="utf-8")
    assert committed == wire_vectors.text(name), (
        "run: python -m segel.testing.wire_vectors vectors/wire"
    )


def test_the_committed_typescript_is_current() -> None:
    committed = (ROOT / "web/packages/wire/src/messages.ts").read_text(encoding="utf-8")
    assert committed == typescript.messages(), (
        "run: python -m segel.core.wire.typescript > messages.ts"
    )


def test_every_message_of_the_schema_has_a_vector() -> None:
    seen = {entry["value"]["type"] for entry in load("messages")["valid"]}
    seen |= {
        entry["value"]["result"]["type"]
        for entry in load("messages")["valid"]
        if "result" in entry["value"]
    }
    named = {
        cls.__struct_config__.tag for union in schema.UNIONS.values() for cls in union.__args__
    }
    assert named - seen == set()


def test_what_decodes_encodes_to_the_same_bytes() -> None:
    for entry in load("messages")["valid"]:
        data = bytes.fromhex(entry["bytes"])
        assert codec.encode(DECODERS[entry["decoder"]](data)) == data


def test_fields_of_a_later_version_are_ignored() -> None:
    for entry in load("messages")["later"]:
        message = codec.decode_request(bytes.fromhex(entry["bytes"]))
        assert wire_vectors._plain(message) == entry["value"]


def test_every_negative_is_malformed() -> None:
    refused = load("messages")["refused"]
    assert refused
    for entry in refused:
        with pytest.raises(codec.Malformed):
            DECODERS[entry["decoder"]](bytes.fromhex(entry["bytes"]))


def test_signatures_verify_and_their_negatives_do_not() -> None:
    for entry in load("signing"):
        signed = bytes.fromhex(entry["signed"])
        verify(entry, signed)
        for bad in entry["refused"]:
            with pytest.raises(InvalidSignature):
                verify(bad, signed)


def verify(entry: dict[str, str], signed: bytes) -> None:
    signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(entry["key"]))
    signer.verify(bytes.fromhex(entry["signature"]), signed)


def check_child(vector: dict[str, Any], child: answers.Child) -> None:
    """What a client does with a child (delivery.md 3); raises ValueError or InvalidSignature."""
    parent, group = bytes.fromhex(vector["parent"]), bytes.fromhex(vector["group"])
    commit_hash = sha256(child.commit).digest()
    if child.node != hashes.child_node(parent, commit_hash, child.epoch_key):
        raise ValueError("the node is not the hash")
    server_key = bytes.fromhex(vector["server_key"])
    signed = signing.receipt(
        hashes.log_id(server_key), group, child.receipt.position, child.receipt.head
    )
    Ed25519PublicKey.from_public_bytes(server_key).verify(child.receipt.signature, signed)


def test_the_list_of_children_is_frozen() -> None:
    vector = load("children")
    (child,) = msgspec.msgpack.decode(bytes.fromhex(vector["list"]), type=list[answers.Child])
    check_child(vector, child)
    previous = bytes.fromhex(vector["previous_head"])
    assert child.receipt.head == hashes.next_head(previous, 1, 1, child.node, child.commit)
    for entry in vector["refused"]:
        (bad,) = msgspec.msgpack.decode(bytes.fromhex(entry["list"]), type=list[answers.Child])
        with pytest.raises((ValueError, InvalidSignature)):
            check_child(vector, bad)
